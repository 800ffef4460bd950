// The list of alert groups, its filters, one group (spec: api.md 5.5, G1 to G8), and Tocsin's additions to them.
#include "api/testbed.hpp"

#include <doctest/doctest.h>

using namespace tocsin;
using namespace tocsin::api::testbed;

namespace {

constexpr const char* first_group = R"({
  "id": "IAAAAAAAAAAA1", "integration_id": "CAAAAAAAAAAA1", "team_id": null, "route_id": "RAAAAAAAAAAA1",
  "alerts_count": 1, "state": "acknowledged", "created_at": "2026-01-02T03:04:05Z", "resolved_at": null,
  "resolved_by": null, "acknowledged_at": "2026-01-02T03:04:05Z", "acknowledged_by": "UAAAAAAAAAAA2",
  "labels": [{"key": {"id": "severity", "name": "severity"}, "value": {"id": "critical", "name": "critical"}}],
  "title": "Title of IAAAAAAAAAAA1",
  "permalinks": {"slack": null, "slack_app": null, "telegram": null,
                 "web": "https://tocsin.example.org/oncall/alert-groups/IAAAAAAAAAAA1"},
  "silenced_at": null,
  "last_alert": {"id": "AAAAAAAAAAAA1", "alert_group_id": "IAAAAAAAAAAA1", "created_at": "2026-01-02T03:04:05Z",
                 "payload": {"evalMatches": [{"tags": null, "value": 100}], "state": "alerting"}}})";

/// One group of each state: 1 acknowledged, 2 resolved, 3 silenced, 4 firing; an hour apart.
void put_four(Bed& bed) {
  auto label = [](model::AlertGroup group, std::map<std::string, std::string> labels, int hour) {
    group.labels = std::move(labels);
    group.started_at = group.started_at + std::chrono::hours(hour);
    return group;
  };
  bed.put(label(acknowledged("IAAAAAAAAAAA1"), {{"severity", "critical"}}, 0));
  bed.put(label(resolved("IAAAAAAAAAAA2"), {{"severity", "critical"}, {"zone", "a:b"}}, 1));
  bed.put(label(silenced("IAAAAAAAAAAA3"), {{"zone", "east"}}, 2));
  bed.put(label(firing("IAAAAAAAAAAA4"), {}, 3));
}

/// The numbers of the groups that a list holds, in its order.
std::string listed(const Answer& answer) {
  if (answer.status() != 200) return answer.body();
  std::string numbers;
  for (int i = 0;; ++i) {
    const std::string id = answer.at("results." + std::to_string(i) + ".id");
    if (id == "(absent)") return numbers;
    numbers += id.back();
  }
}

}  // namespace

TEST_CASE("G1, G3: a group has exactly the members of the standard object") {
  Bed bed;
  put_four(bed);
  const Answer one = bed.ask("GET", "alert_groups/IAAAAAAAAAAA1/");
  CHECK(one.status() == 200);
  CHECK(one.content_type() == "application/json");
  CHECK(one.json() == sorted(first_group));
  const Answer listed_one = bed.ask("GET", "alert_groups/?id=IAAAAAAAAAAA1");
  CHECK(listed_one.json() == sorted(std::string(R"({"count": 1, "next": null, "previous": null, "page_size": 50,
      "current_page_number": 1, "total_pages": 1, "results": [)") +
                                    first_group + "]}"));
}

TEST_CASE("G1: states and who brought them about") {
  Bed bed;
  put_four(bed);
  const Answer list = bed.ask("GET", "alert_groups");
  CHECK(listed(list) == "4321");
  CHECK(list.at("count") == "4");
  CHECK(list.at("results.0.state") == "firing");
  CHECK(list.at("results.0.acknowledged_by") == "null");
  CHECK(list.at("results.1.state") == "silenced");
  CHECK(list.at("results.1.silenced_at") == "2026-01-02T03:04:05Z");
  CHECK(list.at("results.2.state") == "resolved");
  CHECK(list.at("results.2.resolved_by") == "UAAAAAAAAAAA2");
  CHECK(list.at("results.3.state") == "acknowledged");
}

TEST_CASE("a group that its source resolved names no user, whatever the flags below it") {
  Bed bed;
  model::AlertGroup group = acknowledged("IAAAAAAAAAAA1");
  group.resolved_at = group.started_at + std::chrono::microseconds(1'500'000);
  group.resolved_by = model::ChangedBy::source;
  group.open_for_grouping = false;
  bed.put(group);
  const Answer answer = bed.ask("GET", "alert_groups/IAAAAAAAAAAA1");
  CHECK(answer.at("state") == "resolved");
  CHECK(answer.at("resolved_by") == "null");
  CHECK(answer.at("resolved_at") == "2026-01-02T03:04:06.500000Z");
}

TEST_CASE("an unknown group is a 404 on every path of it") {
  Bed bed;
  for (const char* path : {"", "/details", "/timeline", "/trace", "/appearance"}) {
    const Answer answer = bed.ask("GET", std::string("alert_groups/IZZZZZZZZZZZZ") + path);
    CAPTURE(path);
    CHECK(answer.status() == 404);
    CHECK(answer.body() == R"({"detail":"Not found."})");
  }
}

TEST_CASE("G4: by integration and route") {
  Bed bed;
  put_four(bed);
  CHECK(listed(bed.ask("GET", "alert_groups?integration_id=CAAAAAAAAAAA1")) == "4321");
  CHECK(bed.ask("GET", "alert_groups?integration_id=CZZZZZZZZZZZZ").at("results") == "[]");
  CHECK(listed(bed.ask("GET", "alert_groups?route_id=RAAAAAAAAAAA1")) == "4321");
  CHECK(bed.ask("GET", "alert_groups?route_id=RZZZZZZZZZZZZ").at("count") == "0");
  CHECK(listed(bed.ask("GET", "alert_groups?integration_id=&route_id=&id=&state=&started_at=")) == "4321");
}

TEST_CASE("G5: by team") {
  Bed bed;
  put_four(bed);
  CHECK(listed(bed.ask("GET", "alert_groups?team_id=null")) == "4321");
  CHECK(listed(bed.ask("GET", "alert_groups?team_id=")) == "4321");
  const Answer unknown = bed.ask("GET", "alert_groups?team_id=TZZZZZZZZZZZZ");
  CHECK(unknown.status() == 400);
  CHECK(unknown.body() == R"({"team_id":["Select a valid choice. That choice is not one of the available choices."]})");
}

TEST_CASE("G6: by the start, both ends inclusive") {
  Bed bed;
  put_four(bed);
  CHECK(listed(bed.ask("GET", "alert_groups?started_at=2026-01-02T03:04:05_2026-01-02T05:04:05")) == "321");
  CHECK(listed(bed.ask("GET", "alert_groups?started_at=2026-01-02T03:04:06_2026-01-02T05:04:04")) == "2");
  CHECK(listed(bed.ask("GET", "alert_groups?started_at=2026-01-02T06:04:05_2026-01-02T06:04:05")) == "4");
  CHECK(listed(bed.ask("GET", "alert_groups?started_at=2027-01-02T06:04:05_2028-01-02T06:04:05")).empty());
  for (const char* bad : {"2026-01-02T03:04:05", "2026-01-02T03:04:05_", "_", "x_y", "2026-01-02_2026-01-03",
                          "2026-01-03T00:00:00_2026-01-02T00:00:00", "2026-01-02T03:04:05Z_2026-01-03T03:04:05Z"}) {
    CAPTURE(bad);
    const Answer answer = bed.ask("GET", std::string("alert_groups?started_at=") + bad);
    CHECK(answer.status() == 400);
    CHECK(answer.body() == R"({"detail":"Invalid range value"})");
  }
}

TEST_CASE("G7: by state, in any case; `new` means firing") {
  Bed bed;
  put_four(bed);
  CHECK(listed(bed.ask("GET", "alert_groups?state=new")) == "4");
  CHECK(listed(bed.ask("GET", "alert_groups?state=ACKNOWLEDGED")) == "1");
  CHECK(listed(bed.ask("GET", "alert_groups?state=Silenced")) == "3");
  CHECK(listed(bed.ask("GET", "alert_groups?state=resolved")) == "2");
  for (const char* bad : {"firing", "unknown"}) {
    const Answer answer = bed.ask("GET", std::string("alert_groups?state=") + bad);
    CHECK(answer.status() == 400);
    CHECK(answer.body() == R"({"state":"Must be one of the following: new, acknowledged, resolved, silenced"})");
  }
}

TEST_CASE("G8: by labels, all of them; malformed ones are ignored") {
  Bed bed;
  put_four(bed);
  CHECK(listed(bed.ask("GET", "alert_groups?label=severity:critical")) == "21");
  CHECK(listed(bed.ask("GET", "alert_groups?label=severity:critical&label=zone:a%3Ab")) == "2");
  CHECK(listed(bed.ask("GET", "alert_groups?label=severity:critical&label=zone:east")).empty());
  CHECK(listed(bed.ask("GET", "alert_groups?label=severity&label=:critical&label=zone:")) == "4321");
}

TEST_CASE("text search: part of the title, the exact id, the number") {
  Bed bed;
  put_four(bed);
  model::AlertGroup group = firing("IAAAAAAAAAAA5");
  group.title = "100% of /var is full";
  bed.put(group);
  CHECK(listed(bed.ask("GET", "alert_groups?search=of+/VAR+is")) == "5");
  CHECK(listed(bed.ask("GET", "alert_groups?search=100%25")) == "5");
  CHECK(listed(bed.ask("GET", "alert_groups?search=title+of")) == "4321");
  CHECK(listed(bed.ask("GET", "alert_groups?search=IAAAAAAAAAAA3")) == "3");
  CHECK(listed(bed.ask("GET", "alert_groups?search=2")) == "2");  // in a title, and a number
  CHECK(listed(bed.ask("GET", "alert_groups?search=%25")) == "5");
  CHECK(listed(bed.ask("GET", "alert_groups?search=nothing")).empty());
  CHECK(listed(bed.ask("GET", "alert_groups?search=title&state=new")) == "4");
}

TEST_CASE("counts by state, under the filters") {
  Bed bed;
  put_four(bed);
  CHECK(bed.ask("GET", "alert_groups/counts").json() ==
        sorted(R"({"firing":1,"acknowledged":1,"silenced":1,"resolved":1})"));
  CHECK(bed.ask("GET", "alert_groups/counts/?label=severity:critical&state=new").json() ==
        sorted(R"({"firing":0,"acknowledged":1,"silenced":0,"resolved":1})"));
  CHECK(bed.ask("GET", "alert_groups/counts?state=odd").status() == 400);
}

TEST_CASE("details: what the standard object has no place for") {
  Bed bed;
  model::AlertGroup root = silenced("IAAAAAAAAAAA1");
  root.silenced_until = root.started_at + std::chrono::minutes(10);
  root.response_time = std::chrono::seconds(90);
  root.source_link = "https://prometheus.example.org";
  bed.put(root);
  model::AlertGroup attached = resolved("IAAAAAAAAAAA2");
  attached.root = root.id;
  bed.put(attached);
  CHECK(bed.ask("GET", "alert_groups/IAAAAAAAAAAA1/details").json() == sorted(R"({
    "id": "IAAAAAAAAAAA1", "number": 1, "grouping_key": "key of IAAAAAAAAAAA1", "takes_alerts": true,
    "source_link": "https://prometheus.example.org", "last_alert_at": "2026-01-02T03:04:05Z",
    "acknowledged_through": "nobody", "resolved_through": "nobody", "silenced_until": "2026-01-02T03:14:05Z",
    "silenced_by": "UAAAAAAAAAAA2", "restarted_at": null, "response_seconds": 90, "root_alert_group_id": null,
    "attached_alert_group_ids": ["IAAAAAAAAAAA2"], "wiped_at": null, "wiped_by": null})"));
  const Answer child = bed.ask("GET", "alert_groups/IAAAAAAAAAAA2/details");
  CHECK(child.at("root_alert_group_id") == "IAAAAAAAAAAA1");
  CHECK(child.at("resolved_through") == "user");
  CHECK(child.at("takes_alerts") == "false");
  CHECK(child.at("source_link") == "null");
}

TEST_CASE("A13, A15: pages") {
  Bed bed;
  put_four(bed);
  const Answer first = bed.ask("GET", "alert_groups/?perpage=1&page=0&team_id=null");
  CHECK(first.at("next") == "https://tocsin.example.org/oncall/api/v1/alert_groups/?page=2&perpage=1&team_id=null");
  CHECK(first.at("previous") == "null");
  CHECK(first.at("total_pages") == "4");
  CHECK(first.at("page_size") == "1");
  CHECK(listed(first) == "4");
  const Answer second = bed.ask("GET", "alert_groups/?perpage=1&page=2");
  CHECK(second.at("previous") == "https://tocsin.example.org/oncall/api/v1/alert_groups/?perpage=1");
  CHECK(listed(second) == "3");
  const Answer beyond = bed.ask("GET", "alert_groups?perpage=3&page=999");
  CHECK(beyond.at("current_page_number") == "2");
  CHECK(beyond.at("next") == "null");
  CHECK(listed(beyond) == "1");
  for (const char* nonsense : {"page=x", "perpage=-1", "perpage=0&page=-3", "perpage=x&page=1.5"}) {
    const Answer answer = bed.ask("GET", std::string("alert_groups?") + nonsense);
    CAPTURE(nonsense);
    CHECK(answer.at("page_size") == "50");
    CHECK(answer.at("current_page_number") == "1");
  }
  CHECK(bed.ask("GET", "alert_groups?perpage=5000").at("page_size") == "100");
  CHECK(bed.ask("GET", "alert_groups?state=new&label=no:where&page=7").json() == sorted(R"({"count": 0, "next": null,
    "previous": null, "results": [], "page_size": 50, "current_page_number": 1, "total_pages": 1})"));
}

TEST_CASE("who follows `next` sees each group once, whatever the size of the pages") {
  Bed bed;
  constexpr int groups = 23;
  for (int i = 0; i < groups; ++i) bed.put(firing("IAAAAAAAAAA" + std::to_string(10 + i)));
  const std::string root = "https://tocsin.example.org/oncall/api/v1/";
  for (int size = 1; size <= groups + 1; ++size) {
    CAPTURE(size);
    std::string target = "alert_groups?state=new&perpage=" + std::to_string(size);
    std::string seen;
    int pages = 0;
    while (target != "null" && pages < 100) {
      const Answer page = bed.ask("GET", target);
      REQUIRE(page.status() == 200);
      CHECK(page.at("current_page_number") == std::to_string(++pages));
      CHECK((page.at("previous") == "null") == (pages == 1));
      for (int i = 0; page.at("results." + std::to_string(i)) != "(absent)"; ++i) {
        seen += page.at("results." + std::to_string(i) + ".id").substr(11);
      }
      target = page.at("next");
      if (target != "null") target = target.substr(root.size());
    }
    CHECK(pages == (groups + size - 1) / size);
    std::string expected;
    for (int i = groups - 1; i >= 0; --i) expected += std::to_string(10 + i);
    CHECK(seen == expected);
  }
}
