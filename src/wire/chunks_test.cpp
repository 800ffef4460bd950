#include "wire/client_for_tests.hpp"
#include "wire/head.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

namespace tocsin::wire {
namespace {

using State = ChunkReader::State;

struct Outcome {
  State state;
  std::string body;
  std::string rest;
};

/// Reads the text in pieces of this size.
Outcome read(std::string_view text, std::size_t piece, std::size_t limit = 1000) {
  ChunkReader reader(limit);
  Outcome outcome{State::more, {}, {}};
  while (!text.empty() && outcome.state == State::more) {
    std::string_view part = text.substr(0, piece);
    text.remove_prefix(part.size());
    outcome.state = reader.take(part, outcome.body);
    outcome.rest = std::string(part) + std::string(text);
  }
  return outcome;
}

TEST_CASE("chunks are joined, however they were cut") {
  const std::string_view text = "5\r\nhello\r\n1 ;name=\"v\"\r\n \r\n0005\r\nworld\r\n0\r\nX-Trailer: 1\r\n\r\nGET /";
  for (std::size_t piece = 1; piece <= text.size(); ++piece) {
    const Outcome outcome = read(text, piece);
    CHECK(outcome.state == State::done);
    CHECK(outcome.body == "hello world");
    CHECK(outcome.rest == "GET /");
  }
}

TEST_CASE("what is no chunk is refused") {
  for (const char* text : {"x\r\n", "\r\n", "-1\r\n", "0x5\r\nhello\r\n", " 5\r\nhello\r\n", "5\nhello\r\n",
                           "5\r\nhello!\r\n", "5\r\nhelloX\r\n", "5\r\r\nhello", "5\r\nhello\n", "5,5\r\nhello\r\n"}) {
    CAPTURE(text);
    CHECK(read(text, 1).state == State::bad);
    CHECK(read(text, 100).state == State::bad);
  }
}

TEST_CASE("lines and trailers have limits") {
  CHECK(read("5;" + std::string(5000, 'x'), 100).state == State::bad);
  std::string trailers = "0\r\n";
  for (int n = 0; n < 1000; ++n) trailers += "A: 123456789\r\n";
  CHECK(read(trailers, 100).state == State::bad);
}

TEST_CASE("content over the limit is refused before it comes") {
  CHECK(read("3e8\r\n", 100).state == State::more);
  CHECK(read("3e9\r\n", 100).state == State::too_large);
  CHECK(read("ffffffffffffffff\r\n", 100).state == State::too_large);
  CHECK(read("fffffffffffffffff\r\n", 100).state == State::too_large);
  CHECK(read("5\r\nhello\r\n3e4\r\n", 100).state == State::too_large);
}

TEST_CASE("whatever is sent in chunks comes out") {
  CHECK(rc::check("chunks are undone", [](const std::string& body) {
    const std::size_t chunk = *rc::gen::inRange<std::size_t>(1, 40);
    const std::size_t piece = *rc::gen::inRange<std::size_t>(1, 40);
    const std::string text = chunked_post(body, chunk);
    const Outcome outcome = read(std::string_view(text).substr(text.find("\r\n\r\n") + 4), piece);
    RC_ASSERT(outcome.state == State::done);
    RC_ASSERT(outcome.body == body);
    RC_ASSERT(outcome.rest.empty());
  }));
}

}  // namespace
}  // namespace tocsin::wire
