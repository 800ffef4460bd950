#include "jinja/machine.hpp"

#include "base/result.hpp"
#include "jinja/draft.hpp"

namespace tocsin::jinja {
namespace {

/// Patterns made from data would otherwise pile up.
constexpr std::size_t most_patterns = 256;

}  // namespace

Machine::Machine(const Parts& parts, const Template::Program& program, Value* scope)
    : Evaluation(parts.arena, parts.now, parts.budget),
      program_(program),
      patterns_(parts.patterns),
      out_(parts.out),
      scope_(scope),
      stack_base_(static_cast<const char*>(__builtin_frame_address(0))) {}

Draft::Draft(Evaluation& evaluation) : text_(static_cast<Machine&>(evaluation).output()), start_(text_.size()) {}

const pattern::Pattern& Machine::pattern_of(std::string_view source, pattern::Dialect dialect) {
  std::string key(1, dialect == pattern::Dialect::python_re ? 'r' : 'x');
  key += source;
  const auto found = patterns_.find(key);
  if (found != patterns_.end()) return found->second;
  charge(1 + source.size());
  auto compiled = pattern::Pattern::compile(source, dialect);
  if (!compiled.ok()) fail(ErrorKind::regex, compiled.error().message);
  if (patterns_.size() >= most_patterns) patterns_.clear();
  return patterns_.emplace(std::move(key), std::move(compiled).value()).first->second;
}

}  // namespace tocsin::jinja
