#include "api/fields.hpp"

#include <doctest/doctest.h>

using namespace tocsin;
using api::Blank;
using api::Fields;
using api::Null;
using api::Presence;

namespace {

/// Fields of a JSON text; the documents stay.
Fields fields_of(std::string_view json, std::string name = "") {
  static std::vector<std::unique_ptr<value::Document>> kept;
  auto document = value::read_json(json);
  REQUIRE(document.ok());
  kept.push_back(std::make_unique<value::Document>(std::move(*document)));
  return Fields(kept.back()->root(), std::move(name));
}

std::string text_error(std::string_view json, const api::TextRule& rule) {
  Fields fields = fields_of(json);
  CHECK_FALSE(fields.text("a", rule));
  return fields.refused().body;
}

std::string text_of(std::string_view json, const api::TextRule& rule = {}) {
  Fields fields = fields_of(json);
  const auto given = fields.text("a", rule);
  REQUIRE(fields.ok());
  REQUIRE(given);
  return given->value.value_or("(null)");
}

std::string integer_of(std::string_view json) {
  Fields fields = fields_of(json);
  const auto given = fields.integer("a", 0, 100, Null::refused);
  return given ? std::to_string(*given->value) : fields.refused().body;
}

std::string boolean_of(std::string_view json) {
  Fields fields = fields_of(json);
  const auto given = fields.boolean("a", Null::refused);
  return given ? (*given->value ? "true" : "false") : fields.refused().body;
}

std::string reference_of(std::string_view json) {
  Fields fields = fields_of(json);
  const auto given = fields.reference("a");
  return given ? given->value.value_or("(null)") : "(absent)";
}

}  // namespace

TEST_CASE("texts are trimmed, numbers become text") {
  CHECK(text_of(R"({"a":"  b c\n"})") == "b c");
  CHECK(text_of(R"({"a":5})") == "5");
  CHECK(text_of(R"({"a":1.5})") == "1.5");
  CHECK(text_of(R"({"a":""})", {.blank = Blank::allowed}).empty());
  CHECK(text_of(R"({"a":null})", {.null = Null::allowed}) == "(null)");
  CHECK(text_of(R"({"a":"äöü"})", {.longest = 3}) == "äöü");
}

TEST_CASE("texts that are refused, in OnCall's words") {
  CHECK(text_error(R"({})", {.presence = Presence::required}) == R"({"a":["This field is required."]})");
  CHECK(text_error(R"({"a":null})", {}) == R"({"a":["This field may not be null."]})");
  CHECK(text_error(R"({"a":"  "})", {}) == R"({"a":["This field may not be blank."]})");
  CHECK(text_error(R"({"a":true})", {}) == R"({"a":["Not a valid string."]})");
  CHECK(text_error(R"({"a":[]})", {}) == R"({"a":["Not a valid string."]})");
  CHECK(text_error(R"({"a":"abcd"})", {.longest = 3}) ==
        R"({"a":["Ensure this field has no more than 3 characters."]})");
  CHECK(text_error(R"({"a":"\u0000"})", {}) == R"({"a":["Null characters are not allowed."]})");
}

TEST_CASE("integers") {
  CHECK(integer_of(R"({"a":7})") == "7");
  CHECK(integer_of(R"({"a":"7"})") == "7");
  CHECK(integer_of(R"({"a":" 7 "})") == "7");
  CHECK(integer_of(R"({"a":7.0})") == "7");
  CHECK(integer_of(R"({"a":"+7"})") == "7");
  for (const char* bad : {R"({"a":7.5})", R"({"a":"x"})", R"({"a":""})", R"({"a":true})", R"({"a":[7]})"}) {
    CHECK(integer_of(bad) == R"({"a":["A valid integer is required."]})");
  }
  CHECK(integer_of(R"({"a":-1})") == R"({"a":["Ensure this value is greater than or equal to 0."]})");
  CHECK(integer_of(R"({"a":101})") == R"({"a":["Ensure this value is less than or equal to 100."]})");
  CHECK(integer_of(R"({"a":123456789012345678901234567890})") ==
        R"({"a":["Ensure this value is less than or equal to 100."]})");
  CHECK(integer_of(R"({"a":"-123456789012345678901234567890"})") ==
        R"({"a":["Ensure this value is greater than or equal to 0."]})");
}

TEST_CASE("booleans") {
  for (const char* yes : {"true", "1", "\"1\"", "\"on\"", "\"YES\"", "\"t\"", "\"True\""}) {
    CHECK(boolean_of(std::string("{\"a\":") + yes + "}") == "true");
  }
  for (const char* no : {"false", "0", "\"0\"", "\"off\"", "\"No\"", "\"f\""}) {
    CHECK(boolean_of(std::string("{\"a\":") + no + "}") == "false");
  }
  for (const char* bad : {"2", "\"\"", "\"maybe\"", "[]", "{}"}) {
    CHECK(boolean_of(std::string("{\"a\":") + bad + "}") == R"({"a":["Must be a valid boolean."]})");
  }
}

TEST_CASE("an empty reference is null, one of the wrong kind names nothing") {
  CHECK(reference_of(R"({})") == "(absent)");
  CHECK(reference_of(R"({"a":null})") == "(null)");
  CHECK(reference_of(R"({"a":""})") == "(null)");
  CHECK(reference_of(R"({"a":"T1"})") == "T1");
  CHECK(reference_of(R"({"a":5})") == "5");
  CHECK(reference_of(R"({"a":["T1"]})") == R"(["T1"])");
}

TEST_CASE("all mistakes are told together, nested ones under their names") {
  Fields fields = fields_of(R"({"b":true,"slack":{"enabled":"maybe","channel_id":7}})");
  fields.text("a", {.presence = Presence::required});
  fields.text("b", {});
  Fields nested(*fields.find("slack"), "slack");
  nested.boolean("enabled", Null::allowed);
  nested.mistake("channel_id", "one");
  nested.mistake("channel_id", "two");
  fields.merge(std::move(nested));
  CHECK_FALSE(fields.ok());
  CHECK(fields.refused().status == 400);
  CHECK(fields.refused().body == R"({"a":["This field is required."],"b":["Not a valid string."],)"
                                 R"("slack":{"enabled":["Must be a valid boolean."],"channel_id":["one","two"]}})");
}

TEST_CASE("a body that is no object is one mistake") {
  Fields fields = fields_of(R"([1])");
  CHECK_FALSE(fields.text("a", {.presence = Presence::required}));
  CHECK(fields.refused().body == R"({"non_field_errors":["Invalid data. Expected a dictionary, but got list."]})");
  CHECK(fields_of("\"x\"", "slack").refused().body ==
        R"({"slack":{"non_field_errors":["Invalid data. Expected a dictionary, but got str."]}})");
}
