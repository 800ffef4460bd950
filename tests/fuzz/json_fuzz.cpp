// Any bytes as JSON: what is read must be written and read again to the same, and the lenient dialect must take all
// that the strict one takes.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "value/json.hpp"

namespace value = tocsin::value;

namespace {

void demand(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto lenient = value::read_json(text, {.dialect = value::Dialect::python});
  const auto strict = value::read_json(text);
  if (!strict) return 0;
  demand(lenient.ok());
  const std::string written = value::to_json(strict->root());
  demand(written == value::to_json(lenient->root()));
  const auto again = value::read_json(written);
  demand(again.ok());
  demand(value::to_json(again->root()) == written);
  return 0;
}
