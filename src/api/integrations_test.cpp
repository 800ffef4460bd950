// Integrations (spec: api.md 5.2, I1 to I28), as clients see them.
#include "api/testbed.hpp"

#include <doctest/doctest.h>

using namespace tocsin;
using namespace tocsin::api::testbed;

namespace {

constexpr const char* path = "integrations/CAAAAAAAAAAA1";

constexpr const char* whole = R"({
  "id": "CAAAAAAAAAAA1", "name": "Payments", "description_short": null, "team_id": null,
  "link": "https://tocsin.example.org/oncall/integrations/v1/webhook/payments/", "inbound_email": null,
  "type": "webhook",
  "templates": {
    "grouping_key": null, "resolve_signal": null, "acknowledge_signal": null, "source_link": null,
    "slack": {"title": null, "message": null, "image_url": null},
    "web": {"title": null, "message": null, "image_url": null},
    "telegram": {"title": null, "message": null, "image_url": null},
    "sms": {"title": null}, "phone_call": {"title": null},
    "email": {"title": null, "message": null}, "mobile_app": {"title": null, "message": null},
    "webhook": {"title": null, "message": null, "image_url": null},
    "mattermost": {"title": null, "message": null, "image_url": null}},
  "default_route": {
    "id": "RAAAAAAAAAAA1", "escalation_chain_id": null,
    "slack": {"channel_id": null, "enabled": true}, "telegram": {"id": null, "enabled": false},
    "mobile_app": {"id": null, "enabled": false}, "mobile_app_critical": {"id": null, "enabled": false},
    "email": {"id": null, "enabled": false}, "webhook": {"id": null, "enabled": false},
    "mattermost": {"id": null, "enabled": false}},
  "heartbeat": {"link": "https://tocsin.example.org/oncall/integrations/v1/webhook/payments/heartbeat/"},
  "maintenance_mode": null, "maintenance_started_at": null, "maintenance_end_at": null,
  "labels": [], "dynamic_labels": []})";

Answer create(Bed& bed, std::string_view body) {
  return bed.ask("POST", "integrations", body);
}
Answer put(Bed& bed, std::string_view body) {
  return bed.ask("PUT", path, body);
}

void check_refused(const Answer& answer, const std::string& body) {
  CHECK(answer.status() == 400);
  CHECK(answer.body() == body);
}

std::string detail(const std::string& text) {
  return "{\"detail\":\"" + text + "\"}";
}

}  // namespace

TEST_CASE("I1: the whole object, alone and in the list") {
  Bed bed;
  CHECK(bed.ask("GET", path).json() == sorted(whole));
  CHECK(bed.ask("GET", "integrations").json() ==
        sorted(std::string(R"({"count":1,"next":null,"previous":null,"page_size":50,"current_page_number":1,
                               "total_pages":1,"results":[)") +
               whole + "]}"));
}

TEST_CASE("I2, I27: a minimal one; without a name it gets one of its own") {
  Bed bed;
  const Answer made = create(bed, R"({"type":"grafana","name":"Grafana of the plant","team_id":null})");
  CHECK(made.status() == 201);
  CHECK(made.at("name") == "Grafana of the plant");
  CHECK(made.at("id").front() == 'C');
  const std::string link = made.at("link");
  const std::string root = "https://tocsin.example.org/oncall/integrations/v1/grafana/";
  CHECK(link.starts_with(root));
  CHECK(link.size() == root.size() + 26);
  CHECK(made.at("default_route.id").front() == 'R');
  const Answer nameless = create(bed, R"({"type":"alertmanager"})");
  const Answer another = create(bed, R"({"type":"alertmanager","team_id":""})");
  CHECK(nameless.status() == 201);
  CHECK(another.status() == 201);
  CHECK(nameless.at("name") != another.at("name"));
  CHECK(bed.ask("GET", "integrations").at("count") == "4");
  CHECK(bed.ask("GET", "integrations").at("results.1.id") == made.at("id"));
}

TEST_CASE("I3, I5, I6: names are unique among live integrations") {
  Bed bed;
  const std::string taken = detail("An integration with this name already exists for this team");
  check_refused(create(bed, R"({"type":"webhook","name":"Payments"})"), taken);
  check_refused(create(bed, R"({"type":"webhook","name":"  Payments "})"), taken);
  CHECK(put(bed, R"({"name":"Payments"})").status() == 200);
  const Answer other = create(bed, R"({"type":"webhook","name":"Other"})");
  CHECK(other.status() == 201);
  check_refused(put(bed, R"({"name":"Other"})"), taken);
  CHECK(put(bed, R"({"description_short":"same name left out"})").status() == 200);
  CHECK(bed.ask("DELETE", "integrations/" + other.at("id")).status() == 204);
  CHECK(put(bed, R"({"name":"Other"})").at("name") == "Other");
}

TEST_CASE("I8: every template null on creation") {
  Bed bed;
  const Answer made = create(bed, R"({"type":"webhook","name":"x","templates":{"grouping_key":null,
    "resolve_signal":null,"acknowledge_signal":null,"source_link":null,
    "slack":{"title":null,"message":null,"image_url":null},"web":null,"sms":{"title":null},"email":{"title":null,
    "message":null},"msteams":{"title":null}}})");
  CHECK(made.status() == 201);
  CHECK(made.at("templates.web.title") == "null");
}

TEST_CASE("I9, I23, I27: types that can't be created") {
  Bed bed;
  check_refused(create(bed, R"({"type":"nothing"})"), detail("Invalid integration type"));
  check_refused(create(bed, R"({"type":"legacy_alertmanager"})"), detail("This integration type is deprecated"));
  check_refused(create(bed, R"({"type":"direct_paging"})"), detail("Direct paging integrations can't be created"));
  check_refused(create(bed, R"({"name":"x"})"), R"({"type":["This field is required."]})");
  CHECK(create(bed, R"({"type":"maintenance"})").status() == 400);
  CHECK(bed.ask("GET", "integrations").at("count") == "1");
}

TEST_CASE("I10, I11, I13, I16, I17: an update changes what it names, and keeps the rest") {
  Bed bed;
  CHECK(put(bed, R"({"templates":{"grouping_key":"ip_addr","slack":{"title":"Incident"}}})").status() == 200);
  CHECK(put(bed, R"({"templates":{"webhook":{"title":"T"},"resolve_signal":"resig","sms":{}}})").status() == 200);
  CHECK(put(bed, R"({"description_short":"all of it"})").status() == 200);
  CHECK(bed.ask("PATCH", path, R"({"name":"Payments 2","unknown":1,"id":"CZZ","type":"grafana"})").status() == 200);
  const Answer after = bed.ask("GET", path);
  CHECK(after.at("templates.grouping_key") == "ip_addr");
  CHECK(after.at("templates.resolve_signal") == "resig");
  CHECK(after.at("templates.slack") == R"({"title":"Incident","message":null,"image_url":null})");
  CHECK(after.at("templates.webhook") == R"({"title":"T","message":null,"image_url":null})");
  CHECK(after.at("templates.sms.title") == "null");
  CHECK(after.at("description_short") == "all of it");
  CHECK(after.at("name") == "Payments 2");
  CHECK(after.at("type") == "webhook");
  CHECK(after.at("id") == "CAAAAAAAAAAA1");
}

TEST_CASE("templates are kept byte for byte, and an empty one is not the same as none") {
  Bed bed;
  CHECK(put(bed, R"({"templates":{"web":{"title":"  {{ payload.x }}\n ","message":""}}})").status() == 200);
  const Answer after = bed.ask("GET", path);
  CHECK(after.at("templates.web") == R"({"title":"  {{ payload.x }}\n ","message":"","image_url":null})");
}

TEST_CASE("I12, I14, I15: templates that are none") {
  Bed bed;
  check_refused(put(bed, R"({"templates":{"slack":{"title":"{{"}}})"), detail("invalid slack title template"));
  check_refused(put(bed, R"({"templates":{"resolve_signal":"{{"}})"), detail("Invalid resolve_signal template data"));
  check_refused(put(bed, R"({"templates":{"grouping_key":{}}})"), detail("Invalid grouping_key template data"));
  check_refused(put(bed, R"({"templates":{"web":"string"}})"), detail("Invalid web template data"));
  check_refused(put(bed, R"({"templates":{"sms":{"message":"x"}}})"), detail("Invalid template data"));
  check_refused(put(bed, R"({"templates":"x"})"),
                R"({"templates":["Expected a dictionary of items but got type \"str\"."]})");
  CHECK(put(bed, R"({"templates":{"email":{"image_url":"x"},"msteams":"x"}})").status() == 200);
  CHECK(bed.ask("GET", path).json() == sorted(whole));
}

TEST_CASE("I18, I19: null brings the default back, for one attribute or a whole channel") {
  Bed bed;
  put(bed, R"({"templates":{"grouping_key":"k","slack":{"title":"a","message":"b"},
               "webhook":{"title":"a","message":"b","image_url":"c"},"web":{"title":"w","message":"m"}}})");
  put(bed, R"({"templates":{"grouping_key":null,"slack":{"title":null},"webhook":{"title":null},"web":null}})");
  const Answer after = bed.ask("GET", path);
  CHECK(after.at("templates.grouping_key") == "null");
  CHECK(after.at("templates.slack") == R"({"title":null,"message":"b","image_url":null})");
  CHECK(after.at("templates.webhook") == R"({"title":null,"message":"b","image_url":"c"})");
  CHECK(after.at("templates.web") == R"({"title":null,"message":null,"image_url":null})");
}

TEST_CASE("I20, I26: links, by type; a legacy type is shown by its new name") {
  Bed bed;
  model::Integration stored =
      *store::read(bed.engine().ledger(), [](const store::Reader& r) { return r.integration(integration); });
  stored.type = "legacy_alertmanager";
  model::Unit unit;
  unit.records.emplace_back(stored);
  bed.commit(std::move(unit));
  const Answer legacy = bed.ask("GET", path);
  CHECK(legacy.at("type") == "alertmanager");
  CHECK(legacy.at("link") == "https://tocsin.example.org/oncall/integrations/v1/alertmanager/payments/");
  CHECK(put(bed, R"({"type":"alertmanager","description_short":"I28"})").at("description_short") == "I28");
  CHECK(bed.ask("GET", path).at("type") == "alertmanager");

  const Answer manual = create(bed, R"({"type":"manual"})");
  CHECK(manual.status() == 201);
  CHECK(manual.at("link") == "null");
  CHECK(manual.at("heartbeat") == "null");
  CHECK(create(bed, R"({"type":"grafana_alerting"})").at("heartbeat") == "null");
  const Answer alertmanager = create(bed, R"({"type":"alertmanager"})");
  CHECK(alertmanager.at("heartbeat.link") == alertmanager.at("link") + "heartbeat/");
}

TEST_CASE("I21, I22: the default route through its integration") {
  Bed bed;
  check_refused(put(bed, R"({"default_route":{"escalation_chain_id":"FZZZZZZZZZZZZ"}})"),
                R"({"escalation_chain_id":["Object does not exist"]})");
  check_refused(create(bed, R"({"type":"webhook","default_route":{"slack":{"channel_id":"C123"}}})"),
                detail("Slack isn't connected to this workspace"));
  check_refused(put(bed, R"({"default_route":{"slack":{"channel_id":"C123"}}})"),
                detail("Slack isn't connected to this workspace"));
  const Answer changed = put(bed, R"({"default_route":{"id":"RZZ","escalation_chain_id":"","slack":{"enabled":false},
                                     "telegram":{"id":null,"enabled":true},"msteams":{"id":"x"}}})");
  CHECK(changed.status() == 200);
  CHECK(changed.at("default_route.id") == "RAAAAAAAAAAA1");
  CHECK(changed.at("default_route.escalation_chain_id") == "null");
  CHECK(changed.at("default_route.slack.enabled") == "false");
  CHECK(changed.at("default_route.telegram.enabled") == "true");
  CHECK(put(bed, R"({"default_route":{}})").at("default_route.slack.enabled") == "false");
  CHECK(bed.ask("GET", "routes/RAAAAAAAAAAA1").at("telegram.enabled") == "true");
}

TEST_CASE("fields: every mistake is told at once") {
  Bed bed;
  const Answer refused = put(bed, R"({"name":"","description_short":[],"team_id":"TZZZZZZZZZZZZ"})");
  CHECK(refused.status() == 400);
  CHECK(refused.json() == sorted(R"({"name":["This field may not be blank."],
    "description_short":["Not a valid string."],"team_id":["Object does not exist"]})"));
  check_refused(put(bed, R"({"name":null})"), R"({"name":["This field may not be null."]})");
  check_refused(put(bed, R"({"name":")" + std::string(151, 'n') + "\"}"),
                R"({"name":["Ensure this field has no more than 150 characters."]})");
  check_refused(put(bed, R"({"description_short":")" + std::string(251, 'n') + "\"}"),
                R"({"description_short":["Ensure this field has no more than 250 characters."]})");
  CHECK(put(bed, R"({"name":150,"team_id":""})").at("name") == "150");
  CHECK(put(bed, R"({"team_id":"null","description_short":null})").status() == 200);
}

TEST_CASE("labels and dynamic labels are kept, cleared and left alone") {
  Bed bed;
  const Answer set = put(bed, R"({"labels":[{"key":{"name":"team"},"value":{"name":"pay"}}],
    "dynamic_labels":[{"key":{"name":"host"},"value":{"name":"{{ payload.host }}"}}]})");
  CHECK(set.at("labels") == R"([{"key":{"id":"team","name":"team"},"value":{"id":"pay","name":"pay"}}])");
  CHECK(set.at("dynamic_labels.0.value.name") == "{{ payload.host }}");
  CHECK(put(bed, R"({"name":"x"})").at("labels.0.key.name") == "team");
  CHECK(put(bed, R"({"labels":[]})").at("labels") == "[]");
  CHECK(bed.ask("GET", path).at("dynamic_labels.0.key.name") == "host");
}

TEST_CASE("filters: the name exactly, and the team") {
  Bed bed;
  create(bed, R"({"type":"webhook","name":"Other"})");
  CHECK(bed.ask("GET", "integrations?name=Other").at("count") == "1");
  CHECK(bed.ask("GET", "integrations?name=Oth").at("count") == "0");
  CHECK(bed.ask("GET", "integrations?name=").at("count") == "0");
  CHECK(bed.ask("GET", "integrations?team_id=null").at("count") == "2");
  CHECK(bed.ask("GET", "integrations?team_id=").at("count") == "2");
  CHECK(bed.ask("GET", "integrations?team_id=TZZ").status() == 400);
}

TEST_CASE("delete: gone for good, but its alert groups stay") {
  Bed bed;
  bed.put(firing("IAAAAAAAAAAA1"));
  CHECK(bed.ask("DELETE", path).status() == 204);
  for (const char* method : {"GET", "PUT", "PATCH", "DELETE"}) {
    CAPTURE(method);
    CHECK(bed.ask(method, path).body() == R"({"detail":"Not found."})");
  }
  CHECK(bed.ask("GET", "integrations").at("count") == "0");
  CHECK(bed.ask("GET", "routes").at("count") == "0");
  CHECK(bed.ask("GET", "alert_groups").at("results.0.integration_id") == integration.text());
  CHECK(bed.engine().integrations().by_token(bed.engine().token_digester().digest("payments")) == nullptr);
}

TEST_CASE("a form body, as an OnCall of today posts it") {
  Bed bed;
  const Answer made = bed.ask_with(
      "POST", "integrations/", "type=formatted_webhook&name=From+a+form&team_id=",
      {{"authorization", Bed::token_of(As::admin)}, {"content-type", "application/x-www-form-urlencoded"}});
  CHECK(made.status() == 201);
  CHECK(made.at("name") == "From a form");
}

TEST_CASE("a change of an integration is told in the audit log, without its token") {
  Bed bed;
  put(bed, R"({"name":"Renamed"})");
  const auto audit = store::read(bed.engine().ledger(), [](const store::Reader& r) { return r.audit({}, {}); });
  REQUIRE(!audit.items.empty());
  CHECK(audit.items[0].action == "integration.changed");
  CHECK(audit.items[0].actor.user == Bed::user_of(As::admin));
  CHECK(audit.items[0].before.find("Payments") != std::string::npos);
  CHECK(audit.items[0].after.find("Renamed") != std::string::npos);
  CHECK(audit.items[0].after.find("token") == std::string::npos);
}

TEST_CASE("intake: limits and counts, and who resolves") {
  Bed bed;
  const Answer changed = bed.ask("PATCH", std::string(path) + "/intake",
                                 R"({"rate_per_second":0.5,"rate_burst":10,"resolves_from_source":false})");
  CHECK(changed.status() == 200);
  CHECK(changed.at("effective_rate_per_second") == "0.5");
  CHECK(changed.at("resolves_from_source") == "false");
  const Answer back = bed.ask("PATCH", std::string(path) + "/intake", R"({"rate_per_second":null})");
  CHECK(back.at("rate_per_second") == "null");
  CHECK(back.at("effective_rate_per_second") == "200.0");
  CHECK(back.at("effective_rate_burst") == "10.0");
  CHECK(bed.ask("PATCH", std::string(path) + "/intake", R"({"rate_per_second":-1})").status() == 400);
  CHECK(bed.ask("PATCH", std::string(path) + "/intake", R"({"rate_burst":"much"})").status() == 400);
}

TEST_CASE("a demo alert goes all the way, and never joins another group") {
  Bed bed;
  const Answer first = bed.ask("POST", std::string(path) + "/demo_alert");
  const Answer second = bed.ask("POST", std::string(path) + "/demo_alert", R"({"payload":{"a":1}})");
  REQUIRE(first.status() == 200);
  CHECK(second.status() == 200);
  CHECK(first.at("alert_group_ids.0") != second.at("alert_group_ids.0"));
  const Answer alert = bed.ask("GET", "alerts/" + second.at("alert_ids.0"));
  CHECK(alert.at("payload") == R"({"a":1})");
  CHECK(alert.at("demo") == "true");
  CHECK(alert.at("alert_group_id") == second.at("alert_group_ids.0"));
}
