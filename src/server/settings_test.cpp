#include "server/settings.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include <unistd.h>

#include "server/settings_file.hpp"

namespace tocsin::server {
namespace {

/// A configuration file that goes with its test.
class ConfigFile {
 public:
  explicit ConfigFile(const std::string& text)
      : path_(std::filesystem::temp_directory_path() / ("tocsin-settings-" + std::to_string(::getpid()) + ".toml")) {
    std::ofstream(path_) << text;
  }
  ~ConfigFile() { std::filesystem::remove(path_); }
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

/// Every mistake of the sources, in order.
std::vector<std::string> mistakes(const Sources& sources) {
  const base::Result<Settings> settings = resolve(sources);
  if (settings) return {};
  std::vector<std::string> messages = {settings.error().message};
  for (const base::Mistake& mistake : settings.error().also) messages.push_back(mistake.message);
  return messages;
}

bool holds(const std::vector<std::string>& messages, std::string_view text) {
  return std::any_of(messages.begin(), messages.end(),
                     [&](const std::string& each) { return each.find(text) != std::string::npos; });
}

TEST_CASE("the defaults of the table are valid and hold by themselves") {
  const base::Result<Settings> settings = resolve({});
  REQUIRE(settings.ok());
  CHECK(settings->listen.port == 8080);
  CHECK(settings->listen.is_loopback());
  CHECK(settings->body_limit == 10 * 1024 * 1024);
  CHECK(settings->header_limit == 64 * 1024);
  CHECK(settings->ingest_rate.per_second == doctest::Approx(200));
  CHECK(settings->ingest_rate.burst == doctest::Approx(10'000));
  CHECK(settings->api_rate.per_second == doctest::Approx(5));
  CHECK(settings->key_path() == "data/master.key");
  CHECK(settings->public_url.empty());
}

TEST_CASE("flags win over the environment, the environment over the file") {
  const ConfigFile file(
      "data = \"/file\"\nbody_limit = 1000\nlog_format = \"json\"\ntrusted_proxy = [\"10.0.0.1\", \"::1\"]\n");
  Sources sources;
  sources.file = file.path();
  sources.environment = {{"TOCSIN_DATA", "/environment"}, {"TOCSIN_BODY_LIMIT", "2000"}, {"HOME", "/root"}};
  sources.flags = {{"data", "/flag"}};
  const base::Result<Settings> settings = resolve(sources);
  REQUIRE(settings.ok());
  CHECK(settings->data == "/flag");
  CHECK(settings->body_limit == 2000);
  CHECK(settings->log_format == base::LogFormat::json);
  CHECK(settings->trusted_proxies == std::vector<std::string>{"10.0.0.1", "::1"});
}

TEST_CASE("every setting is told by each of the three doors") {
  for (const Setting& setting : all_settings()) {
    CAPTURE(setting.name);
    Sources sources;
    sources.environment[variable_of(setting.name)] = "\x01";
    Settings ignored;
    const bool takes_all = setting.apply(ignored, "\x01").ok();
    const std::vector<std::string> found = mistakes(sources);
    if (takes_all) continue;
    CHECK(holds(found, variable_of(setting.name)));
    CHECK(holds(mistakes({{{std::string(setting.name), "\x01"}}, {}, {}}), "--" + std::string(setting.name)));
    const ConfigFile file(key_of(setting.name) + " = \"\\u0001\"\n");
    CHECK(holds(mistakes({{}, {}, file.path()}), file.path() + ": " + key_of(setting.name)));
  }
}

TEST_CASE("names are distinct and no environment variable is one that Kubernetes sets") {
  std::set<std::string> names;
  for (const Setting& setting : all_settings()) {
    CHECK(names.insert(variable_of(setting.name)).second);
    CHECK_FALSE(variable_of(setting.name).starts_with("TOCSIN_PORT"));
    CHECK_FALSE(variable_of(setting.name).starts_with("TOCSIN_SERVICE"));
  }
}

TEST_CASE("all mistakes are told at once") {
  const ConfigFile file("lisstten = \"x\"\nbody-limit = 5\nio_threads = 0\n");
  Sources sources;
  sources.file = file.path();
  sources.environment = {
      {"TOCSIN_PUBLIC_URL", "example.org"}, {"TOCSIN_NONSENSE", "1"}, {"TOCSIN_PORT", "tcp://1.2.3.4:1"}};
  sources.flags = {{"header-timeout", "2d"}, {"tls-cert", "c.pem"}};
  const std::vector<std::string> found = mistakes(sources);
  CHECK(found.size() == 7);
  CHECK(holds(found, "unknown key 'lisstten'"));
  CHECK(holds(found, "unknown key 'body-limit'"));
  CHECK(holds(found, "io_threads: '0'"));
  CHECK(holds(found, "TOCSIN_PUBLIC_URL: 'example.org'"));
  CHECK(holds(found, "TOCSIN_NONSENSE"));
  CHECK(holds(found, "--header-timeout: '2d' is more than a day"));
  CHECK(holds(found, "--tls-cert and --tls-key belong together"));
}

TEST_CASE("a file that can't be read, or is not TOML, is told with its place") {
  CHECK(holds(mistakes({{}, {}, "/nowhere/tocsin.toml"}), "/nowhere/tocsin.toml"));
  CHECK(holds(mistakes({{}, {{"TOCSIN_CONFIG", "/nowhere/else.toml"}}, {}}), "/nowhere/else.toml"));
  const base::Result<Texts> broken = read_settings_text("data = \"x\"\nlisten = \n", "t.toml");
  REQUIRE_FALSE(broken.ok());
  CHECK(broken.error().message.starts_with("t.toml:2"));
  CHECK_FALSE(read_settings_text("[data]\nx = 1\n", "t.toml").ok());
  CHECK_FALSE(read_settings_text("data = 2026-01-01\n", "t.toml").ok());
}

TEST_CASE("the flag names the file before the environment does") {
  const ConfigFile file("data = \"/file\"\n");
  Sources sources;
  sources.file = file.path();
  sources.environment = {{"TOCSIN_CONFIG", "/nowhere/tocsin.toml"}};
  REQUIRE(resolve(sources).ok());
  CHECK(resolve(sources)->data == "/file");
}

TEST_CASE("where each setting comes from is told") {
  Sources sources;
  sources.environment = {{"TOCSIN_DATA", "/environment"}};
  const base::Result<std::vector<Resolved>> resolved = resolved_texts(sources);
  REQUIRE(resolved.ok());
  CHECK(resolved->size() == all_settings().size());
  for (const Resolved& each : *resolved) {
    if (each.setting->name == "data") CHECK(each.place == "TOCSIN_DATA");
    if (each.setting->name == "listen") CHECK(each.place == "default");
  }
}

}  // namespace
}  // namespace tocsin::server
