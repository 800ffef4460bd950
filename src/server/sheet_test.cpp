#include "server/sheet.hpp"

#include <doctest/doctest.h>

#include <sstream>

#include "server/group_record.hpp"

namespace tocsin::server {
namespace {

/// A run that prints into a text.
struct Printed {
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  Invocation invocation{{}, in, out, err};
};

Record sample() {
  Record record;
  record.text("title", "Disk \"full\"\n\x1b[31m on ä").number("alerts", 3).truth("demo", false);
  record.maybe_text("link", "").instant("at", clock::Instant::from_seconds(0)).instant("until", std::nullopt);
  return record;
}

TEST_CASE("a record is one JSON object with null for what is not there") {
  CHECK(sample().to_json() ==
        "{\"title\":\"Disk \\\"full\\\"\\n\\u001b[31m on ä\",\"alerts\":3,\"demo\":false,\"link\":null,"
        "\"at\":\"1970-01-01T00:00:00Z\",\"until\":null}");
}

TEST_CASE("people see no control characters and no empty lines") {
  const std::string lines = sample().to_lines();
  CHECK(lines.find('\x1b') == std::string::npos);
  CHECK(lines.find("title:  Disk \"full\"  [31m on ä\n") != std::string::npos);
  CHECK(lines.find("link") == std::string::npos);
  CHECK(lines.find("until") == std::string::npos);
}

TEST_CASE("control characters of two bytes move no cursor either") {
  CHECK(Record()
            .text("title",
                  "a\xC2\x9B"
                  "31m \xC2\xA0\xC3\xA4")
            .to_lines() == "title: a 31m \xC2\xA0\xC3\xA4\n");
}

TEST_CASE("columns stand under their headings, counted in characters") {
  Printed printed;
  std::vector<Record> records(2);
  records[0].text("name", "ääää").number("count", 1);
  records[1].text("name", "b").number("count", 22);
  print_records(printed.invocation, records, {"name", "count"});
  CHECK(printed.out.str() == "NAME  COUNT\nääää  1\nb     22\n");
}

TEST_CASE("a trace is told in words") {
  const std::string words = trace_in_words(
      R"({"steps":[{"step":"web.title","origin":"default","value":"Disk full"},)"
      R"({"step":"grouping_key","origin":"integration","template":"{{ x","error":{"kind":"syntax","message":"unexpected end","line":3,"column":1}}],)"
      R"("routes":[{"route":"R1","type":"jinja2","expression":"{{ 1 }}","matched":false},{"route":"R2","type":"default","matched":true}]})");
  CHECK(words.find("web.title     \"Disk full\"") != std::string::npos);
  CHECK(words.find("FAILED unexpected end (line 3)") != std::string::npos);
  CHECK(words.find("route R1 jinja2 \"{{ 1 }}\": does not hold") != std::string::npos);
  CHECK(words.find("route R2 default: taken") != std::string::npos);
  CHECK(trace_in_words("").empty());
  CHECK(trace_in_words("[1,2]").empty());
}

}  // namespace
}  // namespace tocsin::server
