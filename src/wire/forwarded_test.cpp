#include "wire/forwarded.hpp"

#include <doctest/doctest.h>

namespace tocsin::wire {
namespace {

TrustedProxies proxies(const std::vector<std::string>& texts) {
  std::string bad;
  auto parsed = TrustedProxies::parse(texts, bad);
  REQUIRE_MESSAGE(parsed.has_value(), bad);
  return *parsed;
}

Request from(const char* peer, std::vector<std::pair<std::string, std::string>> headers) {
  Request request;
  request.peer = peer;
  request.host = "inside:8080";
  request.headers = std::move(headers);
  return request;
}

TEST_CASE("addresses and blocks") {
  const TrustedProxies trusted = proxies({"10.0.0.0/8", "192.168.1.7", "fd00::/8", "2001:db8::1", "172.16.0.0/12"});
  for (const char* inside :
       {"10.0.0.1", "10.255.255.255", "192.168.1.7", "fd12::3", "2001:db8::1", "::ffff:10.1.2.3", "172.31.0.1"}) {
    CAPTURE(inside);
    CHECK(trusted.contains(inside));
  }
  for (const char* outside :
       {"11.0.0.1", "192.168.1.8", "fe80::1", "2001:db8::2", "", "nonsense", "172.32.0.1", "::10.0.0.1"}) {
    CAPTURE(outside);
    CHECK_FALSE(trusted.contains(outside));
  }
  CHECK(proxies({"0.0.0.0/0"}).contains("1.2.3.4"));
  CHECK_FALSE(proxies({"0.0.0.0/0"}).contains("2001:db8::1"));
  CHECK(proxies({"::/0"}).contains("2001:db8::1"));
}

TEST_CASE("malformed blocks are named") {
  for (const char* text :
       {"", "10.0.0", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/x", "10.0.0.0/-1", "::1/129", "proxy.test"}) {
    CAPTURE(text);
    std::string bad;
    CHECK_FALSE(TrustedProxies::parse({"127.0.0.1", text}, bad).has_value());
    CHECK(bad == text);
  }
}

TEST_CASE("what a stranger says is not believed") {
  Request request =
      from("9.9.9.9", {{"x-forwarded-for", "1.1.1.1"}, {"x-forwarded-proto", "https"}, {"x-forwarded-host", "h"}});
  apply_forwarded(proxies({"10.0.0.1"}), request);
  CHECK(request.peer == "9.9.9.9");
  CHECK_FALSE(request.secure);
  CHECK(request.host == "inside:8080");
}

TEST_CASE("a trusted proxy is believed") {
  Request request =
      from("10.0.0.1",
           {{"x-forwarded-for", "1.1.1.1"}, {"x-forwarded-proto", "HTTPS"}, {"x-forwarded-host", "out.test:8443"}});
  apply_forwarded(proxies({"10.0.0.1"}), request);
  CHECK(request.peer == "1.1.1.1");
  CHECK(request.secure);
  CHECK(request.host == "out.test:8443");
}

TEST_CASE("the client is the rightmost that is not a trusted proxy") {
  const std::pair<const char*, const char*> chains[] = {
      {"6.6.6.6, 1.1.1.1", "1.1.1.1"},
      {"6.6.6.6, 1.1.1.1, 10.0.0.2", "1.1.1.1"},
      {"10.0.0.3,10.0.0.2", "10.0.0.3"},
      {"1.1.1.1:4711", "1.1.1.1"},
      {"[2001:db8::7]:4711", "2001:db8::7"},
      {"2001:db8::7", "2001:db8::7"},
      {"1.1.1.1, unknown", "10.0.0.1"},
      {"1.1.1.1, unknown, 10.0.0.2", "10.0.0.2"},
      {"", "10.0.0.1"},
      {" , ", "10.0.0.1"},
  };
  for (const auto& [chain, client] : chains) {
    CAPTURE(chain);
    Request request = from("10.0.0.1", {{"x-forwarded-for", chain}});
    apply_forwarded(proxies({"10.0.0.0/24"}), request);
    CHECK(request.peer == client);
  }
}

TEST_CASE("several headers are one list, and the last of protocol and host counts") {
  Request request = from("10.0.0.1", {{"x-forwarded-for", "6.6.6.6"},
                                      {"x-forwarded-for", "1.1.1.1"},
                                      {"x-forwarded-proto", "https, http"},
                                      {"x-forwarded-host", "evil.test"},
                                      {"x-forwarded-host", "out.test"}});
  apply_forwarded(proxies({"10.0.0.1"}), request);
  CHECK(request.peer == "1.1.1.1");
  CHECK_FALSE(request.secure);
  CHECK(request.host == "out.test");
}

TEST_CASE("a malformed host is not taken") {
  Request request = from("10.0.0.1", {{"x-forwarded-host", "a/b"}});
  apply_forwarded(proxies({"10.0.0.1"}), request);
  CHECK(request.host == "inside:8080");
}

}  // namespace
}  // namespace tocsin::wire
