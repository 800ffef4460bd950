// Alerts (spec: api.md 5.5, L1, L2), and the way from a payload to a group that can be explained.
#include "api/testbed.hpp"

#include <doctest/doctest.h>

#include <future>

using namespace tocsin;
using namespace tocsin::api::testbed;

namespace {

constexpr const char* second_alert = R"({"id": "AAAAAAAAAAAA2", "alert_group_id": "IAAAAAAAAAAA2",
  "created_at": "2026-01-02T03:04:05Z",
  "payload": {"evalMatches": [{"tags": null, "value": 100}], "state": "alerting"}})";

/// Takes a payload in, as a monitoring system would send it; the alert's id.
std::string take(Bed& bed, std::string_view payload) {
  const auto settings = bed.engine().integrations().by_id(integration);
  REQUIRE(settings != nullptr);
  auto body = value::read_json(payload);
  REQUIRE(body.ok());
  const model::Delivery delivery{integration, std::make_shared<const value::Document>(std::move(*body)),
                                 bed.clock().now(), "192.0.2.1", model::DeliveryKind::posted};
  std::promise<std::string> id;
  bed.engine().intake().take(settings, delivery, bed.bench(), [&](base::Result<engine::Accepted> accepted) {
    id.set_value(accepted && !accepted->alerts.empty() ? accepted->alerts.front().text() : std::string());
  });
  return id.get_future().get();
}

}  // namespace

TEST_CASE("L1: the list, newest first, with the payload as it came") {
  Bed bed;
  bed.put(firing("IAAAAAAAAAAA1"));
  bed.put(firing("IAAAAAAAAAAA2"));
  const Answer list = bed.ask("GET", "alerts");
  CHECK(list.status() == 200);
  CHECK(list.at("count") == "2");
  CHECK(list.at("page_size") == "50");
  CHECK(list.at("results.1.id") == "AAAAAAAAAAAA1");
  CHECK(bed.ask("GET", "alerts/?id=AAAAAAAAAAAA2").json() ==
        sorted(std::string(R"({"count": 1, "next": null, "previous": null, "page_size": 50,
          "current_page_number": 1, "total_pages": 1, "results": [)") +
               second_alert + "]}"));
}

TEST_CASE("L2: by group and by text") {
  Bed bed;
  bed.put(firing("IAAAAAAAAAAA1"));
  bed.put(firing("IAAAAAAAAAAA2"));
  CHECK(bed.ask("GET", "alerts?alert_group_id=IAAAAAAAAAAA1").at("count") == "1");
  CHECK(bed.ask("GET", "alerts?alert_group_id=IZZZZZZZZZZZZ").at("count") == "0");
  CHECK(bed.ask("GET", "alerts?search=EVALmatches").at("count") == "2");
  CHECK(bed.ask("GET", "alerts?search=impossible+payload").at("count") == "0");
  CHECK(bed.ask("GET", "alerts?search=%25").at("count") == "0");
  CHECK(bed.ask("GET", "alerts?search=&id=&alert_group_id=").at("count") == "2");
}

TEST_CASE("one alert, with its trace") {
  Bed bed;
  bed.put(firing("IAAAAAAAAAAA1"));
  const Answer answer = bed.ask("GET", "alerts/AAAAAAAAAAAA1/");
  CHECK(answer.status() == 200);
  CHECK(answer.at("alert_group_id") == "IAAAAAAAAAAA1");
  CHECK(answer.at("trace") == R"({"steps":[],"routes":[]})");
  CHECK(answer.at("demo") == "false");
  CHECK(bed.ask("GET", "alerts/AZZZZZZZZZZZZ").body() == R"({"detail":"Not found."})");
  CHECK(bed.ask("POST", "alerts/AAAAAAAAAAAA1").status() == 405);
}

TEST_CASE("numbers of a payload come back exactly, and so do its order and its text") {
  Bed bed;
  const std::string payload =
      R"({"z":123456789012345678901234567890,"a":1.0,"text":"Überlauf \u0001 \"quoted\"","none":null,"deep":[[[]]]})";
  const std::string id = take(bed, payload);
  const Answer answer = bed.ask("GET", "alerts/" + id);
  CHECK(answer.body().find(R"("payload":)" + payload) != std::string::npos);
}

TEST_CASE("an alert that was taken in explains its group") {
  Bed bed;
  const std::string id = take(bed, R"({"title":"Disk full","state":"alerting"})");
  const Answer alert = bed.ask("GET", "alerts/" + id);
  const std::string group = "alert_groups/" + alert.at("alert_group_id");
  CHECK(alert.at("trace.steps.0.step") != "(absent)");
  CHECK(alert.at("trace.routes.0.route") == route.text());

  const Answer trace = bed.ask("GET", group + "/trace");
  CHECK(trace.at("id") == id);
  CHECK(trace.at("trace") == alert.at("trace"));

  const Answer timeline = bed.ask("GET", group + "/timeline");
  CHECK(timeline.at("count") == "2");
  CHECK(timeline.at("results.0.kind") == "registered");
  CHECK(timeline.at("results.0.via") == "source");
  CHECK(timeline.at("results.0.details.alert") == id);
  CHECK(timeline.at("results.0.user_id") == "null");
  CHECK(timeline.at("results.1.kind") == "route assigned");
}

TEST_CASE("the timeline tells who, from where, when and why, in pages") {
  Bed bed;
  bed.put(firing("IAAAAAAAAAAA1"));
  bed.ask("POST", "alert_groups/IAAAAAAAAAAA1/silence", R"({"delay":60})", As::editor);
  bed.clock().advance(std::chrono::seconds(5));
  bed.ask("POST", "alert_groups/IAAAAAAAAAAA1/acknowledge");
  const Answer timeline = bed.ask("GET", "alert_groups/IAAAAAAAAAAA1/timeline");
  CHECK(timeline.at("count") == "3");
  CHECK(sorted(timeline.at("results.0")) == sorted(R"({"kind":"silenced","at":"2026-01-02T03:04:05Z","via":"api",
      "user_id":"UAAAAAAAAAAA2","username":"editor","address":"192.0.2.7","reason":null,
      "details":{"seconds":"60","until":"2026-01-02T03:05:05Z"}})"));
  CHECK(timeline.at("results.1.kind") == "unsilenced");
  CHECK(timeline.at("results.1.reason") == "acknowledged");
  CHECK(timeline.at("results.2.username") == "admin");
  CHECK(timeline.at("results.2.at") == "2026-01-02T03:04:10Z");
  const Answer page = bed.ask("GET", "alert_groups/IAAAAAAAAAAA1/timeline?perpage=2&page=2");
  CHECK(page.at("results.0.kind") == "acknowledged");
  CHECK(page.at("results.1") == "(absent)");
}

TEST_CASE("appearance: the newest alert as the templates of the channels show it") {
  Bed bed;
  model::Integration changed =
      *store::read(bed.engine().ledger(), [](const store::Reader& r) { return r.integration(integration); });
  changed.templates = {{"web.title", "{{ payload.title }} on {{ integration_name }}"},
                       {"slack.title", "#{{ grafana_oncall_alert_group_id }} {{ web_title }}"},
                       {"sms.title", "{{ grafana_oncall_link }}"},
                       {"telegram.message", "{{ 1 / 0 }}"}};
  model::Unit unit;
  unit.records.emplace_back(std::move(changed));
  bed.commit(std::move(unit));
  const std::string id = take(bed, R"({"title":"Disk full"})");
  const std::string group = bed.ask("GET", "alerts/" + id).at("alert_group_id");

  const Answer all = bed.ask("GET", "alert_groups/" + group + "/appearance");
  CHECK(all.status() == 200);
  CHECK(all.at("web.title") == "Disk full on Payments");
  CHECK(all.at("slack.title") == "#1 Disk full on Payments");
  CHECK(all.at("sms.title") == "https://tocsin.example.org/oncall/alert-groups/" + group);
  CHECK(all.at("telegram.message") == "null");
  CHECK(all.at("errors.0.field") == "telegram.message");
  CHECK(all.at("errors.0.kind") == "zerodivision");
  CHECK(all.at("grouping_key") == "(absent)");
}

TEST_CASE("appearance: where the title's template fails, the group's own title stands in for the other channels") {
  Bed bed;
  bed.ask("PUT", "integrations/CAAAAAAAAAAA1",
          R"({"templates":{"web":{"title":"{{ payload.a.b.c }}"},"sms":{"title":"{{ web_title }}!"}}})");
  const std::string id = take(bed, R"({"title":"Disk full"})");
  const std::string group = bed.ask("GET", "alerts/" + id).at("alert_group_id");
  CHECK(bed.ask("GET", "alert_groups/" + group).at("title") == "Alert from Payments");
  const Answer shown = bed.ask("GET", "alert_groups/" + group + "/appearance");
  CHECK(shown.at("web.title") == "null");
  CHECK(shown.at("sms.title") == "Alert from Payments!");
  CHECK(shown.at("errors.0.field") == "web.title");
  CHECK(shown.at("errors.1") == "(absent)");
}
