// The server on real sockets: TLS, with certificates made here by the openssl command.
#include "wire/client_for_tests.hpp"

#include <doctest/doctest.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>

namespace tocsin::wire {
namespace {

/// A folder that is taken away at the end.
class Folder {
 public:
  Folder() {
    std::string pattern = std::filesystem::temp_directory_path() / "tocsin-tls-XXXXXX";
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  TlsFiles files() const { return {path_ / "certificate.pem", path_ / "key.pem"}; }
  void make_certificate(const std::string& name) const {
    const std::string command =
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=" + name + " -keyout " +
        files().key + " -out " + files().certificate + " 2>/dev/null";
    REQUIRE(std::system(command.c_str()) == 0);
  }

 private:
  std::filesystem::path path_;
};

/// TLS over a Client's socket. Trusts anybody: it wants to see who is there.
class TlsClient {
 public:
  explicit TlsClient(std::uint16_t port)
      : client_(port),
        context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free),
        session_(SSL_new(context_.get()), SSL_free) {
    SSL_set_fd(session_.get(), client_.descriptor());
    REQUIRE(SSL_connect(session_.get()) == 1);
  }

  std::string subject() const {
    X509* const certificate = SSL_get1_peer_certificate(session_.get());
    char name[100] = "";
    X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name, sizeof name);
    X509_free(certificate);
    return name;
  }
  void send(std::string_view bytes) {
    CHECK(SSL_write(session_.get(), bytes.data(), static_cast<int>(bytes.size())) == static_cast<int>(bytes.size()));
  }
  /// Everything until the server says that it is done.
  std::string rest() {
    std::string all;
    char buffer[10'000];
    int size = 0;
    while ((size = SSL_read(session_.get(), buffer, sizeof buffer)) > 0)
      all.append(buffer, static_cast<std::size_t>(size));
    CHECK(SSL_get_error(session_.get(), size) == SSL_ERROR_ZERO_RETURN);
    return all;
  }
  /// So many bytes.
  std::string bytes(std::size_t count) {
    std::string all(count, '\0');
    std::size_t got = 0;
    while (got < count) {
      const int size = SSL_read(session_.get(), all.data() + got, static_cast<int>(count - got));
      if (size <= 0) break;
      got += static_cast<std::size_t>(size);
    }
    all.resize(got);
    return all;
  }

 private:
  Client client_;
  std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context_;
  std::unique_ptr<SSL, void (*)(SSL*)> session_;
};

TEST_CASE("requests over TLS") {
  Folder folder;
  folder.make_certificate("first");
  ServerOptions options = test_options();
  options.tls = folder.files();
  const auto server = started(options, echo);
  TlsClient client(server->port());
  CHECK(client.subject() == "first");
  client.send(post("one"));
  CHECK(client.bytes(15) == "HTTP/1.1 200 OK");
  client.send(post("two") + post("three", "Connection: close\r\n"));
  const std::string rest = client.rest();
  CHECK(rest.find("\ntwo") != std::string::npos);
  CHECK(rest.ends_with("\nthree"));
  CHECK(rest.find("X-Scheme: https") != std::string::npos);
}

TEST_CASE("large bodies over TLS") {
  Folder folder;
  folder.make_certificate("large");
  ServerOptions options = test_options();
  options.tls = folder.files();
  const auto server = started(options, echo);
  TlsClient client(server->port());
  std::string body;
  for (int n = 0; body.size() < 3'000'000; ++n) body += std::to_string(n);
  client.send(post(body, "Connection: close\r\n"));
  CHECK(client.rest().ends_with("\n" + body));
}

TEST_CASE("a new certificate is taken on reload, and a broken one is not") {
  Folder folder;
  folder.make_certificate("old");
  ServerOptions options = test_options();
  options.tls = folder.files();
  const auto server = started(options, echo);
  TlsClient before(server->port());
  folder.make_certificate("new");
  CHECK(TlsClient(server->port()).subject() == "old");
  CHECK(server->reload_tls().ok());
  CHECK(TlsClient(server->port()).subject() == "new");
  std::ofstream(folder.files().key) << "not a key";
  const base::Status broken = server->reload_tls();
  REQUIRE_FALSE(broken.ok());
  CHECK(broken.error().kind == base::ErrorKind::invalid);
  CHECK(broken.error().message.find(folder.files().key) != std::string::npos);
  CHECK(TlsClient(server->port()).subject() == "new");
  before.send(post("still here", "Connection: close\r\n"));
  CHECK(before.rest().ends_with("still here"));
}

TEST_CASE("plain HTTP on a TLS port is told so") {
  Folder folder;
  folder.make_certificate("plain");
  ServerOptions options = test_options();
  options.tls = folder.files();
  const auto server = started(options, echo);
  Client client(server->port());
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  const Answer answer = client.answer();
  CHECK(answer.status == 400);
  CHECK(answer.body.find("https://") != std::string::npos);
  CHECK(client.waits_for_end());
}

TEST_CASE("files that do not fit are refused by name at start") {
  Folder folder;
  ServerOptions options = test_options();
  options.tls = folder.files();
  CHECK(Server::start(options, echo).error().message.find(folder.files().certificate) != std::string::npos);
  folder.make_certificate("one");
  const std::string other = folder.files().key + ".other";
  std::filesystem::rename(folder.files().key, other);
  CHECK(Server::start(options, echo).error().message.find(folder.files().key) != std::string::npos);
  folder.make_certificate("two");
  options.tls->key = other;
  CHECK(Server::start(options, echo).error().kind == base::ErrorKind::invalid);
}

TEST_CASE("a handshake that does not come is not waited for") {
  Folder folder;
  folder.make_certificate("silent");
  ServerOptions options = test_options();
  options.tls = folder.files();
  options.header_seconds = 1;
  const auto server = started(options, echo);
  Client client(server->port());
  CHECK(client.waits_for_end());
}

TEST_CASE("a stream over TLS") {
  Folder folder;
  folder.make_certificate("stream");
  ServerOptions options = test_options();
  options.tls = folder.files();
  Desk desk;
  const auto server = started(options, desk.handler());
  TlsClient client(server->port());
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  const std::shared_ptr<Stream> stream = std::move(desk.next().responder).stream({200, "", "", {}});
  const std::string chunk(70'000, 'x');
  for (int n = 0; n < 10; ++n) CHECK(stream->write(chunk));
  stream->close();
  const std::string all = client.rest();
  CHECK(std::count(all.begin(), all.end(), 'x') == 700'000);
  CHECK(all.ends_with("0\r\n\r\n"));
}

}  // namespace
}  // namespace tocsin::wire
