#include "change/integration.hpp"

#include <doctest/doctest.h>

using namespace tocsin;

namespace {

const change::Edit edit{model::OrganizationId("O1"),
                        {model::Via::api, model::UserId("U1"), "10.0.0.1"},
                        clock::Instant::from_seconds(1000)};

const catalog::Catalog& catalogue() {
  static const catalog::Catalog loaded = [] {
    const catalog::File files[] = {
        {"alertmanager/manifest.json", R"({"name":"Alertmanager","description":"x"})"},
        {"legacy_alertmanager/manifest.json", R"({"name":"Alertmanager","description":"x","creatable":false})"},
        {"hidden/manifest.json", R"({"name":"Hidden","description":"x","creatable":false})"},
        {"silent/manifest.json", R"({"name":"Silent","description":"x","resolves_from_source":false})"},
    };
    auto catalog = catalog::Catalog::load(files);
    REQUIRE(catalog.ok());
    return std::move(*catalog);
  }();
  return loaded;
}

change::FreshIntegration fresh(const char* type = "alertmanager") {
  return {model::IntegrationId("C1"), model::RouteId("R1"), "sealed", "digest", catalogue().find(type)};
}

change::NameTaken taken(std::vector<std::string> names) {
  return [names = std::move(names)](const std::string& name, const model::TeamId&) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
}

const model::Integration& integration_of(const model::Unit& unit) {
  for (const model::Record& record : unit.records) {
    if (const auto* integration = std::get_if<model::Integration>(&record)) return *integration;
  }
  FAIL("no integration in the unit");
  std::abort();
}

change::Standing standing() {
  auto unit = change::create_integration(fresh(), {}, taken({}), edit);
  REQUIRE(unit.ok());
  return {std::get<model::Integration>(unit->records[0]), {std::get<model::Route>(unit->records[1])}};
}

std::string type_error(const char* slug) {
  const auto type = change::check_type(catalogue(), slug);
  return type ? "" : type.error().message;
}

std::string check_error(const change::IntegrationChange& change) {
  const base::Status status = change::check_integration(change);
  return status ? "" : status.error().where + ":" + status.error().message;
}

}  // namespace

TEST_CASE("which types an integration may be made of") {
  CHECK(type_error("alertmanager").empty());
  CHECK(type_error("no_such") == "Invalid integration type");
  CHECK(type_error("hidden") == "Invalid integration type");
  CHECK(type_error("legacy_alertmanager") == "This integration type is deprecated");
  CHECK(type_error("direct_paging") == "Direct paging integrations can't be created");
}

TEST_CASE("a new integration comes with a default route, an author and an audit entry without secrets") {
  const auto unit = change::create_integration(fresh(), {}, taken({}), edit);
  REQUIRE(unit.ok());
  const model::Integration& made = integration_of(*unit);
  CHECK(made.type == "alertmanager");
  CHECK(made.author.text() == "U1");
  CHECK(made.created_at == edit.now);
  const auto& route = std::get<model::Route>(unit->records[1]);
  CHECK(route.is_default);
  CHECK(route.integration == made.id);
  REQUIRE(unit->audit.size() == 1);
  CHECK(unit->audit[0].action == "integration.created");
  CHECK(unit->audit[0].after.find("sealed") == std::string::npos);
  CHECK(unit->audit[0].after.find("digest") == std::string::npos);
}

TEST_CASE("without a name it gets a free one; a taken name is refused") {
  CHECK(integration_of(*change::create_integration(fresh(), {}, taken({}), edit)).name == "Alertmanager");
  CHECK(
      integration_of(*change::create_integration(fresh(), {}, taken({"Alertmanager", "Alertmanager 2"}), edit)).name ==
      "Alertmanager 3");
  change::IntegrationChange change;
  change.name = "Mine";
  const auto refused = change::create_integration(fresh(), change, taken({"Mine"}), edit);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().message == "An integration with this name already exists for this team");
  CHECK(refused.error().where.empty());
}

TEST_CASE("whether the source resolves is the type's word at first") {
  CHECK(integration_of(*change::create_integration(fresh(), {}, taken({}), edit)).resolves_from_source);
  CHECK_FALSE(integration_of(*change::create_integration(fresh("silent"), {}, taken({}), edit)).resolves_from_source);
}

TEST_CASE("an edit keeps what it does not name") {
  change::Standing before = standing();
  before.integration.description = "kept";
  before.integration.templates = {{"web.title", "t"}, {"slack.title", "s"}};
  before.integration.labels = {{"a", "b"}};
  change::IntegrationChange change;
  change.name = "New";
  change.templates = {{"web.title", std::nullopt}, {"sms.title", ""}};
  const auto unit = change::change_integration(before, change, taken({}), edit);
  REQUIRE(unit.ok());
  const model::Integration& after = integration_of(*unit);
  CHECK(after.name == "New");
  CHECK(after.description == "kept");
  CHECK(after.templates == model::Templates{{"slack.title", "s"}, {"sms.title", ""}});
  CHECK(after.labels == std::map<std::string, std::string>{{"a", "b"}});
  CHECK(after.token_sealed == "sealed");
  CHECK(unit->records.size() == 1);  // the default route was not named
}

TEST_CASE("the name is looked at only when the edit names it") {
  change::IntegrationChange change;
  change.description = "x";
  CHECK(change::change_integration(standing(), change, taken({"Alertmanager"}), edit).ok());
  change.name = "Alertmanager";
  CHECK_FALSE(change::change_integration(standing(), change, taken({"Alertmanager"}), edit).ok());
}

TEST_CASE("an edit of the default route is told as its own") {
  change::IntegrationChange change;
  change.default_route.channels["slack"] = {std::nullopt, false};
  const auto unit = change::change_integration(standing(), change, taken({}), edit);
  REQUIRE(unit.ok());
  CHECK(unit->records.size() == 2);
  REQUIRE(unit->audit.size() == 2);
  CHECK(unit->audit[1].action == "route.changed");
}

TEST_CASE("a deleted integration stays as a record") {
  const auto unit = change::delete_integration(standing().integration, edit);
  REQUIRE(unit.ok());
  CHECK(integration_of(*unit).deleted_at == edit.now);
  model::Integration paging = standing().integration;
  paging.type = "direct_paging";
  CHECK(change::delete_integration(paging, edit).error().message == "Direct paging integrations can't be deleted");
}

TEST_CASE("templates, labels and rates are checked") {
  change::IntegrationChange change;
  change.templates = {{"slack.title", "{{ payload"}};
  CHECK(check_error(change) == ":invalid slack title template");
  change.templates = {{"resolve_signal", "{% if %}"}};
  CHECK(check_error(change) == ":Invalid resolve_signal template data");
  change.templates = {{"grouping_key", "{{ payload.a }}"}, {"web.title", std::nullopt}};
  CHECK(check_error(change).empty());
  change.dynamic_labels = {{{"team", "{{ payload."}}};
  CHECK(check_error(change).starts_with("dynamic_labels:The template of team is wrong"));
  change.dynamic_labels.reset();
  change.labels = std::map<std::string, std::string>();
  for (int i = 0; i < 16; ++i) (*change.labels)["k" + std::to_string(i)] = "v";
  CHECK(check_error(change) == "labels:An integration has at most 15 labels.");
  change.labels.reset();
  change.rate_per_second = 0.0;
  CHECK(check_error(change).starts_with("rate_per_second:"));
  change.rate_per_second = std::optional<double>();
  CHECK(check_error(change).empty());
}
