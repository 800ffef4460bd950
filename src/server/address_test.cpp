#include "server/address.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace tocsin::server {
namespace {

Settings settings_with(const Texts& flags) {
  const base::Result<Settings> settings = resolve({flags, {}, {}});
  REQUIRE(settings.ok());
  return *settings;
}

TEST_CASE("links begin with the public URL, else with the listen address") {
  CHECK(address_of(settings_with({}), 8080).links == "http://127.0.0.1:8080");
  CHECK(address_of(settings_with({{"listen", "[::1]:0"}}), 4711).links == "http://[::1]:4711");
  const Settings is_public = settings_with({{"public-url", "https://example.org/tocsin/"}});
  CHECK(address_of(is_public, 8080).links == "https://example.org/tocsin");
  CHECK(address_of(is_public, 8080).local == "http://127.0.0.1:8080");
  const Settings with_tls = settings_with({{"tls-cert", "c"}, {"tls-key", "k"}});
  CHECK(address_of(with_tls, 8443).local == "https://127.0.0.1:8443");
}

TEST_CASE("a server on every address is reached locally by loopback and by others by its name") {
  const Address address = address_of(settings_with({{"listen", "0.0.0.0:80"}}), 80);
  CHECK(address.local == "http://127.0.0.1:80");
  CHECK(address.links.find("0.0.0.0") == std::string::npos);
  CHECK(address_of(settings_with({{"listen", "[::]:80"}}), 80).local == "http://[::1]:80");
}

TEST_CASE("commands find the server that wrote its address") {
  const auto folder = std::filesystem::temp_directory_path() / ("tocsin-address-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  const Settings settings = settings_with({{"data", folder.string()}});
  CHECK(base_url(settings) == "http://127.0.0.1:8080");
  {
    const auto running = AddressFile::write(settings, {"https://example.org/t", "http://127.0.0.1:9"});
    REQUIRE(running.ok());
    CHECK(base_url(settings) == "https://example.org/t");
    CHECK(local_url(settings) == "http://127.0.0.1:9");

    const Settings told = settings_with({{"data", folder.string()}, {"public-url", "https://other.example.org"}});
    CHECK(base_url(told) == "https://other.example.org");
    CHECK(local_url(told) == "http://127.0.0.1:9");

    std::ofstream(folder / "server.url") << "nonsense\n";
    CHECK(local_url(settings) == "http://127.0.0.1:8080");
  }
  CHECK(base_url(settings) == "http://127.0.0.1:8080");
  std::filesystem::remove_all(folder);
}

TEST_CASE("what a fallen server left behind misleads nobody, and the next server takes its place") {
  const auto folder = std::filesystem::temp_directory_path() / ("tocsin-fallen-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  const Settings settings = settings_with({{"data", folder.string()}});
  std::ofstream(folder / "server.url") << "http://gone.example.org:1234\nhttp://127.0.0.1:1234\nmore\n";
  CHECK_FALSE(written_address(settings));
  CHECK(base_url(settings) == "http://127.0.0.1:8080");
  {
    const auto running = AddressFile::write(settings, {"http://127.0.0.1:9", "http://127.0.0.1:9"});
    REQUIRE(running.ok());
    CHECK(base_url(settings) == "http://127.0.0.1:9");
  }
  CHECK_FALSE(std::filesystem::exists(folder / "server.url"));
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace tocsin::server
