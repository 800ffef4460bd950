// A template and, after a NUL, the JSON of its payload. Whatever it is, a rendering ends within its budget, leaves the
// payload as it was, and gives the same again, in the same renderer and in another.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/text.hpp"
#include "jinja/template.hpp"
#include "value/json.hpp"

namespace base = tocsin::base;
namespace clock_room = tocsin::clock;
namespace jinja = tocsin::jinja;
namespace value = tocsin::value;

namespace {

constexpr jinja::Budget budget{
    .steps = 20'000, .output_bytes = 1u << 18, .memory_bytes = 8u << 20, .depth = 60, .regex_matches = 5'000};

void demand(bool condition) {
  if (!condition) std::abort();
}

/// What a rendering gives, as one text.
std::string told(const std::optional<jinja::Error>& error, const std::string& text) {
  return error ? std::string(jinja::name_of(error->kind)) + ": " + error->message : text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::size_t end = bytes.find('\0');
  const std::string source = base::repaired_utf8(bytes.substr(0, end));
  const auto compiled = jinja::Template::compile(source, budget);
  if (std::holds_alternative<jinja::Error>(compiled)) return 0;
  const auto payload = value::read_json(end == std::string_view::npos ? "{\"a\":[1,\"x\"]}" : bytes.substr(end + 1));
  if (!payload) return 0;
  const std::string before = value::to_json(payload->root());
  const jinja::Variable scope[] = {{"payload", payload->root()}};
  const auto now = clock_room::Instant::from_seconds(1'715'938'867);

  jinja::Renderer renderer;
  std::string results[2];
  // `random` draws anew each time.
  const bool repeatable = source.find("random") == std::string::npos && source.find("lipsum") == std::string::npos;
  for (std::string& result : results) {
    std::string text;
    const auto error = renderer.render(std::get<jinja::Template>(compiled), scope, now, budget, text);
    demand(error || !base::first_bad_utf8(text));
    result = told(error, text);
  }
  demand(!repeatable || results[0] == results[1]);
  demand(value::to_json(payload->root()) == before);
  return 0;
}
