#include "server/catalog_files.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace tocsin::server {
namespace {

namespace fs = std::filesystem;

/// A folder of types that goes with its test.
class Types {
 public:
  Types() : path_(fs::temp_directory_path() / ("tocsin-types-" + std::to_string(::getpid()))) { fs::remove_all(path_); }
  ~Types() { fs::remove_all(path_); }
  void write(const std::string& name, const std::string& text) const {
    fs::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name) << text;
  }
  std::string path() const { return path_.string(); }

 private:
  fs::path path_;
};

TEST_CASE("the binary brings its types") {
  const auto catalog = load_catalog("");
  REQUIRE(catalog.ok());
  for (const char* slug : {"alertmanager", "legacy_alertmanager", "grafana_alerting", "legacy_grafana_alerting",
                           "grafana", "webhook", "formatted_webhook", "manual"}) {
    CAPTURE(slug);
    CHECK(catalog->find(slug) != nullptr);
  }
}

TEST_CASE("a folder adds a type and replaces a file of one that is there") {
  const Types types;
  types.write("house/manifest.json", R"({"name":"House","description":"Alerts of the house"})");
  types.write("house/templates/web.title.j2", "{{ payload.room }}\n");
  types.write("webhook/templates/web.title.j2", "mine");
  types.write("README.md", "not of a type");
  types.write(".git/config", "hidden");
  types.write("house/.manifest.json.swp", "hidden");
  const auto catalog = load_catalog(types.path());
  REQUIRE(catalog.ok());
  CHECK(catalog->find("house")->templates.at("web.title") == "{{ payload.room }}");
  CHECK(catalog->find("webhook")->templates.at("web.title") == "mine");
  CHECK(catalog->find("webhook")->name == load_catalog("")->find("webhook")->name);
}

TEST_CASE("mistakes in a folder are told with their file") {
  CHECK(load_catalog("/nowhere/types").error().kind == base::ErrorKind::not_found);
  const Types types;
  types.write("house/manifest.json", "{\"name\": 1}");
  const auto catalog = load_catalog(types.path());
  REQUIRE_FALSE(catalog.ok());
  const base::Error& error = catalog.error();
  CHECK((error.where + error.message).find("house/manifest.json") != std::string::npos);
}

}  // namespace
}  // namespace tocsin::server
