// Any text as a template: it compiles, or is refused with a place inside of it, twice the same. What compiles is also
// checked over a sample; that may find anything, but must end.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <variant>

#include "base/text.hpp"
#include "jinja/check.hpp"
#include "jinja/excerpt.hpp"
#include "jinja/template.hpp"
#include "value/json.hpp"

namespace base = tocsin::base;
namespace jinja = tocsin::jinja;
namespace value = tocsin::value;

namespace {

constexpr jinja::Budget budget{
    .steps = 5'000, .output_bytes = 1u << 16, .memory_bytes = 4u << 20, .depth = 60, .regex_matches = 2'000};

void demand(bool condition) {
  if (!condition) std::abort();
}

void check_place(std::string_view source, const jinja::Error& error) {
  demand(!error.message.empty() && !base::first_bad_utf8(error.message));
  const auto lines =
      1 + std::count(source.begin(), source.end(), '\n') + std::count(source.begin(), source.end(), '\r');
  demand(error.line >= 0 && error.line <= lines);
  demand(error.column >= 0 && error.column <= static_cast<int>(source.size()) + 1);
  if (const auto excerpt = jinja::excerpt_of(source, error)) demand(!base::first_bad_utf8(excerpt->line));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string source = base::repaired_utf8({reinterpret_cast<const char*>(data), size});
  const auto compiled = jinja::Template::compile(source, budget);
  const auto again = jinja::Template::compile(source, budget);
  demand(compiled.index() == again.index());
  if (const auto* error = std::get_if<jinja::Error>(&compiled)) {
    check_place(source, *error);
    demand(error->message == std::get<jinja::Error>(again).message);
    return 0;
  }
  demand(std::get<jinja::Template>(compiled).source() == source);
  static const auto sample = value::read_json(R"({"a": {"b": [1, "x", null]}, "title": "Disk", "n": 1.5})");
  const jinja::Surroundings surroundings{{"payload", "labels"}, {{"payload", sample->root()}}, {}};
  for (const jinja::Finding& each : jinja::check(source, surroundings, budget)) check_place(source, each.error);
  return 0;
}
