// Runs the cases of tests/cases/jinja: what the real Jinja2 in OnCall's sandbox gave for a template and a context.
// TOCSIN_JINJA_SCORES=1 prints the score of each area, TOCSIN_JINJA_FAILED=FILE writes down the cases that differ,
// TOCSIN_JINJA_AREA=PREFIX runs some areas only.
#include "jinja/json_safe.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "base/text.hpp"
#include "jinja/template.hpp"
#include "value/json.hpp"
#include "value/python_text.hpp"

#include <doctest/doctest.h>

using namespace tocsin;
using value::Value;

namespace {

const std::filesystem::path folder = std::filesystem::path(TOCSIN_SOURCE_DIR) / "tests/cases/jinja";

/// What a template gave: text, or the category of its failure.
struct Answer {
  std::optional<std::string> text;
  std::string category;
  std::string message;
};

Answer failure(const jinja::Error& error) {
  return {std::nullopt, std::string(jinja::name_of(error.kind)), error.message};
}

std::vector<jinja::Variable> scope_of(value::Document& document, const Value& context, bool for_webhook) {
  std::vector<jinja::Variable> scope;
  for (const value::Entry& entry : *context.as_dict()) {
    const Value item = for_webhook ? jinja::json_safe(document.arena(), entry.value) : entry.value;
    scope.push_back({entry.key.as_text(), item});
  }
  return scope;
}

Answer render(jinja::Renderer& renderer, value::Document& document) {
  const Value root = document.root();
  const auto compiled = jinja::Template::compile(root.text_at("template"));
  if (const auto* error = std::get_if<jinja::Error>(&compiled)) return failure(*error);
  const auto scope = scope_of(document, *root.find("context"), root.text_at("mode") == "webhook");
  const std::string_view now = root.text_at("now").empty() ? "2024-05-17T09:41:07.123456+00:00" : root.text_at("now");
  std::string text;
  const auto error =
      renderer.render(std::get<jinja::Template>(compiled), scope, clock::from_iso8601(now).value(), {}, text);
  if (error) return failure(*error);
  const Value* limit = root.find("limit");
  jinja::cut_result(text, limit == nullptr ? 50'000 : static_cast<std::size_t>(limit->as_integer()));
  return {std::move(text), {}, {}};
}

/// All refusals at compile time count as one.
std::string_view group_of(std::string_view category) {
  return category == "assertion" || category == "pysyntax" ? "syntax" : category;
}

bool fits(const Value& wanted, const Answer& answer) {
  if (const Value* text = wanted.find("expected")) return answer.text && *answer.text == text->as_text();
  return !answer.text && group_of(wanted.text_at("error")) == group_of(answer.category);
}

bool passes(const Value& wanted, const Answer& answer) {
  if (const Value* tags = wanted.find("tags")) {
    for (const Value& tag : *tags->as_list()) {
      // Where CPython's own limits end a rendering, any answer is right that is one.
      if (tag.as_text() == "impl-limit") return true;
    }
  }
  if (fits(wanted, answer)) return true;
  const Value* others = wanted.find("also");
  return others != nullptr && std::any_of(others->as_list()->begin(), others->as_list()->end(),
                                          [&](const Value& other) { return fits(other, answer); });
}

/// Ids of the cases where the engine differs on purpose; docs/templates.md says why.
std::set<std::string> deliberate_differences() {
  std::set<std::string> ids;
  std::ifstream file(folder / "differences.txt");
  for (std::string line; std::getline(file, line);) {
    if (!line.empty() && line[0] != '#') ids.insert(line.substr(0, line.find(' ')));
  }
  return ids;
}

void write_down(std::ofstream& file, const Value& wanted, const Answer& answer) {
  std::string line = "{\"id\":" + base::json_quoted(wanted.text_at("id")) + ",\"want\":";
  const Value* text = wanted.find("expected");
  line += base::json_quoted(text != nullptr
                                ? std::string(text->as_text())
                                : std::string(wanted.text_at("error")) + ": " + std::string(wanted.text_at("message")));
  line += ",\"got\":" + base::json_quoted(answer.text ? *answer.text : answer.category + ": " + answer.message);
  line += ",\"template\":" + base::json_quoted(wanted.text_at("template"));
  line += ",\"context\":" + value::to_json(*wanted.find("context")) + "}";
  file << line << '\n';
}

struct Score {
  int passed = 0;
  int messages = 0;  ///< failures whose message is the same too
  int failures = 0;
  int total = 0;
};

Score run_file(const std::filesystem::path& path, const std::set<std::string>& differences, std::ofstream& failed) {
  Score score;
  jinja::Renderer renderer;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    auto document = value::read_json(line, {.dialect = value::Dialect::python});
    REQUIRE(document.ok());
    const Value wanted = document->root();
    ++score.total;
    const Answer answer = render(renderer, *document);
    if (wanted.find("error") != nullptr) {
      ++score.failures;
      score.messages += answer.message == wanted.text_at("message");
    }
    const bool good = passes(wanted, answer) || differences.contains(std::string(wanted.text_at("id")));
    score.passed += good;
    if (!good && failed.is_open()) write_down(failed, wanted, answer);
  }
  return score;
}

}  // namespace

TEST_CASE("templates give what Jinja2 gives") {
  const char* area = std::getenv("TOCSIN_JINJA_AREA");
  const char* failed_path = std::getenv("TOCSIN_JINJA_FAILED");
  const bool shows = std::getenv("TOCSIN_JINJA_SCORES") != nullptr;
  std::ofstream failed;
  if (failed_path != nullptr) failed.open(failed_path);
  const std::set<std::string> differences = deliberate_differences();
  std::map<std::string, Score> scores;
  for (const auto& each : std::filesystem::directory_iterator(folder)) {
    const std::string name = each.path().stem().string();
    if (each.path().extension() != ".jsonl" || (area != nullptr && !name.starts_with(area))) continue;
    scores[name] = run_file(each.path(), differences, failed);
  }
  REQUIRE(!scores.empty());
  Score all;
  for (const auto& [name, score] : scores) {
    if (shows) MESSAGE(name << ": " << score.passed << " of " << score.total);
    CHECK_MESSAGE(score.passed == score.total, "area " << name << ": " << score.passed << " of " << score.total);
    all.passed += score.passed;
    all.total += score.total;
    all.messages += score.messages;
    all.failures += score.failures;
  }
  if (shows)
    MESSAGE("all: " << all.passed << " of " << all.total << "; same message " << all.messages << " of "
                    << all.failures);
}
