// How a Delivery is read: templates that fail, routes, labels, keys, counting formats.
#include "interpret/interpret.hpp"

#include "value/json.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace tocsin;

namespace {

catalog::Type plain_type() {
  catalog::Type type;
  type.slug = "webhook";
  type.name = "Webhook";
  type.templates = {{"grouping_key", "{{ payload.uid }}"},
                    {"resolve_signal", "{{ payload.state == 'ok' }}"},
                    {"source_link", "{{ payload.url }}"},
                    {"web.title", "{{ payload.title }}"}};
  return type;
}

/// An integration under test, and the reading of bodies by it.
struct Stage {
  catalog::Type type = plain_type();
  model::Integration integration;
  std::vector<model::Route> routes;
  model::DeliveryKind kind = model::DeliveryKind::posted;

  Stage() {
    integration.id = model::IntegrationId("CTEST");
    integration.type = type.slug;
    integration.name = "Shop";
    add_route("RDEFAULT", model::RouteType::regex, "").is_default = true;
  }

  model::Route& add_route(const std::string& id, model::RouteType type_of_route, const std::string& expression) {
    model::Route route;
    route.id = model::RouteId(id);
    route.type = type_of_route;
    if (!expression.empty()) route.expression = expression;
    const bool behind_default = routes.empty();
    return *routes.insert(behind_default ? routes.end() : routes.end() - 1, route);
  }

  model::Delivery deliver(std::string_view body) const {
    auto document = value::read_json(body);
    REQUIRE(document.ok());
    model::Delivery delivery;
    delivery.integration = integration.id;
    delivery.body = std::make_shared<const value::Document>(std::move(*document));
    delivery.kind = kind;
    return delivery;
  }

  std::vector<model::Reading> read_all(std::string_view body, std::string_view seed = "1") {
    interpret::Bench bench;
    const auto settings = interpret::Settings::compile(integration, routes, type, {});
    return interpret::interpret(*settings, deliver(body), seed, bench);
  }

  std::optional<std::vector<model::Reading>> read_briefly(std::string_view body) {
    interpret::Bench bench;
    const auto settings = interpret::Settings::compile(integration, routes, type, {});
    return interpret::interpret_briefly(*settings, deliver(body), "1", bench);
  }

  model::Reading read(std::string_view body, std::string_view seed = "1") {
    const auto readings = read_all(body, seed);
    REQUIRE(readings.size() == 1);
    return readings.front();
  }
};

bool tells(const model::Reading& reading, std::string_view text) {
  return reading.trace.view().find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("a reading has title, key, link, and MD5 of the key as OnCall kept it") {
  Stage stage;
  const model::Reading reading = stage.read(R"({"uid":"KubeJobCompletion","title":"Job","url":"http://x/"})");
  CHECK(reading.title == "Job");
  CHECK(reading.grouping_key == "KubeJobCompletion");
  CHECK(reading.distinction == "c6bf5494a2d3052459b4dac837e41455");
  CHECK(reading.source_link == "http://x/");
  CHECK_FALSE(reading.resolve);
  CHECK(reading.first_error == "");
}

TEST_CASE("a grouping template that fails gives way to the type's own") {
  Stage stage;
  stage.integration.templates["grouping_key"] = "{{ payload.a.b.c }}";
  const model::Reading reading = stage.read(R"({"uid":"disk","title":"Disk"})");
  CHECK(reading.grouping_key == "disk");
  CHECK(reading.first_error != "");
  CHECK(tells(reading, "payload.a.b.c"));
}

TEST_CASE("without any key the title groups, and it is stable") {
  Stage stage;
  stage.integration.templates["grouping_key"] = "{{ no_such_filter | nope }}";
  stage.type.templates["grouping_key"] = "{{ payload.missing }}";
  const std::string first = stage.read(R"({"title":"Disk"})", "1").grouping_key;
  CHECK(first == stage.read(R"({"title":"Disk"})", "2").grouping_key);
  CHECK(first != stage.read(R"({"title":"Load"})", "1").grouping_key);
}

TEST_CASE("a title template that fails gives way to a readable title") {
  Stage stage;
  stage.integration.templates["web.title"] = "{{ 1 / 0 }}";
  const model::Reading reading = stage.read(R"({"uid":"disk"})");
  CHECK(reading.title == "Alert from Shop");
  CHECK(reading.grouping_key == "disk");
  CHECK(reading.first_error.find("division by zero") != std::string::npos);
}

TEST_CASE("an endless template is stopped, and the alert still goes out") {
  Stage stage;
  stage.integration.templates["web.title"] =
      "{% for a in payload.l %}{% for b in payload.l %}{% for c in payload.l %}{% for d in payload.l %}x{% endfor %}{% "
      "endfor %}{% endfor %}{% endfor %}";
  std::string list = "[0";
  for (int i = 1; i < 200; ++i) list += ",0";
  const model::Reading reading = stage.read(R"({"uid":"disk","l":)" + list + "]}");
  CHECK(reading.title == "Alert from Shop");
  CHECK(reading.first_error != "");
}

TEST_CASE("templates can't change the payload that is stored") {
  Stage stage;
  stage.integration.templates["grouping_key"] = "{% set _ = payload.pop('uid') %}{{ payload.title }}";
  const model::Reading reading = stage.read(R"({"uid":"disk","title":"Disk"})");
  CHECK(reading.payload == R"({"uid":"disk","title":"Disk"})");
}

TEST_CASE("a key of any length is kept apart") {
  Stage stage;
  const std::string a(5000, 'a'), b = a + "b";
  const auto one = stage.read(R"({"uid":")" + a + R"("})"), two = stage.read(R"({"uid":")" + b + R"("})");
  CHECK(one.grouping_key.size() < 100);
  CHECK(one.grouping_key != two.grouping_key);
}

TEST_CASE("a resolve signal counts only where the source may resolve") {
  Stage stage;
  CHECK(stage.read(R"({"uid":"disk","state":"ok"})").resolve);
  stage.integration.resolves_from_source = false;
  CHECK_FALSE(stage.read(R"({"uid":"disk","state":"ok"})").resolve);
}

TEST_CASE("conditions hold for 1, true and ok, and for nothing else") {
  Stage stage;
  for (const auto& [text, holds] : std::vector<std::pair<std::string, bool>>{
           {"1", true}, {"True", true}, {" ok\n", true}, {"yes", false}, {"2", false}, {"", false}}) {
    CAPTURE(text);
    stage.integration.templates["acknowledge_signal"] = text + " ";
    CHECK(stage.read(R"({"uid":"disk"})").acknowledge == holds);
  }
}

TEST_CASE("routes are asked in order, the default last, and the key does not know them") {
  Stage stage;
  stage.add_route("RREGEX", model::RouteType::regex, "\"team\": \"shop\"");
  stage.add_route("RJINJA", model::RouteType::jinja2, "{{ payload.severity == 'critical' }}");
  const auto shop = stage.read(R"({"uid":"disk","team":"shop","severity":"critical"})");
  const auto critical = stage.read(R"({"uid":"disk","severity":"critical"})");
  const auto other = stage.read(R"({"uid":"disk"})");
  CHECK(shop.route.text() == "RREGEX");
  CHECK(critical.route.text() == "RJINJA");
  CHECK(other.route.text() == "RDEFAULT");
  CHECK(shop.distinction == other.distinction);
}

TEST_CASE("a regular expression sees text both as it is and as ASCII") {
  Stage stage;
  stage.add_route("RPLAIN", model::RouteType::regex, "Zürich");
  stage.add_route("RESCAPED", model::RouteType::regex, "Gen\\\\u00e8ve");
  CHECK(stage.read(R"({"city":"Zürich"})").route.text() == "RPLAIN");
  CHECK(stage.read(R"({"city":"Genève"})").route.text() == "RESCAPED");
}

TEST_CASE("a route that fails or takes too long does not match") {
  Stage stage;
  stage.add_route("RBROKEN", model::RouteType::jinja2, "{{ payload.a.b }}");
  stage.add_route("RSLOW", model::RouteType::regex, "(a+)+$");
  CHECK(stage.read(R"({"text":")" + std::string(60, 'a') + R"(!"})").route.text() == "RDEFAULT");
}

TEST_CASE("labels come from settings and templates, and routes may ask for them") {
  Stage stage;
  stage.integration.labels = {{"team", "shop"}};
  stage.integration.dynamic_labels = {{"severity", "{{ payload.severity }}"}, {"broken", "{{ payload.a.b }}"}};
  stage.add_route("RLABELS", model::RouteType::labels,
                  R"([{"key":"team","value":"shop"},{"key":"severity","value":"7"}])");
  const model::Reading reading = stage.read(R"({"uid":"disk","severity":7})");
  CHECK(reading.labels == std::map<std::string, std::string>{{"severity", "7"}, {"team", "shop"}});
  CHECK(reading.route.text() == "RLABELS");
}

TEST_CASE("demo alerts never join another") {
  Stage stage;
  stage.kind = model::DeliveryKind::demo;
  const model::Reading one = stage.read(R"({"uid":"disk"})", "1"), two = stage.read(R"({"uid":"disk"})", "2");
  CHECK(one.demo);
  CHECK(one.distinction != two.distinction);
}

TEST_CASE("formats that carry many alerts give one reading each, told apart by their labels") {
  Stage stage;
  stage.type.format = catalog::Format::alertmanager_each;
  const auto readings =
      stage.read_all(R"({"alerts":[{"labels":{"a":"1","b":"2"}},{"labels":{"b":"2","a":"1"}},{"labels":{"a":"3"}}]})");
  REQUIRE(readings.size() == 3);
  CHECK(readings[0].series == readings[1].series);
  CHECK(readings[0].series != readings[2].series);
  CHECK(stage.read_all(R"({"alerts":[]})").empty());
  CHECK(stage.read_all(R"({"alerts":"none"})").size() == 1);
}

TEST_CASE("Alertmanager's counts are added behind what it sent, unless it counted") {
  Stage stage;
  stage.type.format = catalog::Format::alertmanager;
  CHECK(stage.read(R"({"alerts":[{"status":"firing"},{"status":"resolved"},{}]})").payload ==
        R"({"alerts":[{"status":"firing"},{"status":"resolved"},{}],"numFiring":1,"numResolved":1})");
  CHECK(stage.read(R"({"numFiring":9,"alerts":[]})").payload == R"({"numFiring":9,"alerts":[]})");
}

TEST_CASE("NUL characters reach neither title nor key") {
  Stage stage;
  const model::Reading reading = stage.read("{\"uid\":\"a\\u0000b\",\"title\":\"c\\u0000d\"}");
  CHECK(reading.grouping_key == "ab");
  CHECK(reading.title == "cd");
}

TEST_CASE("checks of what people write") {
  interpret::Bench bench;
  CHECK_FALSE(interpret::check_template("{{ payload.a.b }}"));
  CHECK(interpret::check_template("{{ payload"));
  CHECK_FALSE(interpret::check_route(model::RouteType::jinja2, "{{ payload.a.b }}", bench));
  CHECK(interpret::check_route(model::RouteType::jinja2, "{{ 1 / 0 }}", bench));
  CHECK(interpret::check_route(model::RouteType::regex, "(", bench));
  CHECK_FALSE(interpret::check_route(model::RouteType::regex, "a|b", bench));
}

TEST_CASE("a brief reading is the whole one, or none") {
  const std::string body = R"({"uid":"disk","title":"Disk","url":"http://x/"})";
  Stage stage;
  const model::Reading whole = stage.read(body);
  const auto brief = stage.read_briefly(body);
  REQUIRE(brief.has_value());
  REQUIRE(brief->size() == 1);
  CHECK(brief->front().title == whole.title);
  CHECK(brief->front().distinction == whole.distinction);
  CHECK(brief->front().route == whole.route);
  CHECK(brief->front().trace == whole.trace.view());

  SUBCASE("a template that counts long") {
    stage.type.templates["web.title"] = "{% for a in 'x' * 300 %}{% for b in 'x' * 300 %}{% endfor %}{% endfor %}Disk";
    CHECK(stage.read(body).title == "Disk");
    CHECK_FALSE(stage.read_briefly(body).has_value());
  }
  SUBCASE("a route that looks back too often") {
    stage.add_route("R1", model::RouteType::regex, "(x+x+)+[yz]");
    const std::string long_words = R"({"uid":"disk","title":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"})";
    CHECK_FALSE(stage.read_briefly(long_words).has_value());
  }
  SUBCASE("a filter that looks back too often") {
    stage.type.templates["web.title"] = "{{ payload.uid | regex_search('(x+x+)+[yz]') }}";
    CHECK_FALSE(stage.read_briefly(R"({"uid":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"})").has_value());
  }
  SUBCASE("very many routes") {
    for (int i = 0; i < 40; ++i) stage.add_route("R" + std::to_string(i), model::RouteType::regex, "nothing");
    CHECK_FALSE(stage.read_briefly(body).has_value());
  }
  SUBCASE("very many alerts in a body") {
    stage.type.format = catalog::Format::alertmanager_each;
    const auto many = [](int count) {
      std::string json = R"({"alerts":[{"status":"firing","labels":{}})";
      for (int i = 1; i < count; ++i) json += R"(,{"status":"firing","labels":{}})";
      return json + "]}";
    };
    CHECK(stage.read_briefly(many(10)).has_value());
    CHECK(stage.read_all(many(11)).size() == 11);
    CHECK_FALSE(stage.read_briefly(many(11)).has_value());
  }
  SUBCASE("a template that fails in any case is told as ever") {
    stage.type.templates["web.title"] = "{{ 1 / 0 }}";
    const auto failed = stage.read_briefly(body);
    REQUIRE(failed.has_value());
    CHECK(failed->front().trace == stage.read(body).trace.view());
  }
}
