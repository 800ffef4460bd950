#include "api/testbed.hpp"

#include <doctest/doctest.h>

using namespace tocsin;
using api::testbed::Answer;
using api::testbed::As;
using api::testbed::Bed;

namespace {

Answer preview(Bed& bed, std::string_view body, As as = As::admin) {
  return bed.ask("POST", "templates/preview", body, as);
}

/// The entry of a field in a preview of all fields.
std::string field_of(const Answer& answer, std::string_view name, std::string_view member) {
  for (int i = 0;; ++i) {
    const std::string path = "fields." + std::to_string(i);
    if (answer.at(path) == "(absent)") return "(no such field)";
    if (answer.at(path + ".field") == name) return answer.at(path + "." + std::string(member));
  }
}

std::string of_integration(std::string_view rest) {
  return R"({"integration_id":")" + api::testbed::integration.text() + "\"," + std::string(rest) + "}";
}

}  // namespace

TEST_CASE("a template over a payload") {
  Bed bed;
  const Answer answer = preview(bed, R"({"template":"Hi {{ payload.name|upper }}","payload":{"name":"ada"}})");
  REQUIRE(answer.status() == 200);
  CHECK(answer.at("result") == "Hi ADA");
  CHECK(answer.at("error") == "null");
  CHECK(answer.at("field") == "null");
  CHECK(answer.at("fields") == "[]");
  CHECK(preview(bed, R"({"template":"{{ payload.nope }}","payload":{}})").at("result").empty());
}

TEST_CASE("an error has its place, the line with a mark, and a hint") {
  Bed bed;
  const Answer answer =
      preview(bed, R"({"template":"Hi\n{{ payload.name|uper }}","payload":{"name":"ada"},"field":"web.title"})");
  REQUIRE(answer.status() == 200);
  CHECK(answer.at("result") == "null");
  CHECK(answer.at("error.kind") == "assertion");
  CHECK(answer.at("error.message") == "No filter named 'uper'.");
  CHECK(answer.at("error.line") == "2");
  CHECK(answer.at("error.column") == "17");
  CHECK(answer.at("error.source_line") == "{{ payload.name|uper }}");
  CHECK(answer.at("error.caret") == "                ^");
  CHECK(answer.at("error.hint") == "Did you mean `upper`?");
  CHECK(answer.at("trace").find("uper") != std::string::npos);
  const Answer running = preview(bed, R"({"template":"{{ payload.label.x }}","payload":{"labels":{"x":1}}})");
  CHECK(running.at("error.kind") == "undefined");
  CHECK(running.at("error.hint") == "Did you mean `labels`?");
  CHECK(preview(bed, R"({"template":"{{ 'x' * 10**9 }}"})").at("error.kind") != "(absent)");
}

TEST_CASE("a template sees what its field sees") {
  Bed bed;
  CHECK(preview(bed, of_integration(R"("template":"{{ web_title }}","field":"slack.title","payload":{"a":1},
    "templates":{"web":{"title":"T{{ payload.a }}"}})"))
            .at("result") == "T1");
  CHECK(preview(bed, of_integration(R"("template":"{{ integration_name }}","field":"grouping_key","payload":{})"))
            .at("result") != "null");
  const Answer condition = preview(
      bed, of_integration(R"("template":"{{ payload.done }}","field":"resolve_signal","payload":{"done":true})"));
  CHECK(condition.at("result") == "True");
  CHECK(condition.at("holds") == "true");
  CHECK(condition.at("signal") == "resolve");
  CHECK(preview(bed, R"({"template":"{{ payload.a == 2 }}","field":"route","payload":{"a":1}})").at("holds") ==
        "false");
}

TEST_CASE("all fields of an integration at once, with the templates that are being written") {
  Bed bed;
  const Answer answer = preview(bed, of_integration(R"("payload":{"host":"db1"},
    "templates":{"web":{"title":"Disk of {{ payload.host }}"},"sms":{"title":"{{ payload"},"grouping_key":"k"})"));
  REQUIRE(answer.status() == 200);
  CHECK(field_of(answer, "web.title", "result") == "Disk of db1");
  CHECK(field_of(answer, "web.title", "origin") == "integration");
  CHECK(field_of(answer, "grouping_key", "result") == "k");
  CHECK(field_of(answer, "slack.title", "origin") == "default");
  CHECK(field_of(answer, "sms.title", "result") == "null");
  CHECK(field_of(answer, "sms.title", "error").find("\"line\":1") != std::string::npos);
  CHECK(answer.at("signal") == "fire");
  CHECK(answer.at("route_id") == api::testbed::route.text());
  CHECK(bed.ask("GET", "integrations/" + api::testbed::integration.text()).at("templates.web.title") == "null");
}

TEST_CASE("stored alerts and recent payloads") {
  Bed bed;
  bed.put(api::testbed::firing("IAAAAAAAAAAA1"));
  const std::string path = "integrations/" + api::testbed::integration.text() + "/recent_payloads";
  const Answer recent = bed.ask("GET", path, {}, As::viewer);
  REQUIRE(recent.status() == 200);
  CHECK(recent.at("count") == "1");
  CHECK(recent.at("results.0.alert_group_id") == "IAAAAAAAAAAA1");
  const std::string id = recent.at("results.0.alert.id");
  CHECK(recent.at("results.0.alert.payload") != "(absent)");
  const Answer answer = preview(bed, R"({"template":"{{ payload|tojson }}","alert_id":")" + id + "\"}");
  REQUIRE(answer.status() == 200);
  CHECK(answer.at("error") == "null");
  CHECK(preview(bed, R"({"template":"x","alert_id":"ANOTTHERE"})").status() == 400);
  CHECK(preview(bed, R"({"template":"x","integration_id":"CNOTTHERE"})").status() == 400);
  CHECK(bed.ask("GET", "integrations/CNOTTHERE/recent_payloads").status() == 404);
}

TEST_CASE("what is refused, and who may") {
  Bed bed;
  CHECK(preview(bed, R"({"template":1})").status() == 400);
  CHECK(preview(bed, R"({"template":"x","field":"web.nope"})").at("field.0") == "There is no such field.");
  CHECK(preview(bed, R"({"templates":"x"})").status() == 400);
  CHECK(preview(bed, R"({"template":"x"})", As::viewer).status() == 200);
  CHECK(preview(bed, R"({"template":"x"})", As::none).status() == 403);
}
