// The default templates of the catalogue: what they make of the cases in tests/cases/ingest, and that none ever fails.
#include "catalog/embedded.hpp"
#include "interpret/interpret.hpp"
#include "value/json.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

using namespace tocsin;
using value::Value;

namespace {

std::string text_of(const std::filesystem::path& path) {
  std::ifstream in(path);
  REQUIRE_MESSAGE(in.is_open(), path.string());
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::filesystem::path> files_under(const std::filesystem::path& folder, const std::string& extension) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == extension) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

const catalog::Catalog& built_in() {
  static const catalog::Catalog catalog = [] {
    auto loaded = catalog::Catalog::load(catalog::embedded_files());
    REQUIRE(loaded.ok());
    return std::move(*loaded);
  }();
  return catalog;
}

std::shared_ptr<const interpret::Settings> settings_of(const catalog::Type& type) {
  model::Integration integration;
  integration.id = model::IntegrationId("CTEST");
  integration.type = type.slug;
  integration.name = "My integration";
  integration.resolves_from_source = type.resolves_from_source;
  return interpret::Settings::compile(integration, {}, type, {});
}

const interpret::GroupFacts facts_without_link{"http://t/g/I1", 7, ""};

/// A type with everything that turns its alerts into what people see.
class Desk {
 public:
  explicit Desk(const catalog::Type& type) : settings_(settings_of(type)) {}

  std::vector<model::Reading> read(std::string_view payload) {
    auto document = value::read_json(payload);
    REQUIRE(document.ok());
    model::Delivery delivery;
    delivery.body = std::make_shared<const value::Document>(std::move(*document));
    return interpret::interpret(*settings_, delivery, "seed", bench_);
  }

  interpret::Rendered render(std::string_view field, const model::Reading& reading) {
    const auto payload = value::read_json(reading.payload);
    REQUIRE(payload.ok());
    interpret::GroupFacts facts = facts_without_link;
    facts.source_link = reading.source_link;
    return interpret::render_field(*settings_, field, payload->root(), facts, {}, bench_);
  }

 private:
  std::shared_ptr<const interpret::Settings> settings_;
  interpret::Bench bench_;
};

void check_reading(Desk& desk, const model::Reading& reading, Value expected) {
  CHECK(reading.first_error == "");
  CHECK(reading.title == expected.text_at("title"));
  CHECK(reading.grouping_key == expected.text_at("grouping_key"));
  CHECK(reading.resolve == expected.find("resolve")->as_boolean());
  CHECK(reading.source_link == expected.text_at("source_link"));
  const Value* fields = expected.find("fields");
  if (fields == nullptr) return;
  for (const value::Entry& field : *fields->as_dict()) {
    CAPTURE(field.key.as_text());
    const interpret::Rendered rendered = desk.render(field.key.as_text(), reading);
    CHECK_MESSAGE(!rendered.error, rendered.error->message);
    CHECK(rendered.text.value_or("") == (field.value.is_none() ? "" : field.value.as_text()));
  }
}

/// No default template may fail on it; an empty text: none did.
std::string failures(const catalog::Type& type, Desk& desk, std::string_view payload) {
  std::string all;
  for (const model::Reading& reading : desk.read(payload)) {
    if (!reading.first_error.empty()) all += reading.first_error + "; ";
    if (reading.title.empty() || reading.grouping_key.empty()) all += "no title or key; ";
    for (const std::string_view field : catalog::template_fields()) {
      if (field.find('.') == std::string_view::npos || !catalog::default_template(type, field)) continue;
      const interpret::Rendered rendered = desk.render(field, reading);
      if (rendered.error) all += std::string(field) + ": " + rendered.error->message + "; ";
    }
  }
  return all;
}

void check_all_types(const std::vector<std::string>& payloads) {
  for (const catalog::Type* type : built_in().all()) {
    Desk desk(*type);
    for (const std::string& payload : payloads) {
      CHECK_MESSAGE(failures(*type, desk, payload) == "", type->slug << ": " << payload.substr(0, 300));
    }
  }
}

/// Payloads with a known member that is missing, null or of the wrong kind.
std::vector<std::string> odd_payloads() {
  const std::vector<std::string> members = {"alerts",
                                            "labels",
                                            "annotations",
                                            "groupLabels",
                                            "commonLabels",
                                            "commonAnnotations",
                                            "groupKey",
                                            "status",
                                            "generatorURL",
                                            "externalURL",
                                            "truncatedAlerts",
                                            "title",
                                            "message",
                                            "state",
                                            "alert_uid",
                                            "url",
                                            "ruleName",
                                            "ruleUrl",
                                            "evalMatches",
                                            "tags",
                                            "attachments",
                                            "imageUrl",
                                            "image_url",
                                            "link_to_upstream_details",
                                            "oncall",
                                            "valueString",
                                            "dashboardURL",
                                            "fields",
                                            "items"};
  const std::vector<std::string> kinds = {
      "null", "true", "7", "2.5", "\"\"", "\"text\"", "[]", "[1, null, \"a\", {}]", "{}", "{\"a\": 1, \"items\": null}",
      "[[1]]"};
  std::vector<std::string> payloads = {"null", "true",   "7",    "2.5",  "\"\"", "\"text\"",
                                       "[]",   "[null]", "[{}]", "[[]]", "{}"};
  for (const std::string& member : members) {
    for (const std::string& kind : kinds) {
      const std::string pair = "{\"" + member + "\": " + kind + "}";
      payloads.insert(payloads.end(), {pair, "{\"alerts\": [" + pair + "]}", "{\"oncall\": " + pair + "}",
                                       "{\"attachments\": [" + pair + "]}"});
    }
  }
  return payloads;
}

}  // namespace

TEST_CASE("the default templates make of each case what it says") {
  const auto files = files_under(TOCSIN_SOURCE_DIR "/tests/cases/ingest", ".json");
  REQUIRE(files.size() >= 40);
  for (const auto& file : files) {
    CAPTURE(file.string());
    const std::string text = text_of(file);
    const auto document = value::read_json(text);
    REQUIRE(document.ok());
    const Value root = document->root();
    const catalog::Type* type = built_in().find(root.text_at("type"));
    REQUIRE(type != nullptr);
    Desk desk(*type);
    const std::vector<model::Reading> readings = desk.read(value::to_json(*root.find("payload")));
    const value::List& expected = *root.find("alerts")->as_list();
    REQUIRE(readings.size() == expected.size);
    for (std::size_t i = 0; i < readings.size(); ++i) check_reading(desk, readings[i], expected.items[i]);
  }
}

TEST_CASE("no default template fails, whatever comes in") {
  check_all_types(odd_payloads());
}

TEST_CASE("no default template fails on another system's payload") {
  std::vector<std::string> payloads;
  for (const auto& file : files_under(TOCSIN_SOURCE_DIR "/tests/cases/ingest", ".json")) {
    const std::string text = text_of(file);
    const auto document = value::read_json(text);
    REQUIRE(document.ok());
    payloads.push_back(value::to_json(*document->root().find("payload")));
  }
  check_all_types(payloads);
}

TEST_CASE("every type has the defaults that its users had before") {
  const std::vector<std::string_view> fields = {
      "grouping_key",    "source_link",      "slack.title",       "slack.message",      "web.title",
      "web.message",     "telegram.title",   "telegram.message",  "sms.title",          "phone_call.title",
      "email.title",     "email.message",    "mobile_app.title",  "mobile_app.message", "webhook.title",
      "webhook.message", "mattermost.title", "mattermost.message"};
  for (const catalog::Type* type : built_in().all()) {
    CAPTURE(type->slug);
    for (const std::string_view field : fields)
      CHECK_MESSAGE(catalog::default_template(*type, field).has_value(), field);
    CHECK(catalog::default_template(*type, "resolve_signal").has_value() == type->resolves_from_source);
    CHECK_FALSE(catalog::default_template(*type, "acknowledge_signal").has_value());
    CHECK(type->example != "");
    CHECK((type->connect.find("{{url}}") != std::string::npos) == type->has_url);
  }
}

TEST_CASE("Grafana Alerting speaks as Alertmanager does") {
  CHECK(built_in().find("alertmanager")->templates == built_in().find("grafana_alerting")->templates);
}

TEST_CASE("the corpus of real payloads, where it is there") {
  const char* told = std::getenv("TOCSIN_CORPUS");
  const std::filesystem::path corpus = told != nullptr ? told : TOCSIN_SOURCE_DIR "/../shared/corpus";
  if (!std::filesystem::exists(corpus)) {
    MESSAGE("skipped: there is no corpus at ", corpus.string(), " (TOCSIN_CORPUS names it)");
    return;
  }
  std::vector<std::string> payloads;
  for (const auto& file : files_under(corpus, ".json")) {
    std::string text = text_of(file);
    if (value::read_json(text).ok()) payloads.push_back(std::move(text));
  }
  check_all_types(payloads);
}

TEST_CASE("people find in title and message what they look for, where the corpus is there") {
  const char* told = std::getenv("TOCSIN_CORPUS");
  const std::filesystem::path corpus = told != nullptr ? told : TOCSIN_SOURCE_DIR "/../shared/corpus";
  if (!std::filesystem::exists(corpus / "INDEX.tsv")) return;
  const std::map<std::string, std::string> types = {{"alertmanager", "alertmanager"},
                                                    {"grafana_alerting", "grafana_alerting"},
                                                    {"grafana_legacy", "grafana"},
                                                    {"generic_webhook", "webhook"}};
  // It reads as `host: andromeda`, as every label does.
  const std::string_view said_otherwise = "host andromeda";
  std::istringstream index(text_of(corpus / "INDEX.tsv"));
  std::size_t checked = 0;
  for (std::string line; std::getline(index, line);) {
    std::vector<std::string> columns;
    std::istringstream cells(line);
    for (std::string cell; std::getline(cells, cell, '\t');) columns.push_back(cell);
    if (columns.size() < 10 || !types.contains(columns[1])) continue;
    CAPTURE(columns[0]);
    Desk desk(*built_in().find(types.at(columns[1])));
    const auto readings = desk.read(text_of(corpus / columns[0]));
    REQUIRE(readings.size() == 1);
    const std::string seen = readings[0].title + "\n" + desk.render("web.message", readings[0]).text.value_or("");
    std::string facts = columns[6];
    while (!facts.empty()) {
      const std::size_t end = facts.find("; ");
      const std::string fact = facts.substr(0, end);
      facts = end == std::string::npos ? "" : facts.substr(end + 2);
      if (fact != said_otherwise) CHECK_MESSAGE(seen.find(fact) != std::string::npos, fact << " in: " << seen);
    }
    CHECK(readings[0].resolve == columns[9].starts_with("yes"));
    ++checked;
  }
  CHECK(checked >= 20);
}
