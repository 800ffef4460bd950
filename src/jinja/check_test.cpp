#include "jinja/check.hpp"

#include <algorithm>

#include "value/json.hpp"

#include <doctest/doctest.h>

using namespace tocsin;
using jinja::Finding;

namespace {

constexpr std::string_view sample = R"({"labels": {"severity": "critical", "host": "db1"},
  "alerts": [{"name": "a", "value": 1}, {"name": "b"}], "title": "Disk"})";

/// The findings as `what line:column message (hint)`, a line each.
std::string found(std::string_view source, bool with_sample = true) {
  const auto document = value::read_json(sample);
  const auto nothing = value::read_json("{}");
  jinja::Surroundings surroundings{{"payload", "labels", "integration_name"}, {}, {}};
  if (with_sample) surroundings.sample = {{"payload", document->root()}, {"labels", nothing->root()}};
  std::string text;
  for (const Finding& each : jinja::check(source, surroundings)) {
    text += std::string(jinja::name_of(each.what)) + " " + std::to_string(each.error.line) + ":" +
            std::to_string(each.error.column) + " " + each.error.message;
    if (!each.error.hint.empty()) text += " (" + each.error.hint + ")";
    text += "\n";
  }
  return text;
}

bool begins(std::string_view source, std::string_view expected) {
  const std::string text = found(source);
  CAPTURE(source);
  CAPTURE(text);
  return text.starts_with(expected);
}

}  // namespace

TEST_CASE("a template that is right has no findings") {
  for (const char* source :
       {"{{ payload.title }}", "{% for a in payload.alerts %}{{ a.name }}{{ a.value|default(0) }}{% endfor %}",
        "{{ payload.summary or payload.title }}", "{% if payload.summary %}{{ payload.summary }}{% endif %}",
        "{{ payload.note|default('') }}", "{{ payload.a if payload.a is defined else payload.title }}",
        "{% set x = payload.labels %}{{ x.host }}", "{{ payload.items()|list|length }}{{ payload.get('nope') }}",
        "{% set _ = payload.pop('title') %}", "{{ labels.team }}{{ integration_name }}{{ time().year }}",
        "{% macro m(a) %}{{ a.anything }}{% endmacro %}{{ m(payload) }}", "{{ payload.alerts[0].name }}",
        "{% for k, v in payload.labels.items() %}{{ k }}={{ v }}{% endfor %}"}) {
    CAPTURE(source);
    CHECK(found(source) == "");
  }
}

TEST_CASE("what does not compile is told with its place") {
  CHECK(begins("a\n{{ payload.title|uper }}", "refused 2:18 No filter named 'uper'. (Did you mean `upper`?)"));
  CHECK(begins("{{ payload.title is srting }}", "refused 1:21 No test named 'srting'. (Did you mean `string`?)"));
  CHECK(begins("{% if payload.a = 1 %}{% endif %}", "refused 1:17 "));
}

TEST_CASE("members that the sample lacks") {
  CHECK(begins("{{ payload.titel }}", "misspelt 1:12 the sample has no `payload.titel` (Did you mean `title`?)"));
  CHECK(begins("x\n{{ payload.lables.host }}",
               "misspelt 2:12 the sample has no `payload.lables` (Did you mean `labels`?)"));
  CHECK(begins("{{ payload['labels'].sevrity }}", "misspelt 1:22 the sample has no `payload[\"labels\"].sevrity` "));
  CHECK(begins("{% for a in payload.alerts %}{{ a.nmae }}{% endfor %}",
               "misspelt 1:35 the sample has no `payload.alerts[].nmae` (Did you mean `name`?)"));
  CHECK(begins("{{ payload.zzzzzzz }}",
               "misspelt 1:12 the sample has no `payload.zzzzzzz` (There is `labels`, `alerts`, `title`.)"));
  CHECK(found("{{ payload.titel }}", false) == "");
}

TEST_CASE("each misspelt member is told once, and not again as a failure") {
  const std::string text = found("{{ payload.lables.host }}{{ payload.lables.host }}");
  CHECK(std::count(text.begin(), text.end(), '\n') == 1);
}

TEST_CASE("variables that there are not, and variables of no use") {
  CHECK(begins("{{ paylod.title }}", "unknown 1:4 templates do not get a variable `paylod` (Did you mean `payload`?)"));
  CHECK(begins("{{ len(payload) }}",
               "unknown 1:4 templates do not get a variable `len` (Jinja2 has no len(): write `x|length`.)"));
  CHECK(begins("{% set hots = payload.labels.host %}{{ payload.title }}",
               "unused 1:8 `hots` is set and nothing reads it"));
}

TEST_CASE("what fails over the sample") {
  CHECK(begins("{{ payload.title + 1 }}", "failed 1:18 can only concatenate str"));
}
