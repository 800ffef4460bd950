#include <string>
#include <thread>
#include <vector>

#include "jinja/template.hpp"
#include "value/json.hpp"
#include "value/python_text.hpp"

#include <doctest/doctest.h>

using namespace tocsin;
using jinja::Budget;
using jinja::Error;
using jinja::ErrorKind;
using jinja::Renderer;
using jinja::Template;

namespace {

Template compiled(std::string_view source) {
  auto result = Template::compile(source);
  REQUIRE(std::holds_alternative<Template>(result));
  return std::get<Template>(std::move(result));
}

Error compile_error(std::string_view source, const Budget& budget = {}) {
  const auto result = Template::compile(source, budget);
  REQUIRE(std::holds_alternative<Error>(result));
  return std::get<Error>(result);
}

struct Rendered {
  std::string text;
  std::optional<Error> error;
};

Rendered render(std::string_view source, std::string_view payload = "null", const Budget& budget = {}) {
  const auto document = value::read_json(payload);
  REQUIRE(document.ok());
  const jinja::Variable variables[] = {{"payload", document.value().root()}};
  Renderer renderer;
  Rendered result;
  result.error = renderer.render(compiled(source), variables, {}, budget, result.text);
  return result;
}

Error render_error(std::string_view source, std::string_view payload = "null", const Budget& budget = {}) {
  const Rendered rendered = render(source, payload, budget);
  REQUIRE(rendered.error.has_value());
  return *rendered.error;
}

/// Runs out of the budget that is named.
void check_budget(std::string_view source, const Budget& budget, std::string_view name) {
  CAPTURE(source);
  const Error error = render_error(source, R"({"list": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]})", budget);
  CHECK(error.kind == ErrorKind::budget);
  CHECK(error.message.starts_with(name));
}

constexpr std::string_view five_nested_loops =
    "{% set l = payload.list %}{% for a in l %}{% for b in l %}{% for c in l %}{% for d in l %}{% for e in l %}"
    "{% for f in l %}{{ f }}{% endfor %}{% endfor %}{% endfor %}{% endfor %}{% endfor %}{% endfor %}";

}  // namespace

TEST_CASE("budgets end a rendering and say which") {
  check_budget(five_nested_loops, {.steps = 10'000}, "step budget");
  check_budget(five_nested_loops, {.output_bytes = 1000}, "output budget");
  check_budget("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", {}, "depth budget");
  check_budget("{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}", {.depth = 20}, "depth budget");
  check_budget("{% block b %}{{ self.b() }}{% endblock %}", {}, "depth budget");
  check_budget("{% set n = namespace(s='x') %}{% for a in 'x' * 30 %}{% set n.s = n.s ~ n.s %}{% endfor %}",
               {.memory_bytes = 1 << 20}, "memory budget");
  check_budget("{% set l = [] %}{% for a in 'x' * 100000 %}{% set _ = l.append(a * 10000) %}{% endfor %}", {},
               "memory budget");
}

TEST_CASE("a depth beyond the stack is refused, whatever the budget says") {
  Budget generous;
  generous.depth = 1'000'000;
  generous.steps = 1'000'000'000;
  check_budget("{% macro m(x) %}{{ m([x]) }}{% endmacro %}{{ m(1) }}", generous, "depth budget");
}

TEST_CASE("what one budget stops another lets pass") {
  CHECK_FALSE(render("{% for x in payload %}{{ x }}{% endfor %}", "[1, 2, 3]", {.steps = 40}).error.has_value());
  CHECK(render("{% for x in payload %}{{ x }}{% endfor %}", "[1, 2, 3]", {.steps = 5}).error.has_value());
}

TEST_CASE("steps are the same whatever ran before") {
  const Template first = compiled("{% for x in 'abcdef' * 20 %}{{ x }}{% endfor %}");
  Renderer renderer;
  std::string text;
  std::uint64_t enough = 1;
  while (renderer.render(first, {}, {}, {.steps = enough}, text).has_value()) ++enough;
  CHECK_FALSE(renderer.render(first, {}, {}, {.steps = enough}, text).has_value());
  CHECK(renderer.render(first, {}, {}, {.steps = enough - 1}, text).has_value());
}

TEST_CASE("long templates are refused") {
  const Error error = compile_error("abcdé!", {.template_length = 5});
  CHECK(error.kind == ErrorKind::toolong);
  CHECK(error.message == "Template exceeds length limit (6 > 5)");
}

TEST_CASE("errors know their line and column") {
  struct Place {
    std::string_view source;
    ErrorKind kind;
    int line;
    int column;
  };
  const Place places[] = {
      {"{{ payload.a.b }}", ErrorKind::undefined, 1, 14},
      {"x\n  {{ 1 + 'é' }}", ErrorKind::type, 2, 8},
      {"é {{ 'é' + 1 }}", ErrorKind::type, 1, 10},
      {"a\n{% for x in 5 %}{% endfor %}", ErrorKind::type, 2, 4},
      {"{% macro m() %}\n{{ 1 // 0 }}\n{% endmacro %}\n\n{{ m() }}", ErrorKind::zerodivision, 2, 6},
      {"\n\n{{ payload|round }}", ErrorKind::type, 3, 12},
      {"{% if true %}\n{% set x = payload['a']() %}{% endif %}", ErrorKind::undefined, 2, 24},
  };
  for (const Place& place : places) {
    CAPTURE(place.source);
    const Error error = render_error(place.source, "{}");
    CHECK(error.kind == place.kind);
    CHECK(error.line == place.line);
    CHECK(error.column == place.column);
  }
  const Error syntax = compile_error("line one\n  {{ foo bar }}");
  CHECK(syntax.kind == ErrorKind::syntax);
  CHECK(syntax.line == 2);
  CHECK(syntax.column == 10);
  const Error unknown = compile_error("{{ x|nope }}");
  CHECK(unknown.kind == ErrorKind::assertion);
  CHECK(unknown.message == "No filter named 'nope'.");
  CHECK(unknown.column == 6);
}

TEST_CASE("errors say how to mend a common slip") {
  CHECK(compile_error("{{ x|uper }}").hint == "Did you mean `upper`?");
  CHECK(compile_error("{{ x is defind }}").hint == "Did you mean `defined`?");
  CHECK(compile_error("{{ x|zzzzzzzzzz }}").hint.empty());
  CHECK(render_error("{{ payload.a.b }}", "{}").hint.find("default") != std::string::npos);
}

TEST_CASE("the sandbox") {
  CHECK(render("[{{ ''.__class__ }}]").text == "[]");
  CHECK(render_error("{{ ''.__class__.__mro__ }}").kind == ErrorKind::security);
  CHECK(render_error("{{ ''['__class__'].x }}").kind == ErrorKind::security);
  CHECK(render_error("{{ (''|attr('__class__')).x }}").kind == ErrorKind::security);
  CHECK(render_error("{{ '{0.__class__.x}'.format(1) }}").kind == ErrorKind::security);
  CHECK(render_error("{{ payload.items.__self__.x }}", "{}").kind == ErrorKind::security);
  CHECK(render_error("{{ range(3) }}").kind == ErrorKind::security);
  CHECK(render("{{ payload._own }}{{ payload.__own }}", R"({"_own": 1, "__own": 2})").text == "12");
  CHECK(render("{{ payload.__class__ }}", R"({"__class__": 1})").text == "");
}

TEST_CASE("a template changes its own copy, seen through every name, and never the caller's data") {
  const auto document = value::read_json(R"({"list": [1, [2]], "dict": {"a": {"b": 1}}})");
  const std::string before = value::to_repr(document.value().root());
  const jinja::Variable variables[] = {{"payload", document.value().root()}};
  Renderer renderer;
  std::string text;
  const auto gives = [&](std::string_view source, std::string_view expected) {
    CAPTURE(source);
    CHECK_FALSE(renderer.render(compiled(source), variables, {}, {}, text).has_value());
    CHECK(text == expected);
    CHECK(value::to_repr(document.value().root()) == before);
  };
  gives("{% set x = payload.list %}{{ x.append(3) }}{{ payload.list }}", "None[1, [2], 3]");
  gives("{{ payload.list[1].append(payload.list.pop(0)) }}{{ payload.list }}", "None[[2, 1]]");
  gives("{{ payload.dict.a.update(b=2) }}{{ payload.dict }}", "None{'a': {'b': 2}}");
  gives("{% set y = payload.dict.copy() %}{{ y.pop('a') }}{{ y }}{{ payload.dict }}", "{'b': 1}{}{'a': {'b': 1}}");
  gives("{% for k in payload.dict.keys()|list %}{{ payload.dict.pop(k) }}{% endfor %}{{ payload.dict }}", "{'b': 1}{}");
  gives("{{ payload.list }}", "[1, [2]]");
}

TEST_CASE("a changing template gives the same each time") {
  const Template changing = compiled("{{ payload.pop(0) }}{{ payload }}");
  const auto document = value::read_json("[1, 2]");
  const jinja::Variable variables[] = {{"payload", document.value().root()}};
  Renderer renderer;
  std::string text;
  for (int i = 0; i < 3; ++i) {
    CHECK_FALSE(renderer.render(changing, variables, {}, {}, text).has_value());
    CHECK(text == "1[2]");
  }
}

TEST_CASE("threads share one template") {
  const Template shared = compiled(
      "{% macro m(x) %}<{{ x|upper }}>{% endmacro %}{% for k, v in payload.items() %}{{ m(k) }}{{ v.pop() }}"
      "{{ k|regex_replace('a', 'b') }}{% endfor %}");
  const auto document = value::read_json(R"({"a": [1, 2], "b": [3, 4]})");
  std::vector<std::string> results(2);
  std::vector<std::thread> threads;
  for (std::string& result : results) {
    threads.emplace_back([&] {
      Renderer renderer;
      const jinja::Variable variables[] = {{"payload", document.value().root()}};
      for (int i = 0; i < 200; ++i) renderer.render(shared, variables, {}, {}, result);
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::string& result : results) CHECK(result == "<A>2b<B>4b");
}

TEST_CASE("a renderer is as new after a failure") {
  Renderer renderer;
  std::string text;
  CHECK(renderer.render(compiled("{% autoescape true %}abc{{ 1 / 0 }}{% endautoescape %}"), {}, {}, {}, text)
            .has_value());
  CHECK_FALSE(renderer.render(compiled("{{ '<' }}"), {}, {}, {}, text).has_value());
  CHECK(text == "<");
}

TEST_CASE("names that a template reads and does not define") {
  const Template checked = compiled(
      "{% set a = b %}{{ a }}{% for c in d %}{{ c }}{{ loop.index }}{{ time() }}{% endfor %}"
      "{% macro m(e, f=g) %}{{ e }}{{ varargs }}{% endmacro %}{{ m(payload) }}");
  CHECK((checked.undeclared_names() == std::vector<std::string>{"b", "d", "g", "payload"}));
}

TEST_CASE("results are cut as OnCall does") {
  std::string text = "äöü";
  jinja::cut_result(text, 3);
  CHECK(text == "äöü");
  jinja::cut_result(text, 2);
  CHECK(text == "äö..");
}

TEST_CASE("the truth of a condition") {
  for (const std::string_view yes : {"1", " true\n", "True", "OK", "ok "}) CHECK(jinja::is_true(yes));
  for (const std::string_view no : {"", "0", "yes", "truee", "None", "1 1"}) CHECK_FALSE(jinja::is_true(no));
}
