#include "server/http_post.hpp"

#include <doctest/doctest.h>

namespace tocsin::server {
namespace {

TEST_CASE("an answer is taken apart") {
  const auto answer =
      read_answer("HTTP/1.1 200 OK\r\nX-Tocsin-Receipt: A1,A2\r\nContent-Type:application/json\r\n\r\n\"Ok.\"");
  REQUIRE(answer.has_value());
  CHECK(answer->status == 200);
  CHECK(answer->headers.at("x-tocsin-receipt") == "A1,A2");
  CHECK(answer->headers.at("content-type") == "application/json");
  CHECK(answer->body == "\"Ok.\"");
  CHECK(read_answer("HTTP/1.1 204 No Content\r\n\r\n")->body.empty());
}

TEST_CASE("what is no whole answer is nothing") {
  for (const char* text : {"", "HTTP/1.1 200 OK\r\n", "SSH-2.0-OpenSSH\r\n\r\n", "HTTP/1.1 2x0 OK\r\n\r\n",
                           "HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\nno colon\r\n\r\n"}) {
    CAPTURE(text);
    CHECK_FALSE(read_answer(text).has_value());
  }
}

TEST_CASE("a URL that can't be posted to is told") {
  CHECK(http_post("ftp://example.org", "").error().kind == base::ErrorKind::invalid);
  CHECK(http_post("http://", "").error().kind == base::ErrorKind::invalid);
  CHECK(http_post("https://example.org/", "").error().kind == base::ErrorKind::unsupported);
  // Port 1 of this machine: nobody listens there.
  CHECK(http_post("http://127.0.0.1:1/", "{}").error().kind == base::ErrorKind::unavailable);
}

}  // namespace
}  // namespace tocsin::server
