#include "server/command_line.hpp"

#include <doctest/doctest.h>

#include <sstream>

namespace tocsin::server {
namespace {

/// The words of a line as a shell sees them, up to a pipe or a redirection.
std::vector<std::string> words_of(const std::string& line) {
  std::vector<std::string> words;
  char quote = ' ';
  bool in_word = false;
  for (const char c : line) {
    const bool is_quote = c == '\'' || c == '"';
    if (quote == ' ' && (c == '|' || c == '<' || c == '>')) break;
    if (quote == ' ' && c == ' ') {
      in_word = false;
      continue;
    }
    if (!in_word) words.emplace_back();
    in_word = true;
    if (is_quote && (quote == ' ' || quote == c)) {
      quote = quote == ' ' ? c : ' ';
    } else {
      words.back() += c;
    }
  }
  return words;
}

/// The arguments of an example: what follows the program's name.
std::vector<std::string> arguments_of(const std::string& example) {
  return words_of(example.substr(example.find("tocsin ") + 7));
}

std::vector<std::string> examples_of(const Command& command) {
  std::vector<std::string> examples;
  std::istringstream lines(command.detail);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("  ")) examples.push_back(line);
  }
  return examples;
}

Chosen chosen(std::vector<std::string> arguments) {
  auto read = read_command_line(all_commands(), std::move(arguments));
  if (const Shown* shown = std::get_if<Shown>(&read)) FAIL(shown->text);
  return std::get<Chosen>(std::move(read));
}

Shown shown(std::vector<std::string> arguments) {
  auto read = read_command_line(all_commands(), std::move(arguments));
  REQUIRE(std::holds_alternative<Shown>(read));
  return std::get<Shown>(std::move(read));
}

TEST_CASE("flags, positionals and switches arrive under their names") {
  const Chosen read = chosen({"groups", "--data", "d", "--label", "a=b", "--label=c=d", "--state", "firing"});
  CHECK(read.command->path == "groups");
  CHECK(read.arguments.text("data") == "d");
  CHECK(read.arguments.all("label") == std::vector<std::string>{"a=b", "c=d"});
  CHECK_FALSE(read.arguments.has("page"));

  const Chosen many = chosen({"silence", "1", "2", "IABC", "--forever"});
  CHECK(many.arguments.all("ID") == std::vector<std::string>{"1", "2", "IABC"});
  CHECK(many.arguments.has("forever"));
  CHECK_FALSE(many.arguments.has("for"));
}

TEST_CASE("said twice, the last counts") {
  const Chosen read = chosen({"serve", "--listen", "127.0.0.1:8080", "--data", "./data", "--listen", "127.0.0.1:9090"});
  CHECK(read.arguments.text("listen") == "127.0.0.1:9090");
}

TEST_CASE("a repeatable flag does not swallow what follows") {
  const Chosen read = chosen({"note", "--data", "d", "12", "it was -- me"});
  CHECK(read.arguments.text("ID") == "12");
  CHECK(read.arguments.text("TEXT") == "it was -- me");
}

TEST_CASE("wrong arguments are told, with the command whose help tells more") {
  CHECK(shown({}).exit == Exit::usage);
  CHECK(shown({}).text.find("serve") != std::string::npos);
  CHECK(shown({"token"}).text.find("revoke") != std::string::npos);
  CHECK(shown({"token", "frobnicate"}).text.find("frobnicate") != std::string::npos);
  CHECK(shown({"--frobnicate", "serve"}).text.find("--frobnicate") != std::string::npos);
  const Shown missing = shown({"token", "create"});
  CHECK(missing.exit == Exit::usage);
  CHECK(missing.text.find("--name") != std::string::npos);
  CHECK(missing.text.find("tocsin token create --help") != std::string::npos);
  CHECK(shown({"token", "create", "--name", "x", "--nmae", "y"}).text.find("--nmae") != std::string::npos);
  CHECK(shown({"serve", "--nosuch", "x"}).text.starts_with("tocsin: there is no flag '--nosuch'\n"));
  CHECK(shown({"groups", "x"}).text.starts_with("tocsin: nothing is expected where it says 'x'\n"));
  CHECK(shown({"frobnicate"}).exit == Exit::usage);
  CHECK(shown({"acknowledge"}).exit == Exit::usage);
}

TEST_CASE("version and help go out well") {
  CHECK(shown({"--version"}).text == "tocsin " + std::string(version()) + "\n");
  CHECK(shown({"--help"}).exit == Exit::ok);
  CHECK(shown({"--help"}).text.find("Exit codes") != std::string::npos);
}

TEST_CASE("every command has its help and examples that parse") {
  for (const Command& command : all_commands()) {
    CAPTURE(command.path);
    std::vector<std::string> asked = words_of(command.path);
    asked.emplace_back("--help");
    const Shown help = shown(asked);
    CHECK(help.exit == Exit::ok);
    if (asked.size() > 2) CHECK_FALSE(shown({asked[0], "--help"}).text.starts_with("Usage:"));
    CHECK(help.text.find(command.summary) != std::string::npos);
    for (const Flag& flag : command.flags) {
      const bool is_told = help.text.find("--" + flag.name) != std::string::npos;
      CHECK(is_told == (flag.need != Flag::Need::hidden));
    }
    const std::vector<std::string> examples = examples_of(command);
    CHECK_FALSE(examples.empty());
    for (const std::string& example : examples) {
      CAPTURE(example);
      CHECK(chosen(arguments_of(example)).command->path == command.path);
    }
  }
}

TEST_CASE("an output format that does not exist is refused before anything is done") {
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  CHECK(run_command_line({"template", "check", "{{ a }}", "--output", "yaml"}, in, out, err) == Exit::usage);
  CHECK(err.str().find("yaml") != std::string::npos);
  CHECK(out.str().empty());
}

}  // namespace
}  // namespace tocsin::server
