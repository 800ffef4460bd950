#include "wire/head.hpp"

#include <doctest/doctest.h>

namespace tocsin::wire {
namespace {

struct Parsed {
  std::optional<Refusal> refusal;
  Request request;
  Framing framing;
  int status() const { return refusal ? refusal->status : 0; }
};

Parsed parse(std::string_view head) {
  Parsed parsed;
  parsed.refusal = parse_head(head, parsed.request, parsed.framing);
  return parsed;
}

Parsed parse_fields(std::string_view fields) {
  return parse("POST / HTTP/1.1\r\nHost: a\r\n" + std::string(fields) + "\r\n");
}

TEST_CASE("a head is taken apart") {
  const Parsed parsed = parse(
      "POST /a%20b?x=1?y HTTP/1.1\r\nHost: h:8080\r\nContent-Length: 12\r\nX-Thing:  two words \r\nEmpty:\r\n\r\n");
  CHECK_FALSE(parsed.refusal);
  CHECK(parsed.request.method == "POST");
  CHECK(parsed.request.target == "/a%20b?x=1?y");
  CHECK(parsed.request.path == "/a%20b");
  CHECK(parsed.request.query == "x=1?y");
  CHECK(parsed.request.host == "h:8080");
  CHECK(parsed.request.header("x-thing") == "two words");
  CHECK(parsed.request.header("empty").empty());
  CHECK(parsed.request.headers.size() == 4);
  CHECK(parsed.framing.body == Framing::Body::length);
  CHECK(parsed.framing.length == 12);
  CHECK(parsed.framing.keep_alive);
}

TEST_CASE("the end of a head is found wherever the bytes were cut") {
  const std::string head = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  const std::string bytes = head + "rest";
  for (std::size_t cut = 0; cut < head.size(); ++cut) {
    CHECK_FALSE(head_end(std::string_view(bytes).substr(0, cut)));
    CHECK(head_end(bytes, cut) == head.size());
  }
  CHECK(head_end("GET / HTTP/1.1\nHost: a\n\nrest") == 24);
}

TEST_CASE("targets in absolute form lose scheme and authority") {
  CHECK(parse("GET http://x.test/p?q HTTP/1.1\r\nHost: a\r\n\r\n").request.path == "/p");
  CHECK(parse("GET HTTPS://x.test HTTP/1.1\r\nHost: a\r\n\r\n").request.path == "/");
  CHECK(parse("GET http://x.test?q HTTP/1.1\r\nHost: a\r\n\r\n").request.query == "q");
  CHECK(parse("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n").request.path == "*");
  CHECK(parse("GET /p#part HTTP/1.1\r\nHost: a\r\n\r\n").request.path == "/p");
}

TEST_CASE("malformed request lines are refused") {
  const std::pair<const char*, int> lines[] = {
      {"", 400},
      {"GET", 400},
      {"GET /", 400},
      {"GET  HTTP/1.1", 400},
      {"GET /a b HTTP/1.1", 400},
      {"G(T / HTTP/1.1", 400},
      {"GET /\x01 HTTP/1.1", 400},
      {"GET / http/1.1", 400},
      {"GET / HTTP/1.10", 400},
      {"GET / HTTP/2.0", 505},
      {"GET / HTTP/0.9", 505},
      {"GET a HTTP/1.1", 400},
      {"CONNECT a.test:443 HTTP/1.1", 400},
      {"GET ftp://a.test/ HTTP/1.1", 400},
  };
  for (const auto& [line, status] : lines) {
    CAPTURE(line);
    CHECK(parse(std::string(line) + "\r\nHost: a\r\n\r\n").status() == status);
  }
  CHECK(parse("GET /" + std::string(target_limit, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n").status() == 414);
}

TEST_CASE("malformed header fields are refused") {
  const std::pair<const char*, int> fields[] = {
      {"No colon\r\n", 400},
      {"Bad name: x\r\n", 400},
      {"Space : x\r\n", 400},
      {": x\r\n", 400},
      {"A: x\r\n folded\r\n", 400},
      {"A: x\x01y\r\n", 400},
      {"A: x\ry\r\n", 400},
      {"Host: second\r\n", 400},
      {"Content-Length: \r\n", 400},
      {"Content-Length: -1\r\n", 400},
      {"Content-Length: +1\r\n", 400},
      {"Content-Length: 1x\r\n", 400},
      {"Content-Length: 1, 1\r\n", 400},
      {"Content-Length: 99999999999999999999999\r\n", 400},
      {"Content-Length: 1\r\nContent-Length: 2\r\n", 400},
      {"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n", 400},
      {"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", 400},
      {"Transfer-Encoding: gzip, chunked\r\n", 501},
      {"Transfer-Encoding: identity\r\n", 501},
      {"Expect: something\r\n", 417},
  };
  for (const auto& [text, status] : fields) {
    CAPTURE(text);
    CHECK(parse_fields(text).status() == status);
  }
  CHECK(parse(std::string_view("GET / HTTP/1.1\r\nHost: a\r\nA: x\0y\r\n\r\n", 36)).status() == 400);
  std::string many;
  for (int n = 0; n < 200; ++n) many += "A: b\r\n";
  CHECK(parse_fields(many).status() == 431);
}

TEST_CASE("hosts") {
  CHECK(parse("GET / HTTP/1.1\r\n\r\n").status() == 400);
  CHECK(parse("GET / HTTP/1.0\r\n\r\n").status() == 0);
  CHECK(parse("GET / HTTP/1.1\r\nHost: a b\r\n\r\n").status() == 400);
  CHECK(parse("GET / HTTP/1.1\r\nHost: user@a\r\n\r\n").status() == 400);
  CHECK(parse("GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n").request.host == "[::1]:80");
}

TEST_CASE("framing and connection options") {
  CHECK(parse_fields("Transfer-Encoding: Chunked\r\n").framing.body == Framing::Body::chunked);
  CHECK(parse_fields("Content-Length: 0\r\n").framing.body == Framing::Body::none);
  CHECK(parse_fields("Content-Length: 7\r\nContent-Length: 7\r\n").framing.length == 7);
  CHECK(parse_fields("Expect: 100-Continue\r\n").framing.expects_continue);
  CHECK_FALSE(parse_fields("Connection: x, Close\r\n").framing.keep_alive);
  CHECK_FALSE(parse("GET / HTTP/1.0\r\n\r\n").framing.keep_alive);
  CHECK(parse("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n").framing.keep_alive);
  CHECK(parse("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n").status() == 400);
}

TEST_CASE("the first byte tells another protocol") {
  CHECK_FALSE(look_at_first_byte('G'));
  CHECK(look_at_first_byte(0x16)->detail.find("https") != std::string::npos);
  CHECK(look_at_first_byte('{')->status == 400);
  CHECK(look_at_first_byte('\0')->status == 400);
}

std::string head_of(const Response& response, const Framing& framing, AnswerFraming answer) {
  std::string out;
  append_response_head(out, response, framing, answer);
  return out;
}

TEST_CASE("a response head has what the connection needs") {
  const Response response{200, "text/plain", "hello", {{"X-A", "b"}}};
  Framing framing;
  std::string head = head_of(response, framing, {AnswerFraming::Body::length, 5});
  CHECK(head.starts_with("HTTP/1.1 200 OK\r\nDate: "));
  CHECK(head.ends_with("GMT\r\nContent-Type: text/plain\r\nX-A: b\r\nContent-Length: 5\r\n\r\n"));
  framing.keep_alive = false;
  head = head_of(response, framing, {AnswerFraming::Body::chunked, 0});
  CHECK(head.find("Content-Length") == std::string::npos);
  CHECK(head.ends_with("Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"));
  framing = {};
  framing.http_1_0 = true;
  CHECK(head_of(response, framing, {AnswerFraming::Body::length, 5}).ends_with("Connection: keep-alive\r\n\r\n"));
}

TEST_CASE("answers without a body have no length") {
  for (const int status : {204, 304}) {
    const std::string head = head_of({status, "", "", {}}, {}, {AnswerFraming::Body::length, 0});
    CHECK(head.find("Content-") == std::string::npos);
  }
}

TEST_CASE("a line end in a value begins no header of its own") {
  const Response response{200, "a\r\nSet-Cookie: x", "", {{"X\nY", "b\r\n\r\nbody"}}};
  const std::string head = head_of(response, {}, {AnswerFraming::Body::length, 0});
  CHECK(head.find("\nSet-Cookie") == std::string::npos);
  CHECK(head.find("\nY") == std::string::npos);
  CHECK(head.find("\nbody") == std::string::npos);
}

}  // namespace
}  // namespace tocsin::wire
