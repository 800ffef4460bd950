// The server on real sockets: deadlines, stopping, streams.
#include "wire/client_for_tests.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace tocsin::wire {
namespace {

ServerOptions patient_but_for(unsigned ServerOptions::*deadline) {
  ServerOptions options = test_options();
  options.header_seconds = options.body_seconds = options.idle_seconds = options.write_seconds = 600;
  options.*deadline = 1;
  return options;
}

TEST_CASE("a header that does not come whole is answered 408") {
  const auto server = started(patient_but_for(&ServerOptions::header_seconds), echo);
  Client client(server->port());
  client.send("GET / HTTP/1.1\r\nHo");
  CHECK(client.answer().status == 408);
  CHECK(client.waits_for_end());
}

TEST_CASE("a connection on which nothing comes at first is closed") {
  const auto server = started(patient_but_for(&ServerOptions::header_seconds), echo);
  Client client(server->port());
  CHECK(client.waits_for_end());
}

TEST_CASE("a body that does not come whole is answered 408") {
  const auto server = started(patient_but_for(&ServerOptions::body_seconds), echo);
  Client sized(server->port());
  Client chunked(server->port());
  sized.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n12345");
  chunked.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n123");
  CHECK(sized.answer().status == 408);
  CHECK(chunked.answer().status == 408);
}

TEST_CASE("an idle connection is closed without a word") {
  const auto server = started(patient_but_for(&ServerOptions::idle_seconds), echo);
  Client client(server->port());
  client.send(post("x"));
  CHECK(client.answer().status == 200);
  CHECK(client.waits_for_end());
}

TEST_CASE("a reader that takes nothing is dropped") {
  const std::string large(20'000'000, 'x');
  const auto server = started(patient_but_for(&ServerOptions::write_seconds), [&](const Request&, Responder responder) {
    std::move(responder).send({200, "", large, {}});
  });
  Client client(server->port(), 4096);
  client.send(post("x"));
  CHECK(client.waits_for_reset());
}

TEST_CASE("a slow handler has no deadline") {
  ServerOptions options = test_options();
  options.header_seconds = options.body_seconds = options.idle_seconds = options.write_seconds = 1;
  Desk desk;
  const auto server = started(options, desk.handler());
  Client slow(server->port());
  slow.send(post("x"));
  Desk::Visit visit = desk.next();
  // Another connection's deadline is the measure of time.
  Client idle(server->port());
  CHECK(idle.waits_for_end());
  std::move(visit.responder).send({200, "", "late", {}});
  CHECK(slow.answer().body == "late");
}

TEST_CASE("stopping closes idle connections at once and lets requests in flight finish") {
  Desk desk;
  const auto server = started(test_options(), desk.handler());
  Client idle(server->port());
  Client busy(server->port());
  busy.send(post("x") + post("never looked at"));
  Desk::Visit visit = desk.next();
  std::thread stopper([&] { server->stop(patience_seconds); });
  CHECK(idle.waits_for_end());
  std::move(visit.responder).send({200, "", "finished", {}});
  const Answer answer = busy.answer();
  CHECK(answer.body == "finished");
  CHECK(answer.header("connection") == "close");
  CHECK(busy.waits_for_end());
  busy.close();
  stopper.join();
}

TEST_CASE("stopping lets a body that is on its way arrive") {
  Desk desk;
  const auto server = started(test_options(), desk.handler());
  Client idle(server->port());
  Client busy(server->port());
  busy.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  CHECK(busy.answer().status == 100);
  std::thread stopper([&] { server->stop(patience_seconds); });
  CHECK(idle.waits_for_end());
  busy.send("body");
  Desk::Visit visit = desk.next();
  std::move(visit.responder).send({200, "", visit.request.body, {}});
  CHECK(busy.answer().body == "body");
  CHECK(busy.waits_for_end());
  busy.close();
  stopper.join();
}

TEST_CASE("stopping does not wait longer than it was told") {
  Desk desk;
  const auto server = started(test_options(), desk.handler());
  Client client(server->port());
  client.send(post("x"));
  Desk::Visit visit = desk.next();
  server->stop(0);
  CHECK(client.waits_for_end());
  std::move(visit.responder).send({});
  server->stop(1);
}

TEST_CASE("stopping under load delivers every answer that was given") {
  ServerOptions options = test_options();
  options.threads = 2;
  Desk desk;
  const auto server = started(options, desk.handler());
  constexpr int clients = 8;
  constexpr int enough = 400;
  std::atomic<int> given{0};
  std::atomic<int> received{0};
  std::vector<std::thread> senders;
  for (int n = 0; n < clients; ++n) {
    senders.emplace_back([&] {
      Client client(server->port());
      while (client.send(post("x")) && client.answer().status == 200) ++received;
    });
  }
  const auto serve = [&](Desk::Visit visit) {
    std::move(visit.responder).send({});
    ++given;
  };
  while (given < enough) serve(desk.next());
  std::thread stopper([&] { server->stop(patience_seconds); });
  std::thread server_thread([&] {
    while (std::optional<Desk::Visit> visit = desk.next_if_any()) serve(std::move(*visit));
  });
  for (std::thread& sender : senders) sender.join();
  stopper.join();
  desk.close();
  server_thread.join();
  CHECK(received == given);
}

TEST_CASE("a stream is sent piece by piece") {
  Desk desk;
  const auto server = started(test_options(), desk.handler());
  Client client(server->port());
  client.send("GET /events HTTP/1.1\r\nHost: a\r\n\r\n");
  Desk::Visit visit = desk.next();
  const std::shared_ptr<Stream> stream =
      std::move(visit.responder).stream({200, "text/event-stream", "", {{"A", "b"}}});
  const Answer head = client.answer(Client::Expect::head_only);
  CHECK(head.header("transfer-encoding") == "chunked");
  CHECK(head.header("content-type") == "text/event-stream");
  CHECK(head.header("a") == "b");
  CHECK(stream->write("one"));
  CHECK(client.bytes(8) == "3\r\none\r\n");
  CHECK(stream->write("two!"));
  CHECK(client.bytes(9) == "4\r\ntwo!\r\n");
  stream->close();
  CHECK(client.rest() == "0\r\n\r\n");
}

TEST_CASE("a stream ends when its last copy is dropped; HTTP/1.0 and HEAD get what they understand") {
  const auto server = started(test_options(), [](const Request&, Responder responder) {
    std::move(responder).stream({200, "text/plain", "", {}})->write("text");
  });
  Client modern(server->port());
  modern.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK(modern.rest().ends_with("\r\n\r\n4\r\ntext\r\n0\r\n\r\n"));
  Client old(server->port());
  old.send("GET / HTTP/1.0\r\n\r\n");
  const std::string bytes = old.rest();
  CHECK(bytes.ends_with("\r\n\r\ntext"));
  CHECK(bytes.find("chunked") == std::string::npos);
  Client head(server->port());
  head.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK(head.rest().ends_with("\r\n\r\n"));
}

TEST_CASE("a stream whose reader has gone says so") {
  Desk desk;
  const auto server = started(test_options(), desk.handler());
  std::shared_ptr<Stream> stream;
  {
    Client client(server->port());
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    stream = std::move(desk.next().responder).stream({200, "", "", {}});
    CHECK(client.answer(Client::Expect::head_only).status == 200);
  }
  // The server learns of it in its own time; until then writes go nowhere.
  while (stream->write("x")) std::this_thread::yield();
  CHECK_FALSE(stream->write("x"));
}

TEST_CASE("a stream's slow reader is cut off instead of filling memory") {
  Desk desk;
  const auto server = started(test_options(), desk.handler());
  Client client(server->port(), 4096);
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  const std::shared_ptr<Stream> stream = std::move(desk.next().responder).stream({200, "", "", {}});
  const std::string chunk(100'000, 'x');
  std::size_t written = 0;
  while (stream->write(chunk)) written += chunk.size();
  CHECK(written >= 900'000);
  CHECK(client.waits_for_reset());
}

TEST_CASE("a stream's reader gets all that was written, in order") {
  Desk desk;
  const auto server = started(test_options(), desk.handler());
  Client client(server->port(), 4096);
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  const std::shared_ptr<Stream> stream = std::move(desk.next().responder).stream({200, "", "", {}});
  std::string expected;
  for (int n = 0; n < 9000; ++n) {
    const std::string line = std::to_string(n) + std::string(100, '.') + "\n";
    expected += line;
    CHECK(stream->write(line));
  }
  stream->close();
  CHECK(client.answer().body == expected);
}

TEST_CASE("stopping ends streams") {
  Desk desk;
  const auto server = started(test_options(), desk.handler());
  Client client(server->port());
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  const std::shared_ptr<Stream> stream = std::move(desk.next().responder).stream({200, "", "", {}});
  CHECK(client.answer(Client::Expect::head_only).status == 200);
  std::thread stopper([&] { server->stop(patience_seconds); });
  CHECK(client.rest() == "0\r\n\r\n");
  CHECK_FALSE(stream->write("x"));
  client.close();
  stopper.join();
  CHECK_FALSE(stream->write("x"));
}

}  // namespace
}  // namespace tocsin::wire
