#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "server/commands.hpp"

#include <doctest/doctest.h>

namespace tocsin::server {
namespace {

struct Run {
  Exit exit = Exit::ok;
  std::string out;
  std::string err;
};

using Given = std::vector<std::pair<std::string, std::string>>;

Run run(const std::string& path, const Given& given, const std::string& input = {}) {
  const std::vector<Command> commands = template_commands();
  const auto command =
      std::find_if(commands.begin(), commands.end(), [&](const Command& each) { return each.path == path; });
  REQUIRE(command != commands.end());
  std::istringstream in(input);
  std::ostringstream out;
  std::ostringstream err;
  Invocation invocation{{}, in, out, err};
  for (const auto& [name, value] : given) invocation.arguments.add(name, value);
  const Exit exit = command->run(invocation);
  return {exit, out.str(), err.str()};
}

/// A folder that is gone afterwards.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "tocsin-templates-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name) << text;
    return (path_ / name).string();
  }

 private:
  std::filesystem::path path_;
};

}  // namespace

TEST_CASE("render tells the place of a failure, the line with a mark, and a hint") {
  const Run failed = run("template render", {{"TEMPLATE", "Hi\n{{ payload.name|uper }}"}});
  CHECK(failed.exit == Exit::failure);
  CHECK(failed.out.empty());
  CHECK(failed.err ==
        "tocsin: template, line 2, column 17: No filter named 'uper'. (assertion)\n"
        "  {{ payload.name|uper }}\n"
        "                  ^\n"
        "  Did you mean `upper`?\n");
  const Run json = run("template render", {{"TEMPLATE", "{{ x|uper }}"}, {"output", "json"}});
  CHECK(json.out ==
        "{\"error\":{\"kind\":\"assertion\",\"message\":\"No filter named 'uper'.\",\"line\":1,\"column\":6,"
        "\"source_line\":\"{{ x|uper }}\",\"caret\":\"     ^\",\"hint\":\"Did you mean `upper`?\"}}\n");
}

TEST_CASE("check looks at many files and tells by its exit code") {
  const Folder folder;
  const std::string payload = folder.write("alert.json", R"({"title": "Disk", "labels": {"severity": "high"}})");
  const std::string good = folder.write("good.j2", "{{ payload.title }} {{ labels.team }} {{ web_title }}\n");
  const std::string bad = folder.write("bad.j2", "{{ payload.titel }}\n");
  const Run fine = run("template check", {{"FILE", good}, {"payload", payload}});
  CHECK(fine.exit == Exit::ok);
  CHECK(fine.out == "1 template checked, 0 findings\n");

  const Run found = run("template check", {{"FILE", good}, {"FILE", bad}, {"payload", payload}});
  CHECK(found.exit == Exit::failure);
  CHECK(found.out == bad +
                         ":1:12: warning: the sample has no `payload.titel` [misspelt]\n"
                         "  {{ payload.titel }}\n"
                         "             ^\n"
                         "  Did you mean `title`?\n"
                         "2 templates checked, 1 finding\n");
  CHECK(run("template check", {{"FILE", bad}}).exit == Exit::ok);
}

TEST_CASE("check knows the variables that templates get, and more if they are named") {
  CHECK(run("template check", {{"FILE", "-"}}, "{{ alert.name }}").exit == Exit::failure);
  CHECK(run("template check", {{"FILE", "-"}, {"variable", "alert"}}, "{{ alert.name }}").exit == Exit::ok);
  CHECK(run("template check", {{"FILE", "-"}}, "{{ source_link }}{{ grafana_oncall_link }}").exit == Exit::ok);
}

TEST_CASE("check in JSON, and what it can't read") {
  const Run json = run("template check", {{"FILE", "-"}, {"output", "json"}}, "{{ paylod }}");
  CHECK(json.exit == Exit::failure);
  CHECK(json.out.starts_with("[{\"file\":\"standard input\",\"findings\":[{\"what\":\"unknown\",\"kind\":"));
  CHECK(json.out.find("\"hint\":\"Did you mean `payload`?\"") != std::string::npos);
  CHECK(run("template check", {{"FILE", "/nowhere/x.j2"}}).exit == Exit::usage);
  CHECK(run("template check", {{"FILE", "-"}, {"payload", "/nowhere/x.json"}}, "x").exit == Exit::usage);
}

}  // namespace tocsin::server
