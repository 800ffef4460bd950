// The example of this room's README, as it stands there.
#include <fstream>
#include <sstream>

// begin
#include "jinja/template.hpp"
#include "value/json.hpp"

std::string greeting(std::string_view json) {
  using namespace tocsin;
  const auto compiled = jinja::Template::compile("Hello {{ payload.name|title }}!");  // once; any thread may use it
  if (const auto* error = std::get_if<jinja::Error>(&compiled)) return error->message;
  const auto payload = value::read_json(json);
  if (!payload) return payload.error().message;
  const jinja::Variable scope[] = {{"payload", payload->root()}};
  jinja::Renderer renderer;  // one a thread, kept
  std::string text;
  const auto now = clock::RealClock().now();
  const auto error = renderer.render(std::get<jinja::Template>(compiled), scope, now, jinja::Budget(), text);
  return error ? error->message : text;
}
// end

#include <doctest/doctest.h>

namespace {

std::string content_of(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("the example of the README works, and is the one that stands there") {
  CHECK(greeting(R"({"name": "ada"})") == "Hello Ada!");
  const std::string room = std::string(TOCSIN_SOURCE_DIR) + "/src/jinja/";
  const std::string source = content_of(room + "example_test.cpp");
  const std::size_t begin = source.find("// begin\n") + 9;
  const std::string example = source.substr(begin, source.find("// end\n") - begin);
  CHECK(content_of(room + "README.md").find("```cpp\n" + example + "```\n") != std::string::npos);
}
