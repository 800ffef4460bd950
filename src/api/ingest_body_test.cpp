#include "api/ingest_body.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace tocsin;

namespace {

std::string read(std::string_view body, std::string_view type = "") {
  const auto document = api::read_body(body, type);
  return document ? value::to_json((*document)->root()) : "error: " + document.error().message;
}

}  // namespace

TEST_CASE("JSON is recognised whatever the Content-Type says") {
  for (const char* type : {"application/json", "application/json; charset=utf-8", "text/plain", "",
                           "application/x-www-form-urlencoded", "application/vnd.api+json", "image/png"}) {
    CAPTURE(type);
    CHECK(read(R"( {"b": 1, "a": [2.0, null]} )", type) == R"({"b":1,"a":[2.0,null]})");
  }
}

TEST_CASE("JSON that is no object is taken too") {
  CHECK(read("[1, 2]") == "[1,2]");
  CHECK(read("\"down\"", "text/plain") == "\"down\"");
  CHECK(read("null", "application/json") == "null");
  CHECK(read("12345678901234567890123") == "12345678901234567890123");
}

TEST_CASE("a form becomes an object of strings") {
  CHECK(read("title=Disk+full&host=db%2D1&empty=&title=Again", "application/x-www-form-urlencoded") ==
        R"({"title":"Again","host":"db-1","empty":""})");
  CHECK(read("a%ff=1", "application/x-www-form-urlencoded") == "{\"a\xEF\xBF\xBD\":\"1\"}");
}

TEST_CASE("multipart fields become an object, files are refused") {
  const std::string type = "multipart/form-data; boundary=\"x1\"";
  CHECK(read("--x1\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nDisk full\r\n--x1\r\n"
             "content-disposition: form-data; name=n\r\n\r\n2\r\n--x1--\r\n",
             type) == R"({"title":"Disk full","n":"2"})");
  CHECK(read("--x1\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a\"\r\n\r\nx\r\n--x1--", type) ==
        "error: File uploads are not allowed: send the alert as JSON or as form fields.");
  CHECK(read("--x1\r\nContent-Disposition: form-data; name=\"f\"\r\n\r\nx", type) ==
        "error: The multipart body breaks off before its closing boundary.");
  CHECK(read("--x1--", "multipart/form-data") == "error: The multipart body's Content-Type names no boundary.");
}

TEST_CASE("other text becomes a message") {
  CHECK(read("Disk full on db-1\n", "text/plain") == R"({"message":"Disk full on db-1"})");
  CHECK(read("<alert>x</alert>", "application/xml") == R"({"message":"<alert>x</alert>"})");
  CHECK(read("caf\xe9", "text/plain; charset=ISO-8859-1") == "{\"message\":\"caf\xC3\xA9\"}");
  CHECK(read("caf\xe9", "text/plain") == "{\"message\":\"caf\xEF\xBF\xBD\"}");
}

TEST_CASE("an empty body and broken JSON are told with their place") {
  CHECK(read("").starts_with("error: The body is empty"));
  CHECK(read(" \r\n ", "application/json").starts_with("error: The body is empty"));
  const auto broken = api::read_body("{\"a\": 1,\n \"b\" 2}", "application/json");
  REQUIRE_FALSE(broken.ok());
  CHECK(broken.error().message.starts_with("JSON parse error - "));
  CHECK(broken.error().where.find("line 2") != std::string::npos);
  CHECK(read("{\"a\": ", "text/plain").starts_with("error: JSON parse error - "));
  CHECK(read("status=down", "application/json").starts_with("error: JSON parse error - "));
}

TEST_CASE("a form of over a thousand fields is refused") {
  std::string body;
  for (int i = 0; i <= 1000; ++i) body += "k" + std::to_string(i) + "=v&";
  CHECK(read(body, "application/x-www-form-urlencoded") == "error: The form has more than 1000 fields.");
}
