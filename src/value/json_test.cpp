#include "value/json.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

#include "value/python_compare.hpp"
#include "value/python_text.hpp"

using namespace tocsin;
using value::JsonStyle;

namespace {

std::string round_trip(std::string_view text, const JsonStyle& style = {},
                       value::Dialect dialect = value::Dialect::strict) {
  const auto document = value::read_json(text, {.dialect = dialect});
  if (!document) return document.error().message + " at " + document.error().where;
  std::string out;
  const base::Status written = value::write_json(out, document->root(), style);
  return written ? out : written.error().message;
}

std::string repr_of(std::string_view text) {
  const auto document = value::read_json(text);
  return document ? value::to_repr(document->root()) : document.error().message;
}

}  // namespace

TEST_CASE("JSON keeps order, numbers and text exactly") {
  CHECK(round_trip(R"( {"b":1,"a":[true,false,null],"c":{}} )") == R"({"b":1,"a":[true,false,null],"c":{}})");
  CHECK(round_trip("1.0") == "1.0");
  CHECK(round_trip("1e16") == "1e+16");
  CHECK(round_trip("0.1") == "0.1");
  CHECK(round_trip("123456789.125") == "123456789.125");
  CHECK(round_trip("1E-5") == "1e-05");
  CHECK(round_trip("-0") == "0");
  CHECK(round_trip("-0.0") == "-0.0");
  CHECK(round_trip("9223372036854775807") == "9223372036854775807");
  CHECK(round_trip("-9223372036854775808") == "-9223372036854775808");
  CHECK(round_trip("9223372036854775808") == "9223372036854775808");
  CHECK(round_trip("-100000000000000000000000000000000001") == "-100000000000000000000000000000000001");
  CHECK(round_trip("1e400") == "Infinity");
  CHECK(round_trip("1e-400") == "0.0");
  CHECK(round_trip(R"("\u00e9\ud83d\udd25\n\/")") == "\"é🔥\\n/\"");
  CHECK(round_trip(R"("\ud800x")") == "\"\xEF\xBF\xBDx\"");
  CHECK(round_trip("\xEF\xBB\xBF[1]") == "[1]");
}

TEST_CASE("of duplicate keys the last value wins in the first place") {
  CHECK(round_trip(R"({"a":1,"b":2,"a":3})") == R"({"a":3,"b":2})");
}

TEST_CASE("large objects are indexed and stay in order") {
  std::string text = "{";
  for (int i = 0; i < 100; ++i) text += (i ? "," : "") + ("\"k" + std::to_string(i) + "\":" + std::to_string(i));
  text += "}";
  const auto document = value::read_json(text);
  REQUIRE(document.ok());
  CHECK(value::to_json(document->root()) == text);
  REQUIRE(document->root().find("k73") != nullptr);
  CHECK(document->root().find("k73")->as_integer() == 73);
  CHECK(document->root().find("k100") == nullptr);
  value::Dict& dict = *document->root().as_dict();
  CHECK(value::erase(dict, value::Value::text("k50")));
  CHECK_FALSE(value::erase(dict, value::Value::text("k50")));
  CHECK(document->root().find("k50") == nullptr);
  CHECK(document->root().find("k99")->as_integer() == 99);
  CHECK(dict.size == 99);
}

TEST_CASE("mistakes are told with line and column") {
  CHECK(round_trip("") == "Expecting value at line 1, column 1");
  CHECK(round_trip("{\"a\": 1,\n \"b\" 2}") == "Expecting ':' delimiter at line 2, column 6");
  CHECK(round_trip("[1,]") == "Expecting value at line 1, column 4");
  CHECK(round_trip("{a:1}") == "Expecting property name enclosed in double quotes at line 1, column 2");
  CHECK(round_trip("[1 2]") == "Expecting ',' delimiter at line 1, column 4");
  CHECK(round_trip("[1] x") == "Extra data at line 1, column 5");
  CHECK(round_trip("\"é") == "Unterminated string at line 1, column 1");
  CHECK(round_trip("\"\\x\"") == "Invalid \\escape at line 1, column 2");
  CHECK(round_trip("\"\\u12g4\"") == "Invalid \\uXXXX escape at line 1, column 2");
  CHECK(round_trip("\"\t\"") == "Invalid control character in a string at line 1, column 2");
  CHECK(round_trip("NaN") == "Expecting value at line 1, column 1");
  CHECK(round_trip("01") == "Extra data at line 1, column 2");
  CHECK(round_trip("\"\xff\"") == "Invalid UTF-8 byte at line 1, column 2");
  CHECK(round_trip(std::string(100'000, '[')) == "Nested too deeply at line 1, column 513");
}

TEST_CASE("the Python dialect takes the constants that json.loads takes") {
  CHECK(round_trip("[NaN,Infinity,-Infinity]", {}, value::Dialect::python) == "[NaN,Infinity,-Infinity]");
}

TEST_CASE("styles are those of json.dumps") {
  const std::string text = R"({"b":[1,{"z":"é🔥"}],"a":{},"c":[]})";
  CHECK(round_trip(text, {.item_separator = ", ", .key_separator = ": ", .ascii = JsonStyle::Ascii::escape}) ==
        R"({"b": [1, {"z": "\u00e9\ud83d\udd25"}], "a": {}, "c": []})");
  CHECK(round_trip(text, {.key_separator = ": ", .indent = 2, .sort_keys = true}) ==
        "{\n  \"a\": {},\n  \"b\": [\n    1,\n    {\n      \"z\": \"é🔥\"\n    }\n  ],\n  \"c\": []\n}");
}

TEST_CASE("what needs an escape is found at every place of texts of every length") {
  const std::pair<char, std::string> escapes[] = {
      {'"', "\\\""}, {'\\', "\\\\"}, {'\n', "\\n"}, {'\x1f', "\\u001f"}, {'\0', "\\u0000"}};
  for (std::size_t length = 1; length < 20; ++length) {
    for (std::size_t at = 0; at < length; ++at) {
      for (const auto& [escaped, as] : escapes) {
        std::string text(length, 'x');
        std::string expected = text;
        text[at] = escaped;
        expected.replace(at, 1, as);
        const std::string written = value::to_json(value::Value::text(text));
        CHECK(written == '"' + expected + '"');
        CHECK(value::read_json(written)->root().as_text() == text);
      }
    }
  }
  const std::string plain = " !#[]^_`~\x7f\xc3\xa9";
  CHECK(value::to_json(value::Value::text(plain)) == '"' + plain + '"');
}

TEST_CASE("what is no ASCII that shows is escaped at every place of texts of every length") {
  const JsonStyle ascii{.ascii = JsonStyle::Ascii::escape};
  const std::pair<std::string, std::string> escapes[] = {
      {"é", "\\u00e9"}, {"\x7F", "\\u007f"}, {"😀", "\\ud83d\\ude00"}, {"\xC3\xBF", "\\u00ff"}};
  for (std::size_t before = 0; before < 20; ++before) {
    for (std::size_t after = 0; after < 20; ++after) {
      for (const auto& [text, as] : escapes) {
        const std::string left(before, 'x');
        const std::string right(after, '~');
        std::string out;
        REQUIRE(value::write_json(out, value::Value::text(left + text + right), ascii).ok());
        CHECK(out == "\"" + left + as + right + "\"");
      }
    }
  }
}

TEST_CASE("strings of a text that stays are read in place, but for those with escapes") {
  const std::string text = R"({"key": "value", "escaped": "a\tb", "é": ["x"]})";
  const auto document = value::read_json(text, {.source = value::Source::text});
  REQUIRE(document.ok());
  CHECK(value::to_json(document->root()) == R"({"key":"value","escaped":"a\tb","é":["x"]})");
  CHECK(document->root().find("key")->as_text().data() == text.data() + text.find("value"));
  const char* escaped = document->root().find("escaped")->as_text().data();
  CHECK((escaped < text.data() || escaped > text.data() + text.size()));
}

TEST_CASE("keys are sorted however many") {
  for (const int count : {1, 2, 31, 32, 33, 100}) {
    value::Document document;
    value::Dict* dict = value::new_dict(document.arena());
    std::set<std::string> keys;
    for (int i = 0; i < count; ++i) {
      const std::string key = std::string(1, static_cast<char>('a' + i * 7 % 5)) + std::to_string(i * 37 % count);
      keys.insert(key);
      value::set(document.arena(), *dict, value::Value::copied(document.arena(), key), value::Value::none());
    }
    std::string expected;
    for (const std::string& key : keys) expected += (expected.empty() ? "{\"" : ",\"") + key + "\":null";
    std::string written;
    CHECK(value::write_json(written, value::Value::dict(dict), {.sort_keys = true}).ok());
    CHECK(written == expected + "}");
  }
}

TEST_CASE("repr is Python's") {
  CHECK(repr_of(R"(["it's", "a\"b", "it's \"x\"", "\u0000\u00a0é\u200b", null, true, 1.5])") ==
        R"(["it's", 'a"b', 'it\'s "x"', '\x00\xa0é\u200b', None, True, 1.5])");
  CHECK(repr_of(R"({"a": {}, "b": []})") == "{'a': {}, 'b': []}");
}

TEST_CASE("what is stored is JSON, numbers beyond the floats included") {
  const auto document = value::read_json("[1e400,-1e400,1.5]");
  REQUIRE(document.ok());
  CHECK(value::to_json(document->root()) == "[1e999,-1e999,1.5]");
  std::string python;
  CHECK(value::write_json(python, document->root()).ok());
  CHECK(python == "[Infinity,-Infinity,1.5]");
}

TEST_CASE("equality and order are Python's") {
  const auto at = [](std::string_view text) { return value::read_json(text); };
  CHECK(value::equal(at("1")->root(), at("1.0")->root()));
  CHECK(value::equal(at("true")->root(), at("1")->root()));
  CHECK(value::equal(at("9007199254740993")->root(), at("9007199254740993")->root()));
  CHECK_FALSE(value::equal(at("9007199254740993")->root(), at("9007199254740992.0")->root()));
  CHECK(*value::compare(at("9007199254740993")->root(), at("9007199254740992.0")->root()) > 0);
  CHECK(*value::compare(at("1e300")->root(), at("100000000000000000000000")->root()) > 0);
  CHECK_FALSE(value::compare(at("1")->root(), at("\"a\"")->root()).has_value());
  CHECK(value::hash_of(value::Value::boolean(true)) == value::hash_of(value::Value::real(1.0)));
}
