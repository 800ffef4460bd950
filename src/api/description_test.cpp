// Holds openapi.json and the code together: what an endpoint answers has exactly the shape that is described.
#include "api/schema.hpp"
#include "api/testbed.hpp"

#include <doctest/doctest.h>

#include <cctype>
#include <map>
#include <set>

using namespace tocsin;
using api::Endpoint;
using api::testbed::Answer;
using api::testbed::Bed;
using value::Kind;
using value::Value;

namespace {

/// Checks values against the JSON Schema that the description uses (types, required, properties, items, anyOf, $ref).
class Checker {
 public:
  explicit Checker(Value description) : schemas_(*description.find("components")->find("schemas")) {}

  std::vector<std::string> mistakes;

  void check(const std::string& where, Value schema, Value given) {
    if (const Value* reference = schema.find("$ref")) {
      const std::string name(reference->as_text().substr(std::string_view("#/components/schemas/").size()));
      const Value* target = schemas_.find(name);
      if (target == nullptr) return wrong(where, "no shape " + name);
      return check(where, *target, given);
    }
    if (const Value* choice = schema.find("anyOf")) {
      if (!given.is_none()) check(where, choice->as_list()->items[0], given);
      return;
    }
    const std::string_view type = schema.text_at("type");
    if (type.empty()) return;
    if (type == "object") return check_object(where, schema, given);
    if (type == "array") return check_list(where, schema, given);
    if (type == "string" && given.is_string()) return check_text(where, schema, given);
    const bool fits = (type == "integer" && given.is(Kind::integer)) ||
                      (type == "number" && (given.is(Kind::integer) || given.is(Kind::real))) ||
                      (type == "boolean" && given.is(Kind::boolean));
    if (!fits) wrong(where, "is no " + std::string(type) + ": " + value::to_json(given));
  }

 private:
  void wrong(const std::string& where, const std::string& what) { mistakes.push_back(where + ": " + what); }

  void check_text(const std::string& where, Value schema, Value given) {
    if (schema.text_at("format") != "date-time") return;
    const bool is_instant = given.as_text().ends_with('Z') && clock::from_iso8601(given.as_text());
    if (!is_instant) wrong(where, "is no instant: " + std::string(given.as_text()));
  }

  void check_list(const std::string& where, Value schema, Value given) {
    if (!given.is_list()) return wrong(where, "is no list");
    for (const Value item : *given.as_list()) check(where + "[]", *schema.find("items"), item);
  }

  void check_object(const std::string& where, Value schema, Value given) {
    if (!given.is_dict()) return wrong(where, "is no object: " + value::to_json(given));
    const Value* properties = schema.find("properties");
    const Value* others = schema.find("additionalProperties");
    for (const value::Entry& entry : *given.as_dict()) {
      const std::string name(entry.key.as_text());
      const Value* known = properties != nullptr ? properties->find(name) : nullptr;
      if (known != nullptr) {
        check(where + "." + name, *known, entry.value);
      } else if (others == nullptr) {
        wrong(where, "has the undescribed " + name);
      } else if (others->is_dict()) {
        check(where + "." + name, *others, entry.value);
      }
    }
    const Value* required = schema.find("required");
    if (required == nullptr) return;
    for (const Value name : *required->as_list()) {
      if (given.find(name.as_text()) == nullptr) wrong(where, "lacks " + std::string(name.as_text()));
    }
  }

  const Value schemas_;
};

value::Document parsed(const std::string& json) {
  auto document = value::read_json(json);
  REQUIRE_MESSAGE(document.ok(), json);
  return std::move(*document);
}

/// A bed with one object of each kind, made through the API.
struct Town {
  Bed bed;
  std::string integration = made("integrations", R"({"type":"alertmanager","name":"Town","labels":[
      {"key":{"name":"a"},"value":{"name":"b"}}],"description_short":"x","templates":{"web":{"title":"{{ payload }}"}}})");
  std::string route = made("routes", R"({"integration_id":")" + integration +
                                         R"(","routing_type":"jinja2","routing_regex":"{{ payload.a }}"})");
  std::string token = made("tokens", R"({"name":"ci","expires_at":"2030-01-01T00:00:00Z"})");
  std::string team =
      made("teams", R"({"name":"Ops","members":[")" + Bed::user_of(api::testbed::As::viewer).text() + R"("]})");
  std::string link = *bed.engine().accounts().make_link(Bed::user_of(api::testbed::As::editor), model::Actor{});
  std::string alert, group, note;

  Town() {
    const Answer demo = bed.ask("POST", "integrations/" + integration + "/demo_alert");
    REQUIRE_MESSAGE(demo.status() == 200, demo.body());
    alert = demo.at("alert_ids.0");
    group = demo.at("alert_group_ids.0");
    CHECK(bed.ask("POST", "alert_groups/" + group + "/acknowledge").status() == 200);
    note = made("resolution_notes", R"({"alert_group_id":")" + group + R"(","text":"done"})");
  }

  std::string made(std::string_view target, const std::string& body) {
    const Answer answer = bed.ask("POST", target, body);
    REQUIRE_MESSAGE(answer.status() == 201, answer.body());
    return answer.at("id");
  }

  /// The target of a pattern, with an object's id in the place of `{id}`.
  std::string target_of(std::string_view pattern) {
    const std::map<std::string_view, std::string> ids = {{"integrations", integration},
                                                         {"routes", route},
                                                         {"tokens", token},
                                                         {"alerts", alert},
                                                         {"alert_groups", group},
                                                         {"resolution_notes", note},
                                                         {"catalog", "alertmanager"},
                                                         {"organizations", "O"},
                                                         {"signin_links", link},
                                                         {"teams", team},
                                                         {"users", Bed::user_of(api::testbed::As::viewer).text()}};
    std::string target(pattern);
    const std::size_t at = target.find("{id}");
    if (at == std::string::npos) return target;
    const auto id = ids.find(pattern.substr(0, pattern.find('/')));
    return target.replace(at, 4, id == ids.end() ? "X1" : id->second);
  }
};

const Value* operation_in(Value description, const Endpoint& endpoint) {
  const bool has_extension = endpoint.pattern.find('.') != std::string_view::npos;
  const Value* path = description.find("paths")->find("/" + std::string(endpoint.pattern) + (has_extension ? "" : "/"));
  if (path == nullptr) return nullptr;
  std::string method(endpoint.method);
  for (char& c : method) c = static_cast<char>(std::tolower(c));
  return path->find(method);
}

const Value* schema_of(Value operation, const std::string& status) {
  const Value* response = operation.find("responses")->find(status);
  const Value* content = response != nullptr ? response->find("content") : nullptr;
  return content != nullptr ? content->find("application/json")->find("schema") : nullptr;
}

/// What OnCall's API has (of what this server answers); everything else is an addition.
const std::set<std::string> oncall_paths = {"organizations",
                                            "organizations/{id}",
                                            "users",
                                            "users/{id}",
                                            "users/current",
                                            "integrations",
                                            "integrations/{id}",
                                            "routes",
                                            "routes/{id}",
                                            "alert_groups",
                                            "alert_groups/{id}",
                                            "alert_groups/{id}/acknowledge",
                                            "alert_groups/{id}/unacknowledge",
                                            "alert_groups/{id}/resolve",
                                            "alert_groups/{id}/unresolve",
                                            "alert_groups/{id}/silence",
                                            "alert_groups/{id}/unsilence",
                                            "alerts",
                                            "resolution_notes",
                                            "resolution_notes/{id}",
                                            "slack_channels",
                                            "user_groups",
                                            "teams",
                                            "teams/{id}",
                                            "info"};

/// OnCall mirrors them from Grafana.
bool writes_people(const Endpoint& endpoint) {
  return (endpoint.pattern.starts_with("users") || endpoint.pattern.starts_with("teams")) && endpoint.method != "GET";
}

}  // namespace

TEST_CASE("the description names every endpoint, and marks what OnCall does not have") {
  Bed bed;
  const Answer answer = bed.ask_with("GET", "openapi.json", "", {});  // no token needed
  REQUIRE(answer.status() == 200);
  const value::Document description = parsed(answer.body());
  CHECK(answer.at("openapi") == "3.1.0");
  CHECK(answer.at("servers.0.url") == "https://tocsin.example.org/oncall/api/v1");
  std::set<std::string> ids;
  for (const Endpoint& endpoint : api::all_endpoints()) {
    CAPTURE(endpoint.method);
    CAPTURE(endpoint.pattern);
    const Value* operation = operation_in(description.root(), endpoint);
    REQUIRE(operation != nullptr);
    CHECK(ids.insert(std::string(operation->text_at("operationId"))).second);
    const bool is_addition = oncall_paths.count(std::string(endpoint.pattern)) == 0 || writes_people(endpoint);
    CHECK((operation->find("x-tocsin-addition") != nullptr) == is_addition);
  }
}

TEST_CASE("every shape that is spoken of is described") {
  Bed bed;
  const std::string body = bed.ask("GET", "openapi.json").body();
  const value::Document description = parsed(body);
  const Value schemas = *description.root().find("components")->find("schemas");
  const std::string_view mark = "#/components/schemas/";
  std::set<std::string> used;
  for (std::size_t at = body.find(mark); at != std::string::npos; at = body.find(mark, at + 1)) {
    const std::size_t start = at + mark.size();
    used.insert(body.substr(start, body.find('"', start) - start));
  }
  for (const std::string& name : used) {
    CAPTURE(name);
    CHECK(schemas.find(name) != nullptr);
  }
  for (const value::Entry& entry : *schemas.as_dict()) {
    CAPTURE(std::string(entry.key.as_text()));
    CHECK(used.count(std::string(entry.key.as_text())) == 1);
  }
}

TEST_CASE("every GET answers what is described") {
  Town town;
  const value::Document description = parsed(town.bed.ask("GET", "openapi.json").body());
  for (const Endpoint& endpoint : api::all_endpoints()) {
    if (endpoint.method != "GET" || endpoint.response_schema.empty()) continue;
    const std::string target = town.target_of(endpoint.pattern);
    CAPTURE(target);
    const Answer answer = endpoint.access == Endpoint::Access::session
                              ? town.bed.ask_in(town.bed.session_of(api::testbed::As::admin), "GET", target)
                              : town.bed.ask("GET", target);
    REQUIRE_MESSAGE(answer.status() == 200, answer.body());
    const Value* schema = schema_of(*operation_in(description.root(), endpoint), "200");
    REQUIRE(schema != nullptr);
    const value::Document given = parsed(answer.body());
    Checker checker(description.root());
    checker.check(target, *schema, given.root());
    for (const std::string& mistake : checker.mistakes) FAIL_CHECK(mistake);
  }
}

TEST_CASE("what writes answers what is described") {
  Town town;
  const value::Document description = parsed(town.bed.ask("GET", "openapi.json").body());
  const std::string integration = "integrations/" + town.integration, route = "routes/" + town.route;
  struct Write {
    const char* method;
    const char* pattern;
    std::string target;
    std::string body;
    const char* status;
  };
  const Write writes[] = {
      {"POST", "integrations", "integrations", R"({"type":"webhook"})", "201"},
      {"PUT", "integrations/{id}", integration, R"({"name":"x"})", "200"},
      {"PATCH", "integrations/{id}/intake", integration + "/intake", R"({"rate_per_second":5})", "200"},
      {"POST", "integrations/{id}/demo_alert", integration + "/demo_alert", "", "200"},
      {"POST", "integrations/{id}/preview", integration + "/preview", R"({"payload":{"a":1}})", "200"},
      {"POST", "routes", "routes", R"({"integration_id":")" + town.integration + R"(","routing_regex":"a"})", "201"},
      {"PATCH", "routes/{id}", route, R"({"position":0})", "200"},
      {"POST", "users", "users", R"({"username":"ann","role":"editor"})", "201"},
      {"POST", "teams", "teams", R"({"name":"Other"})", "201"},
      {"PATCH", "teams/{id}", "teams/" + town.team, R"({"email":"x@example.org"})", "200"},
      {"PATCH", "users/{id}", "users/" + Bed::user_of(api::testbed::As::viewer).text(), R"({"phone":"+49 30 1234567"})",
       "200"},
      {"POST", "users/{id}/signin_link", "users/" + Bed::user_of(api::testbed::As::viewer).text() + "/signin_link", "",
       "200"},
      {"POST", "signin_links/{id}", "signin_links/" + town.link, R"({"password":"long enough"})", "200"},
      {"POST", "session", "session", R"({"username":"editor","password":"long enough"})", "200"},
      {"POST", "tokens", "tokens", R"({"name":"x"})", "201"},
      {"POST", "alert_groups/bulk", "alert_groups/bulk",
       R"({"action":"resolve","alert_group_ids":["X",")" + town.group + R"("]})", "200"},
      {"POST", "resolution_notes", "resolution_notes", R"({"alert_group_id":")" + town.group + R"(","text":"x"})",
       "201"},
  };
  for (const Write& write : writes) {
    CAPTURE(write.pattern);
    const Answer answer = town.bed.ask(write.method, write.target, write.body);
    REQUIRE_MESSAGE(std::to_string(answer.status()) == write.status, answer.body());
    Endpoint endpoint{};
    endpoint.method = write.method;
    endpoint.pattern = write.pattern;
    const Value* schema = schema_of(*operation_in(description.root(), endpoint), write.status);
    REQUIRE(schema != nullptr);
    const value::Document given = parsed(answer.body());
    Checker checker(description.root());
    checker.check(write.pattern, *schema, given.root());
    for (const std::string& mistake : checker.mistakes) FAIL_CHECK(mistake);
  }
}
