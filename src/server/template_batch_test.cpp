#include "server/template_batch.hpp"

#include <doctest/doctest.h>

#include <sstream>

namespace tocsin::server {
namespace {

std::string answer(std::string_view line) {
  jinja::Renderer renderer;
  return render_case(line, renderer);
}

TEST_CASE("the context is the whole scope and payload is None unless given") {
  CHECK(answer(R"({"id":"a","template":"{{ x + 1 }} {{ payload }}","context":{"x":1}})") ==
        R"({"id":"a","output":"2 None"})");
  CHECK(answer(R"({"id":7,"template":"{{ payload.a }}","context":{"payload":{"a":1.0}}})") ==
        R"({"id":7,"output":"1.0"})");
}

TEST_CASE("time stands still where the case says so") {
  CHECK(answer(R"({"id":1,"template":"{{ time().isoformat() }}","context":{},"now":"2024-05-17T09:41:00+00:00"})") ==
        R"({"id":1,"output":"2024-05-17T09:41:00+00:00"})");
}

TEST_CASE("a result is cut at the case's limit") {
  CHECK(answer(R"({"id":1,"template":"abcdef","context":{},"limit":3})") == R"({"id":1,"output":"abc.."})");
}

TEST_CASE("for a webhook the context's texts are escaped for JSON") {
  CHECK(
      answer(
          R"({"id":1,"template":"{{ a }}{{ b[0].c }}","context":{"a":"x\"y\n","b":[{"c":"ä\\"}]},"mode":"webhook"})") ==
      R"({"id":1,"output":"x\\\"y\\nä\\\\"})");
}

TEST_CASE("failures name kind, message and line") {
  CHECK(answer("{\"id\":1,\"template\":\"a\\n{{ x.y.z }}\",\"context\":{}}") ==
        R"({"id":1,"error":{"kind":"undefined","message":"'x' is undefined","line":2}})");
  CHECK(answer(R"({"id":1,"template":"{{ 1 + }}","context":{}})").find("\"kind\":\"syntax\"") != std::string::npos);
}

TEST_CASE("a line that is no case is answered, too") {
  for (const char* line :
       {"{", "[]", "{\"id\":1}", "{\"id\":1,\"template\":\"\",\"context\":[]}",
        "{\"id\":1,\"template\":\"\",\"now\":\"noon\"}", "{\"id\":1,\"template\":\"\",\"limit\":-1}"}) {
    CAPTURE(line);
    CHECK(answer(line).find("\"kind\":\"other\"") != std::string::npos);
  }
}

TEST_CASE("each line gets a line, blank ones none") {
  std::istringstream in("{\"id\":1,\"template\":\"a\"}\n\n{\"id\":2,\"template\":\"b\"}\n");
  std::ostringstream out;
  render_batch(in, out);
  CHECK(out.str() == "{\"id\":1,\"output\":\"a\"}\n{\"id\":2,\"output\":\"b\"}\n");
}

}  // namespace
}  // namespace tocsin::server
