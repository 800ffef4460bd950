#include "jinja/excerpt.hpp"

#include <doctest/doctest.h>

using namespace tocsin;
using jinja::excerpt_of;

namespace {

jinja::Error at(int line, int column) {
  return {jinja::ErrorKind::syntax, "message", line, column, {}};
}

std::string both(std::string_view source, const jinja::Error& error, std::size_t width = 120) {
  const auto excerpt = excerpt_of(source, error, width);
  return excerpt ? excerpt->line + "\n" + excerpt->caret : "nothing";
}

}  // namespace

TEST_CASE("the line and a mark below the place") {
  CHECK(both("one\ntwo {{ x }}\nthree", at(2, 8)) == "two {{ x }}\n       ^");
  CHECK(both("äöü{{", at(1, 4)) == "äöü{{\n   ^");
  CHECK(both("\t\tx\r\n", at(1, 3)) == "\t\tx\n\t\t^");
  CHECK(both("abc", at(1, 0)) == "abc\n");
  CHECK(both("abc", at(1, 99)) == "abc\n   ^");
}

TEST_CASE("no line, no excerpt") {
  CHECK(both("abc", at(0, 0)) == "nothing");
  CHECK(both("abc\n\n", at(2, 1)) == "nothing");
  CHECK(both("abc", at(7, 1)) == "nothing");
}

TEST_CASE("a long line is cut around the place") {
  const std::string line = std::string(50, 'a') + "X" + std::string(50, 'b');
  CHECK(both(line, at(1, 51), 12) == "…aaaaaaaaXbbb…\n         ^");
  CHECK(both(line, at(1, 1), 12) == "aaaaaaaaaaaa…\n^");
  CHECK(both(line, at(1, 101), 12) == "…bbbbbbbbbbbb\n            ^");
}
