#include "catalog/catalog.hpp"

#include <doctest/doctest.h>

#include "catalog/embedded.hpp"
#include "value/json.hpp"

using namespace tocsin;
using namespace tocsin::catalog;

namespace {

Catalog embedded() {
  const std::vector<File> files = embedded_files();
  auto loaded = Catalog::load(files);
  REQUIRE_MESSAGE(loaded.ok(), (loaded ? "" : loaded.error().message));
  return std::move(*loaded);
}

base::Error refused(std::vector<File> files) {
  const auto loaded = Catalog::load(files);
  REQUIRE_FALSE(loaded.ok());
  return loaded.error();
}

}  // namespace

TEST_CASE("the built-in types are whole") {
  const Catalog catalog = embedded();
  for (const char* slug : {"alertmanager", "legacy_alertmanager", "grafana_alerting", "legacy_grafana_alerting",
                           "grafana", "webhook", "formatted_webhook", "manual"}) {
    const Type* type = catalog.find(slug);
    REQUIRE_MESSAGE(type != nullptr, slug);
    CHECK_MESSAGE(!type->name.empty(), slug);
    CHECK_MESSAGE(!type->description.empty(), slug);
    CHECK_MESSAGE(type->templates.count("grouping_key") == 1, slug);
    CHECK_MESSAGE(type->templates.count("web.title") == 1, slug);
    CHECK_MESSAGE(!type->connect.empty(), slug);
    if (type->has_demo) CHECK_MESSAGE(value::read_json(type->example).ok(), slug);
  }
  CHECK(catalog.find("alertmanager")->format == Format::alertmanager);
  CHECK(catalog.find("legacy_alertmanager")->format == Format::alertmanager_each);
  CHECK(catalog.find("grafana")->format == Format::grafana);
  CHECK(catalog.find("webhook")->format == Format::plain);
  CHECK_FALSE(catalog.find("legacy_alertmanager")->creatable);
  CHECK_FALSE(catalog.find("manual")->has_url);
  CHECK(catalog.find("nagios") == nullptr);
}

TEST_CASE("featured types come first, then by name") {
  const Catalog catalog = embedded();
  const std::vector<const Type*> all = catalog.all();
  for (std::size_t i = 1; i < all.size(); ++i) {
    const bool same = all[i - 1]->featured == all[i]->featured;
    CHECK((all[i - 1]->featured >= all[i]->featured));
    if (same) CHECK(all[i - 1]->name <= all[i]->name);
  }
}

TEST_CASE("later files replace earlier ones; a type may be added") {
  const std::vector<File> files = {
      {"nagios/manifest.json", R"({"name": "Nagios", "format": "plain", "featured": true})"},
      {"nagios/templates/web.title.j2", "first\n"},
      {"nagios/templates/web.title.j2", "{{ payload.host }}\n"},
      {"nagios/templates/web.message.j2", "two\nlines\n"},
      {"README.md", "beside the types"},
  };
  const auto loaded = Catalog::load(files);
  REQUIRE(loaded.ok());
  const Type* type = loaded->find("nagios");
  REQUIRE(type != nullptr);
  CHECK(type->featured);
  CHECK(type->templates.at("web.title") == "{{ payload.host }}");
  CHECK(default_template(*type, "slack.title") == "{{ payload.host }}");
  CHECK(default_template(*type, "email.message") == "two\nlines");
  CHECK_FALSE(default_template(*type, "grouping_key").has_value());
  CHECK_FALSE(default_template(*type, "telegram.image_url").has_value());
}

TEST_CASE("every mistake is told with its file") {
  const base::Error error = refused({
      {"a/manifest.json", R"({"name": "A", "format": "fancy"})"},
      {"a/templates/web.titel.j2", "x"},
      {"a/example.json", "{"},
      {"a/notes.txt", "x"},
      {"b/manifest.json", R"({"name": "B", "featured": "yes"})"},
      {"c/connect.md", "x"},
  });
  CHECK(error.kind == base::ErrorKind::invalid);
  CHECK(error.message.find("a/manifest.json") != std::string::npos);
  CHECK(error.message.find("'format'") != std::string::npos);
  REQUIRE(error.also.size() == 5);
  CHECK(error.also[0].where == "a/templates/web.titel.j2");
  CHECK(error.also[1].where == "a/example.json");
  CHECK(error.also[2].where == "a/notes.txt");
  CHECK(error.also[3].message.find("true or false") != std::string::npos);
  CHECK(error.also[4].where == "c");
}

TEST_CASE("the slug that people see has no legacy_") {
  CHECK(shown_slug("legacy_alertmanager") == "alertmanager");
  CHECK(shown_slug("webhook") == "webhook");
}
