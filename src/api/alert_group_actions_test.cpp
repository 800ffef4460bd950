// What people do with alert groups (spec: api.md 5.5, G9 to G15), with the exact refusals; and Tocsin's additions.
#include "api/testbed.hpp"

#include <doctest/doctest.h>

using namespace tocsin;
using namespace tocsin::api::testbed;

namespace {

constexpr const char* id = "IAAAAAAAAAAA1";

model::AlertGroup attached(model::AlertGroup group) {
  group.root = model::AlertGroupId("IAAAAAAAAAAA9");
  return group;
}

Answer act(Bed& bed, const std::string& action, std::string_view body = {}) {
  return bed.ask("POST", std::string("alert_groups/") + id + "/" + action, body);
}

/// The answer to an action on a ledger that holds just this group.
Answer act_on(const model::AlertGroup& group, const std::string& action, std::string_view body = {}) {
  Bed bed;
  bed.put(group);
  return act(bed, action, body);
}

void check_refused(const Answer& answer, const std::string& detail) {
  CHECK(answer.status() == 400);
  CHECK(answer.body() == "{\"detail\":\"" + detail + "\"}");
}

void check_done(const Answer& answer) {
  CHECK(answer.status() == 200);
  CHECK(answer.body().empty());
  CHECK(answer.content_type().empty());
}

std::string state(Bed& bed, const std::string& group = id) {
  return std::string(model::name_of(model::state_of(bed.group(group))));
}

}  // namespace

TEST_CASE("G10: acknowledge") {
  Bed bed;
  bed.put(silenced(id));
  bed.clock().advance(std::chrono::seconds(30));
  check_done(act(bed, "acknowledge"));
  const model::AlertGroup group = bed.group(id);
  CHECK(model::state_of(group) == model::State::acknowledged);
  CHECK(group.acknowledged_by_user == Bed::user_of(As::admin));
  CHECK_FALSE(group.silenced_at.has_value());
  const auto timeline = bed.timeline(id);
  REQUIRE(!timeline.empty());
  CHECK(timeline.back().kind == model::TimelineKind::acknowledged);
  CHECK(timeline.back().actor.via == model::Via::api);
  CHECK(timeline.back().actor.user == Bed::user_of(As::admin));
  CHECK(timeline.back().actor.address == "192.0.2.7");
  CHECK(timeline.back().at == bed.clock().now());

  check_refused(act_on(acknowledged(id), "acknowledge"), "Can't acknowledge an acknowledged alert group");
  check_refused(act_on(resolved(id), "acknowledge"), "Can't acknowledge a resolved alert group");
  check_refused(act_on(attached(firing(id)), "acknowledge"), "Can't acknowledge an attached alert group");
}

TEST_CASE("G11: unacknowledge") {
  Bed bed;
  bed.put(acknowledged(id));
  check_done(act(bed, "unacknowledge"));
  CHECK(state(bed) == "firing");

  check_refused(act_on(firing(id), "unacknowledge"), "Can't unacknowledge an unacknowledged alert group");
  model::AlertGroup both = acknowledged(id);
  both.resolved_at = both.started_at;
  check_refused(act_on(both, "unacknowledge"), "Can't unacknowledge a resolved alert group");
  check_refused(act_on(attached(acknowledged(id)), "unacknowledge"), "Can't unacknowledge an attached alert group");
}

TEST_CASE("G12: resolve") {
  Bed bed;
  bed.put(firing(id));
  check_done(act(bed, "resolve"));
  CHECK(state(bed) == "resolved");
  CHECK(bed.group(id).resolved_by_user == Bed::user_of(As::admin));

  check_refused(act_on(resolved(id), "resolve"), "Can't resolve a resolved alert group");
  check_refused(act_on(attached(firing(id)), "resolve"), "Can't resolve an attached alert group");
}

TEST_CASE("G13: unresolve") {
  Bed bed;
  bed.put(resolved(id));
  check_done(act(bed, "unresolve"));
  CHECK(state(bed) == "firing");

  check_refused(act_on(firing(id), "unresolve"), "Can't unresolve an unresolved alert group");
  check_refused(act_on(attached(resolved(id)), "unresolve"), "Can't unresolve an attached alert group");
}

TEST_CASE("G14: silence") {
  Bed bed;
  bed.put(firing(id));
  check_done(act(bed, "silence", R"({"delay": 60})"));
  CHECK(bed.group(id).silenced_until == bed.clock().now() + std::chrono::seconds(60));
  bed.clock().advance(std::chrono::seconds(10));
  check_done(act(bed, "silence", R"({"delay": " 120 "})"));
  CHECK(bed.group(id).silenced_until == bed.clock().now() + std::chrono::seconds(120));
  for (const char* forever : {R"({"delay": -1})", R"({"delay": 0})", R"({"delay": "-1"})"}) {
    check_done(act(bed, "silence", forever));
    CHECK(state(bed) == "silenced");
    CHECK_FALSE(bed.group(id).silenced_until.has_value());
  }
  for (const char* absent : {"", "{}", R"({"delay": null})"}) {
    check_refused(act(bed, "silence", absent), "delay is required");
  }
  for (const char* invalid : {R"({"delay": -2})", R"({"delay": "fuzz"})", R"({"delay": [60]})", R"({"delay": {}})",
                              R"({"delay": true})", R"({"delay": "60s"})", R"({"delay": ""})",
                              R"({"delay": 99999999999999999999})", R"({"delay": 9223372036854775807})"}) {
    CAPTURE(invalid);
    check_refused(act(bed, "silence", invalid), "invalid delay value");
  }
  check_refused(act_on(resolved(id), "silence", R"({"delay":60})"), "Can't silence a resolved alert group");
  check_refused(act_on(acknowledged(id), "silence", R"({"delay":60})"), "Can't silence an acknowledged alert group");
  check_refused(act_on(attached(firing(id)), "silence", R"({"delay":60})"), "Can't silence an attached alert group");
}

TEST_CASE("G14: the delay as a form, urlencoded and multipart") {
  Bed bed;
  bed.put(firing(id));
  const std::string path = std::string("alert_groups/") + id + "/silence/";
  const Headers form = {{"authorization", Bed::token_of(As::admin)},
                        {"content-type", "application/x-www-form-urlencoded"}};
  check_done(bed.ask_with("POST", path, "delay=60", form));
  CHECK(bed.group(id).silenced_until == bed.clock().now() + std::chrono::seconds(60));
  const Headers parts = {{"authorization", Bed::token_of(As::admin)},
                         {"content-type", "multipart/form-data; boundary=B"}};
  check_done(bed.ask_with("POST", path, "--B\r\nContent-Disposition: form-data; name=\"delay\"\r\n\r\n90\r\n--B--\r\n",
                          parts));
  CHECK(bed.group(id).silenced_until == bed.clock().now() + std::chrono::seconds(90));
}

TEST_CASE("G15: unsilence") {
  Bed bed;
  bed.put(silenced(id));
  check_done(act(bed, "unsilence"));
  CHECK(state(bed) == "firing");

  check_refused(act_on(firing(id), "unsilence"), "Can't unsilence an unsilenced alert group");
  check_refused(act_on(resolved(id), "unsilence"), "Can't unsilence an unsilenced alert group");
  model::AlertGroup both = resolved(id);
  both.silenced_at = both.started_at;
  check_refused(act_on(both, "unsilence"), "Can't unsilence a resolved alert group");
  both = acknowledged(id);
  both.silenced_at = both.started_at;
  check_refused(act_on(both, "unsilence"), "Can't unsilence an acknowledged alert group");
  check_refused(act_on(attached(silenced(id)), "unsilence"), "Can't unsilence an attached alert group");
}

TEST_CASE("an action on an unknown group is a 404, whatever its body") {
  Bed bed;
  for (const char* action : {"acknowledge", "unacknowledge", "resolve", "unresolve", "silence", "unsilence", "attach",
                             "unattach", "restart"}) {
    CAPTURE(action);
    CHECK(act(bed, action).status() == 404);
    CHECK(act(bed, action, R"({"delay":60,"root_alert_group_id":"IAAAAAAAAAAA2"})").status() == 404);
    CHECK(bed.ask("GET", std::string("alert_groups/x/") + action).status() == 405);
  }
  CHECK(bed.ask("DELETE", std::string("alert_groups/") + id).status() == 404);
}

TEST_CASE("G9: delete wipes by default, and removes when told so") {
  Bed bed;
  bed.put(firing(id));
  bed.put(firing("IAAAAAAAAAAA2"));
  const std::string path = std::string("alert_groups/") + id;

  const Answer random = bed.ask("DELETE", path, R"({"mode":"random"})");
  CHECK(random.status() == 400);
  CHECK(random.body() == "\"Invalid mode\"");
  CHECK(bed.ask("DELETE", path, R"({"mode":null})").status() == 400);
  const Answer text = bed.ask("DELETE", path, R"("delete")");
  CHECK(text.status() == 400);
  CHECK(text.body() == "\"A dict with a `mode` key is expected\"");
  CHECK(state(bed) == "firing");

  const Answer wiped = bed.ask("DELETE", path);
  CHECK(wiped.status() == 204);
  CHECK(wiped.body().empty());
  const Answer after = bed.ask("GET", path);
  CHECK(after.at("state") == "resolved");
  CHECK(after.at("title") == "null");
  CHECK(after.at("resolved_by") == "null");
  CHECK(bed.ask("GET", path + "/details").at("resolved_through") == "wipe");
  CHECK(bed.ask("GET", path + "/details").at("wiped_by") == "UAAAAAAAAAAA1");
  CHECK(after.at("last_alert.payload") == "{}");
  CHECK(bed.ask("DELETE", path, R"({"mode":"wipe"})").status() == 204);
  CHECK(bed.ask("GET", path + "/appearance").status() == 400);

  CHECK(bed.ask("DELETE", path, R"({"mode":"delete"})").status() == 204);
  CHECK(bed.ask("GET", path).status() == 404);
  CHECK(bed.ask("DELETE", path).status() == 404);
  CHECK(bed.ask("GET", "alerts?alert_group_id=" + std::string(id)).at("count") == "0");
  CHECK(state(bed, "IAAAAAAAAAAA2") == "firing");
}

TEST_CASE("attach and unattach: an attached group follows its root") {
  Bed bed;
  bed.put(firing(id));
  bed.put(firing("IAAAAAAAAAAA2"));
  bed.put(resolved("IAAAAAAAAAAA3"));
  CHECK(act(bed, "attach").body() == R"({"root_alert_group_id":["This field is required."]})");
  CHECK(act(bed, "attach", R"({"root_alert_group_id":""})").body() ==
        R"({"root_alert_group_id":["This field may not be null."]})");
  CHECK(act(bed, "attach", R"({"root_alert_group_id":"IZZ"})").body() ==
        R"({"root_alert_group_id":["Object does not exist"]})");
  CHECK(act(bed, "attach", R"({"root_alert_group_id":"IAAAAAAAAAAA3"})").status() == 400);
  CHECK(act(bed, "attach", R"({"root_alert_group_id":"IAAAAAAAAAAA1"})").status() == 400);
  CHECK(act(bed, "unattach").status() == 400);

  check_done(act(bed, "attach", R"({"root_alert_group_id":"IAAAAAAAAAAA2"})"));
  check_done(bed.ask("POST", "alert_groups/IAAAAAAAAAAA2/acknowledge"));
  CHECK(state(bed) == "acknowledged");
  check_refused(act(bed, "unacknowledge"), "Can't unacknowledge an attached alert group");
  CHECK(bed.ask("GET", "alert_groups/IAAAAAAAAAAA2/details").at("attached_alert_group_ids.0") == id);

  check_done(act(bed, "unattach"));
  check_done(act(bed, "unacknowledge"));
  CHECK(state(bed, "IAAAAAAAAAAA2") == "acknowledged");
}

TEST_CASE("restart: back to firing") {
  Bed bed;
  bed.put(resolved(id));
  check_done(act(bed, "restart"));
  CHECK(state(bed) == "firing");
  CHECK(act(bed, "restart").status() == 400);
}

TEST_CASE("bulk: each group is decided for itself") {
  Bed bed;
  bed.put(firing(id));
  bed.put(resolved("IAAAAAAAAAAA2"));
  const Answer answer = bed.ask("POST", "alert_groups/bulk", R"({"action":"acknowledge",
      "alert_group_ids":["IAAAAAAAAAAA1","IAAAAAAAAAAA2","IZZZZZZZZZZZZ",7]})");
  CHECK(answer.status() == 200);
  CHECK(answer.at("results.0") ==
        R"({"alert_group_id":"IAAAAAAAAAAA1","done":true,"state":"acknowledged","detail":null})");
  CHECK(answer.at("results.1.done") == "false");
  CHECK(answer.at("results.1.detail") == "Can't acknowledge a resolved alert group");
  CHECK(answer.at("results.2.done") == "false");
  CHECK(answer.at("results.3.done") == "false");
  CHECK(state(bed) == "acknowledged");

  CHECK(bed.ask("POST", "alert_groups/bulk/", R"({"action":"resolve","alert_group_ids":["IAAAAAAAAAAA1"]})")
            .at("results.0.state") == "resolved");
  CHECK(bed.ask("POST", "alert_groups/bulk", R"({"action":"restart","alert_group_ids":["IAAAAAAAAAAA1"]})")
            .at("results.0.state") == "firing");
  CHECK(bed.ask("POST", "alert_groups/bulk", R"({"action":"silence","delay":60,"alert_group_ids":["IAAAAAAAAAAA1"]})")
            .at("results.0.state") == "silenced");
  CHECK(bed.ask("POST", "alert_groups/bulk", R"({"action":"delete","alert_group_ids":["IAAAAAAAAAAA1"]})")
            .at("results.0.done") == "true");
  CHECK(bed.ask("GET", std::string("alert_groups/") + id).status() == 404);
}

TEST_CASE("bulk: of the same action many times over, one is done") {
  Bed bed;
  bed.put(firing(id));
  std::string ids = std::string("\"") + id + "\"";
  for (int i = 1; i < 20; ++i) ids += std::string(",\"") + id + "\"";
  const Answer answer =
      bed.ask("POST", "alert_groups/bulk", R"({"action":"acknowledge","alert_group_ids":[)" + ids + "]}");
  int done = 0;
  for (int i = 0; i < 20; ++i) done += answer.at("results." + std::to_string(i) + ".done") == "true";
  CHECK(done == 1);
  CHECK(bed.timeline(id).size() == 1);
}

TEST_CASE("bulk: every mistake of the request is told, and nothing is done") {
  Bed bed;
  bed.put(firing(id));
  const auto refused = [&](std::string_view body) {
    const Answer answer = bed.ask("POST", "alert_groups/bulk", body);
    CHECK(answer.status() == 400);
    return answer.json();
  };
  CHECK(refused("{}") ==
        sorted(R"({"action":["This field is required."],"alert_group_ids":["This field is required."]})"));
  CHECK(refused(R"({"action":"explode","alert_group_ids":"IAAAAAAAAAAA1"})") ==
        sorted(R"({"action":["\"explode\" is not a valid choice."],"alert_group_ids":["Expected a list of ids."]})"));
  CHECK(refused(R"({"action":"silence","alert_group_ids":["IAAAAAAAAAAA1"]})") ==
        sorted(R"({"delay":["delay is required"]})"));
  CHECK(refused(R"({"action":"attach","alert_group_ids":["IAAAAAAAAAAA1"]})") ==
        sorted(R"({"root_alert_group_id":["This field is required."]})"));
  CHECK(refused("[]") == sorted(R"({"non_field_errors":["Invalid data. Expected a dictionary, but got list."]})"));
  std::string many = "\"I\"";
  for (int i = 0; i < 1000; ++i) many += ",\"I\"";
  CHECK(refused(R"({"action":"resolve","alert_group_ids":[)" + many + "]}") ==
        sorted(R"({"alert_group_ids":["Ensure this field has no more than 1000 elements."]})"));
  CHECK(state(bed) == "firing");
}

TEST_CASE("a silence with an end is a job that ends it") {
  Bed bed;
  bed.put(firing(id));
  check_done(act(bed, "silence", R"({"delay": 60})"));
  const auto due = store::read(bed.engine().ledger(), [](const store::Reader& r) { return r.next_due(); });
  CHECK(due == bed.clock().now() + std::chrono::seconds(60));
  check_done(act(bed, "unsilence"));
  CHECK_FALSE(store::read(bed.engine().ledger(), [](const store::Reader& r) { return r.next_due(); }).has_value());
}
