#include "wire/client_for_tests.hpp"
#include "wire/head.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

namespace tocsin::wire {
namespace {

enum Window { zlib_wrapped = 15, raw = -15, gzip = 31 };

int status_of(std::string_view coding, std::string body, std::size_t limit = 1000) {
  const auto refusal = decompress(coding, body, limit);
  return refusal ? refusal->status : 0;
}

TEST_CASE("each coding is undone") {
  CHECK(rc::check("compressed bodies come out plain", [](const std::string& plain) {
    const std::pair<const char*, Window> codings[] = {
        {"gzip", gzip}, {"X-GZip", gzip}, {"deflate", zlib_wrapped}, {" Deflate ", raw}};
    for (const auto& [coding, window] : codings) {
      std::string body = compressed(plain, window);
      RC_ASSERT(!decompress(coding, body, plain.size()));
      RC_ASSERT(body == plain);
    }
  }));
}

TEST_CASE("gzip of several members is one body") {
  std::string body = compressed("hello ", gzip) + compressed("world", gzip);
  CHECK_FALSE(decompress("gzip", body, 1000));
  CHECK(body == "hello world");
}

TEST_CASE("identity changes nothing, other codings are refused") {
  CHECK(status_of("identity", "x") == 0);
  CHECK(status_of("", "x") == 0);
  CHECK(status_of("br", "x") == 415);
  CHECK(status_of("gzip, gzip", "x") == 415);
}

TEST_CASE("broken data is refused") {
  const std::string whole = compressed("hello world, hello world", gzip);
  CHECK(status_of("gzip", whole) == 0);
  for (std::size_t size = 1; size < whole.size(); ++size) CHECK(status_of("gzip", whole.substr(0, size)) == 400);
  CHECK(status_of("gzip", "not gzip") == 400);
  CHECK(status_of("deflate", "not deflate") == 400);
  CHECK(status_of("gzip", whole + "garbage") == 400);
  std::string flipped = whole;
  flipped[flipped.size() - 6] = static_cast<char>(flipped[flipped.size() - 6] ^ 1);
  CHECK(status_of("gzip", flipped) == 400);
}

TEST_CASE("the limit holds for what comes out") {
  const std::string bomb = compressed(std::string(1'000'000, 'x'), gzip);
  CHECK(bomb.size() < 2000);
  CHECK(status_of("gzip", bomb, 999'999) == 413);
  CHECK(status_of("gzip", bomb, 1'000'000) == 0);
  CHECK(status_of("deflate", compressed(std::string(2000, 'x'), raw), 1999) == 413);
}

TEST_CASE("a request loses its Content-Encoding") {
  Request request;
  request.headers = {{"a", "b"}, {"content-encoding", "gzip"}, {"c", "d"}};
  request.body = compressed("plain", gzip);
  CHECK_FALSE(undo_coding(request, 1000));
  CHECK(request.body == "plain");
  CHECK(request.headers.size() == 2);
  CHECK(request.header("content-encoding").empty());
  request.headers = {{"content-encoding", "gzip"}, {"content-encoding", "gzip"}};
  CHECK(undo_coding(request, 1000)->status == 415);
}

}  // namespace
}  // namespace tocsin::wire
