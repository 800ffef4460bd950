#include "base/id.hpp"

#include <doctest/doctest.h>

#include <map>
#include <random>
#include <set>

#include "base/shared_text.hpp"
#include "base/text.hpp"

using namespace tocsin;

namespace {

struct ThingKind {
  static constexpr std::string_view prefix = "T";
};

base::RandomBytes seeded() {
  return [engine = std::mt19937(7)](unsigned char* out, std::size_t size) mutable {
    for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<unsigned char>(engine());
  };
}

}  // namespace

TEST_CASE("ids of a source have the shape of all ids, are distinct, and lie side by side") {
  base::IdSource source(seeded());
  std::set<std::string> seen;
  std::map<std::string, int> neighbours;
  for (int i = 0; i < 6400; ++i) {
    const std::string id = source.next<ThingKind>().text();
    REQUIRE(id.size() == 13);
    REQUIRE(id.front() == 'T');
    REQUIRE(id.find_first_not_of(base::id_alphabet, 1) == std::string::npos);
    seen.insert(id);
    ++neighbours[id.substr(0, 5)];
  }
  CHECK(seen.size() == 6400);
  CHECK(neighbours.size() == 100);
}

TEST_CASE("a shared text is one text, and empty when it was given nothing") {
  const base::SharedText nothing;
  CHECK(nothing == "");
  const base::SharedText text(std::string(100, 'x'));
  const base::SharedText copy = text;
  CHECK(copy == std::string(100, 'x'));
  CHECK(copy.view().data() == text.view().data());
}

TEST_CASE("JSON strings escape what must be, wherever it stands") {
  CHECK(base::json_quoted("") == R"("")");
  CHECK(base::json_quoted("plain, ünïcode") == "\"plain, ünïcode\"");
  CHECK(base::json_quoted("\"a\\b\"") == R"("\"a\\b\"")");
  CHECK(base::json_quoted(std::string_view("\n\0end", 5)) == R"("\n\u0000end")");
  CHECK(base::json_quoted("a\xff") == "\"a\xEF\xBF\xBD\"");
}
