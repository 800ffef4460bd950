// Pattern, subject and replacement, with NUL between them. Within the match limit there is an answer of some kind, and
// what matches at the start is also found.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "pattern/pattern.hpp"

namespace base = tocsin::base;
namespace pattern = tocsin::pattern;

namespace {

constexpr std::uint64_t limit = 10'000;

void demand(bool condition) {
  if (!condition) std::abort();
}

std::string take(std::string_view& bytes) {
  const std::size_t end = bytes.find('\0');
  const std::string part = base::repaired_utf8(bytes.substr(0, end));
  bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
  return part;
}

void try_dialect(pattern::Dialect dialect, std::string_view source, std::string_view subject,
                 std::string_view replacement) {
  const auto compiled = pattern::Pattern::compile(source, dialect);
  if (!compiled) return;
  const pattern::Outcome at_start = compiled->match(subject, limit);
  const pattern::Outcome anywhere = compiled->search(subject, limit);
  if (at_start == pattern::Outcome::match) demand(anywhere != pattern::Outcome::no_match);
  std::string out;
  const base::Status replaced = compiled->replace_all(subject, replacement, out, limit);
  if (replaced) demand(!base::first_bad_utf8(out));
  if (replaced && anywhere == pattern::Outcome::no_match) demand(out == subject);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::string source = take(bytes);
  const std::string subject = take(bytes);
  const std::string replacement = take(bytes);
  try_dialect(pattern::Dialect::python_re, source, subject, replacement);
  try_dialect(pattern::Dialect::python_regex, source, subject, replacement);
  return 0;
}
