// The server on real sockets: requests, bodies, limits.
#include "wire/client_for_tests.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <atomic>
#include <stdexcept>
#include <thread>
#include <vector>

namespace tocsin::wire {
namespace {

std::string gzipped(std::string_view plain) {
  return compressed(plain, 31);
}

TEST_CASE("a connection is used again") {
  const auto server = started(test_options(), echo);
  Client client(server->port());
  for (int n = 0; n < 3; ++n) {
    client.send(post("body"));
    const Answer answer = client.answer();
    CHECK(answer.status == 200);
    CHECK(answer.body == "POST /in?a=1\nbody");
    CHECK(answer.header("x-host") == "tocsin.test");
    CHECK(answer.header("x-peer") == "127.0.0.1");
    CHECK(answer.header("x-scheme") == "http");
    CHECK(answer.header("connection").empty());
  }
}

TEST_CASE("Connection: close is obeyed, HTTP/1.0 understood") {
  const auto server = started(test_options(), echo);
  Client closing(server->port());
  closing.send(post("x", "Connection: close\r\n"));
  CHECK(closing.answer().header("connection") == "close");
  CHECK(closing.waits_for_end());
  Client old(server->port());
  old.send("GET / HTTP/1.0\r\n\r\n");
  CHECK(old.answer().body == "GET /\n");
  CHECK(old.waits_for_end());
  Client kept(server->port());
  kept.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  CHECK(kept.answer().header("connection") == "keep-alive");
  kept.send("GET /2 HTTP/1.0\r\n\r\n");
  CHECK(kept.answer().body == "GET /2\n");
}

TEST_CASE("a client that has finished sending still gets its answer") {
  const auto server = started(test_options(), echo);
  Client client(server->port());
  client.send(post("x"));
  client.finish();
  CHECK(client.answer().status == 200);
  CHECK(client.waits_for_end());
}

TEST_CASE("pipelined requests are answered in order") {
  const auto server = started(test_options(), echo);
  Client client(server->port());
  std::string all;
  for (int n = 0; n < 500; ++n) {
    const std::string text = std::to_string(n);
    all += n % 2 == 0 ? post(text) : chunked_post(text, 1);
  }
  std::thread sender([&] { client.send(all); });
  for (int n = 0; n < 500; ++n) CHECK(client.answer().body == "POST /in?a=1\n" + std::to_string(n));
  sender.join();
}

TEST_CASE("pipelined requests wait for answers from other threads") {
  Desk desk;
  const auto server = started(test_options(), desk.handler());
  Client client(server->port());
  client.send(post("1") + post("2") + post("3"));
  for (const char* expected : {"1", "2", "3"}) {
    Desk::Visit visit = desk.next();
    CHECK(visit.request.body == expected);
    std::move(visit.responder).send({200, "", "answer " + visit.request.body, {}});
    CHECK(client.answer().body == std::string("answer ") + expected);
  }
}

TEST_CASE("requests arrive whole however their bytes come") {
  const auto server = started(test_options(), echo);
  Client client(server->port());
  for (const std::string& text : {post("hello"), chunked_post("hello", 2), "\r\n\r\n" + post("hello")}) {
    for (const char byte : text) client.send(std::string_view(&byte, 1));
    CHECK(client.answer().body == "POST /in?a=1\nhello");
  }
}

TEST_CASE("any series of requests, cut anywhere, gets its answers") {
  ServerOptions options = test_options();
  options.threads = 2;
  const auto server = started(options, echo);
  CHECK(rc::check("answers match requests", [&](const std::vector<std::pair<std::string, int>>& requests) {
    std::string text;
    for (const auto& [body, kind] : requests) {
      switch (kind & 3) {
        case 0: text += post(body); break;
        case 1: text += chunked_post(body, 3); break;
        case 2: text += post(gzipped(body), "Content-Encoding: gzip\r\n"); break;
        case 3: text += "\r\n" + chunked_post(gzipped(body), 5, "Content-Encoding: gzip\r\n"); break;
      }
    }
    Client client(server->port());
    const std::size_t piece = *rc::gen::inRange<std::size_t>(1, 200);
    for (std::string_view left = text; !left.empty(); left.remove_prefix(std::min(piece, left.size()))) {
      RC_ASSERT(client.send(left.substr(0, piece)));
    }
    for (const auto& [body, kind] : requests) RC_ASSERT(client.answer().body == "POST /in?a=1\n" + body);
  }));
}

TEST_CASE("large bodies come and go whole") {
  const auto server = started(test_options(), echo);
  Client client(server->port());
  std::string body;
  for (int n = 0; body.size() < 5'000'000; ++n) body += std::to_string(n);
  for (const std::string& text : {post(body), chunked_post(body, 100'000)}) {
    std::thread sender([&] { client.send(text); });
    const Answer answer = client.answer();
    sender.join();
    CHECK(answer.body.size() == body.size() + 13);
    CHECK(answer.body.ends_with(body));
  }
}

TEST_CASE("compressed bodies arrive plain") {
  const auto server = started(test_options(), echo);
  Client client(server->port());
  client.send(post(gzipped("plain text"), "Content-Encoding: gzip\r\n"));
  CHECK(client.answer().body == "POST /in?a=1\nplain text");
  client.send(chunked_post(gzipped("plain text"), 7, "Content-Encoding: gzip\r\n"));
  CHECK(client.answer().body == "POST /in?a=1\nplain text");
  client.send(post("not gzip", "Content-Encoding: gzip\r\n"));
  CHECK(client.answer().status == 400);
}

TEST_CASE("HEAD gets the head, with the length of the body") {
  const auto server = started(test_options(), echo);
  Client client(server->port());
  client.send("HEAD /long HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
  const Answer answer = client.answer(Client::Expect::head_only);
  CHECK(answer.status == 200);
  CHECK(answer.header("content-length") == "11");
  CHECK(client.answer().body == "GET /\n");
}

TEST_CASE("a client that expects 100 Continue gets it") {
  const auto server = started(test_options(), echo);
  Client client(server->port());
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  CHECK(client.answer().status == 100);
  client.send("body");
  CHECK(client.answer().body == "POST /\nbody");
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\nExpect: 100-continue\r\n\r\n");
  CHECK(client.answer().status == 413);
}

TEST_CASE("what is over a limit is refused before it has all come") {
  ServerOptions options = test_options();
  options.header_limit = 32 * 1024;
  options.body_limit = 1000;
  const auto server = started(options, echo);
  const std::pair<std::string, int> requests[] = {
      {"GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(33 * 1024, 'x'), 431},
      {"GET /" + std::string(17 * 1024, 'x'), 414},
      {"GET /" + std::string(17 * 1024, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n", 414},
      {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n", 413},
      {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551615\r\n\r\n", 413},
      {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n", 413},
      {post(gzipped(std::string(1001, 'x')), "Content-Encoding: gzip\r\n"), 413},
      {post(std::string(1000, 'x')), 200},
  };
  for (const auto& [text, status] : requests) {
    CAPTURE(text.substr(0, 60));
    Client client(server->port());
    client.send(text);
    const Answer answer = client.answer();
    CHECK(answer.status == status);
    if (status == 200) continue;
    CHECK(answer.header("connection") == "close");
    CHECK(answer.body.starts_with("{\"detail\":"));
  }
}

TEST_CASE("a client that goes on sending a refused body gets to read the answer") {
  ServerOptions options = test_options();
  options.body_limit = 1000;
  const auto server = started(options, echo);
  Client client(server->port());
  const std::string body(3'000'000, 'x');
  std::thread sender([&] { client.send(post(body)); });
  CHECK(client.answer().status == 413);
  sender.join();
}

TEST_CASE("what is no HTTP is told so") {
  const auto server = started(test_options(), echo);
  for (const char* text :
       {"\x16\x03\x01", "{\"a\":1}", "GET\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/3.0\r\n\r\n"}) {
    Client client(server->port());
    client.send(text);
    const Answer answer = client.answer();
    CHECK(answer.status >= 400);
    CHECK(client.waits_for_end());
  }
}

TEST_CASE("a handler that throws or drops its responder answers 500") {
  const auto server = started(test_options(), [](const Request& request, Responder) {
    if (request.target == "/throw") throw std::runtime_error("on purpose");
    if (request.target == "/odd") throw 1;
  });
  Client client(server->port());
  for (const char* target : {"/drop", "/throw", "/odd"}) {
    client.send("GET " + std::string(target) + " HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(client.answer().status == 500);
  }
}

TEST_CASE("a responder may outlive its connection and the server") {
  Desk desk;
  auto server = started(test_options(), desk.handler());
  {
    Client client(server->port());
    client.send(post("x"));
  }
  Desk::Visit orphan = desk.next();
  std::move(orphan.responder).send({200, "", "nobody reads this", {}});
  Client client(server->port());
  client.send(post("y"));
  Desk::Visit late = desk.next();
  server.reset();
  std::move(late.responder).send({});
  CHECK(client.waits_for_end());
}

TEST_CASE("connections over the limit get 503") {
  ServerOptions options = test_options();
  options.connection_limit = 2;
  const auto server = started(options, echo);
  Client first(server->port());
  Client second(server->port());
  for (Client* client : {&first, &second}) {
    client->send(post("x"));
    CHECK(client->answer().status == 200);
  }
  Client third(server->port());
  const Answer refused = third.answer();
  CHECK(refused.status == 503);
  CHECK(refused.header("retry-after") == "1");
  CHECK(third.waits_for_end());
  first.send(post("x"));
  CHECK(first.answer().status == 200);
}

TEST_CASE("forwarded headers count only from a trusted proxy") {
  const char* headers = "X-Forwarded-For: 9.8.7.6\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: out.test\r\n";
  ServerOptions options = test_options();
  const auto strict = started(options, echo);
  Client stranger(strict->port());
  stranger.send(post("x", headers));
  CHECK(stranger.answer().header("x-peer") == "127.0.0.1");
  options.trusted_proxies = {"127.0.0.0/8"};
  const auto trusting = started(options, echo);
  Client proxy(trusting->port());
  proxy.send(post("x", headers));
  const Answer answer = proxy.answer();
  CHECK(answer.header("x-peer") == "9.8.7.6");
  CHECK(answer.header("x-scheme") == "https");
  CHECK(answer.header("x-host") == "out.test");
}

TEST_CASE("many connections, many threads") {
  ServerOptions options = test_options();
  options.threads = 3;
  Desk desk;
  const auto server = started(options, desk.handler());
  constexpr int connections = 16;
  constexpr int requests = 100;
  std::vector<std::thread> workers;
  for (int n = 0; n < 2; ++n) {
    workers.emplace_back([&] {
      for (int done = 0; done < connections * requests / 2; ++done) {
        Desk::Visit visit = desk.next();
        std::move(visit.responder).send({200, "", visit.request.body, {}});
      }
    });
  }
  std::atomic<int> right{0};
  std::vector<std::thread> clients;
  for (int n = 0; n < connections; ++n) {
    clients.emplace_back([&, n] {
      Client client(server->port());
      for (int done = 0; done < requests; ++done) {
        const std::string body = std::to_string(n * requests + done);
        client.send(post(body));
        right += client.answer().body == body;
      }
    });
  }
  for (std::thread& thread : clients) thread.join();
  for (std::thread& thread : workers) thread.join();
  CHECK(right == connections * requests);
}

TEST_CASE("starting tells what is wrong") {
  ServerOptions options = test_options();
  const auto first = started(options, echo);
  options.port = first->port();
  const auto second = Server::start(options, echo);
  REQUIRE_FALSE(second.ok());
  CHECK(second.error().kind == base::ErrorKind::unavailable);
  options = test_options();
  options.address = "nowhere";
  CHECK(Server::start(options, echo).error().kind == base::ErrorKind::invalid);
  options = test_options();
  options.trusted_proxies = {"10.0.0.0/99"};
  CHECK(Server::start(options, echo).error().message.find("10.0.0.0/99") != std::string::npos);
}

TEST_CASE("IPv6 sockets serve both kinds of address") {
  ServerOptions options = test_options();
  options.address = "::";
  const auto server = Server::start(options, echo);
  if (!server.ok()) return;  // a machine without IPv6
  Client client((*server)->port());
  client.send(post("x"));
  CHECK(client.answer().header("x-peer") == "127.0.0.1");
}

}  // namespace
}  // namespace tocsin::wire
