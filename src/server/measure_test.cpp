#include "server/measure.hpp"

#include <doctest/doctest.h>

namespace tocsin::server {
namespace {

using std::chrono::seconds;

TEST_CASE("counts are whole and within their bounds") {
  CHECK(*read_count("1", 1, 256) == 1);
  CHECK(*read_count("256", 1, 256) == 256);
  for (const char* text : {"", "0", "257", "-1", "+1", "1.0", " 1", "1 ", "0x10", "99999999999999999999999"}) {
    CAPTURE(text);
    CHECK_FALSE(read_count(text, 1, 256).ok());
  }
}

TEST_CASE("rates are above zero") {
  CHECK(*read_rate("0.5") == doctest::Approx(0.5));
  CHECK(*read_rate("200") == doctest::Approx(200));
  for (const char* text : {"", "0", "-1", "nan", "inf", "1e10", "1,5", "fast"}) {
    CAPTURE(text);
    CHECK_FALSE(read_rate(text).ok());
  }
}

TEST_CASE("sizes have binary units and a limit") {
  CHECK(*read_size("65536") == 65536);
  CHECK(*read_size("7B") == 7);
  CHECK(*read_size("64KiB") == 64 * 1024);
  CHECK(*read_size("10MiB") == 10 * 1024 * 1024);
  CHECK(*read_size("1024GiB") == std::size_t{1} << 40);
  for (const char* text : {"", "0", "10MB", "10 MiB", "1025GiB", "-1", "MiB", "18446744073709551615GiB"}) {
    CAPTURE(text);
    CHECK_FALSE(read_size(text).ok());
  }
}

TEST_CASE("times need their unit") {
  CHECK(*read_duration("30s") == seconds(30));
  CHECK(*read_duration("10m") == seconds(600));
  CHECK(*read_duration("2h") == seconds(7200));
  CHECK(*read_duration("7d") == seconds(7 * 86400));
  for (const char* text : {"", "30", "0s", "1w", "1.5h", "-1s", "h", "99999999999d"}) {
    CAPTURE(text);
    CHECK_FALSE(read_duration(text).ok());
  }
}

TEST_CASE("addresses to listen on") {
  const auto is = [](const char* text, const char* address, int port) {
    const base::Result<Endpoint> read = read_endpoint(text);
    return read.ok() && read->address == address && read->port == port;
  };
  CHECK(is("127.0.0.1:8080", "127.0.0.1", 8080));
  CHECK(is("0.0.0.0:0", "0.0.0.0", 0));
  CHECK(is("[::1]:8080", "::1", 8080));
  CHECK(is("localhost:80", "127.0.0.1", 80));
  CHECK(read_endpoint("[::1]:1")->is_loopback());
  CHECK(read_endpoint("127.9.9.9:1")->is_loopback());
  CHECK_FALSE(read_endpoint("0.0.0.0:1")->is_loopback());
  for (const char* text : {"", "8080", ":8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "::1:8080",
                           "[127.0.0.1]:80", "example.org:80", "127.0.0.1:80x"}) {
    CAPTURE(text);
    CHECK_FALSE(read_endpoint(text).ok());
  }
}

TEST_CASE("public URLs lose the slash at their end") {
  CHECK(*read_public_url("https://tocsin.example.org") == "https://tocsin.example.org");
  CHECK(*read_public_url("https://example.org/tocsin/") == "https://example.org/tocsin");
  CHECK(*read_public_url("http://[::1]:8080//") == "http://[::1]:8080");
  for (const char* text : {"", "example.org", "ftp://example.org", "https://", "https:///path", "https://a b",
                           "https://a/?x=1", "https://a/#x", "https://user@example.org", "https://a\"b"}) {
    CAPTURE(text);
    CHECK_FALSE(read_public_url(text).ok());
  }
}

TEST_CASE("lists are trimmed") {
  CHECK(read_list(" a, b ,,c,") == std::vector<std::string>{"a", "b", "c"});
  CHECK(read_list("").empty());
}

}  // namespace
}  // namespace tocsin::server
