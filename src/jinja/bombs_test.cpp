// Templates made to hang or to fill the memory: each ends within its budget, in milliseconds, with an error that names
// what ran out.
#include <ctime>
#include <string>
#include <string_view>
#include <variant>

#include "base/metric.hpp"
#include "jinja/template.hpp"
#include "value/json.hpp"

#include <doctest/doctest.h>

using namespace tocsin;

namespace {

struct Outcome {
  std::string text;  ///< or the message of the error
  jinja::ErrorKind kind = jinja::ErrorKind::other;
  bool failed = false;
  double milliseconds = 0;  ///< of the processor
};

double processor_time() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

Outcome run(std::string_view source, const jinja::Budget& budget = {}, std::string_view payload = "{}") {
  const auto document = value::read_json(payload);
  REQUIRE(document.ok());
  const jinja::Variable scope[] = {{"payload", document->root()}};
  Outcome outcome;
  const double start = processor_time();
  auto compiled = jinja::Template::compile(source, budget);
  std::optional<jinja::Error> error;
  if (auto* refused = std::get_if<jinja::Error>(&compiled)) {
    error = std::move(*refused);
  } else {
    jinja::Renderer renderer;
    error = renderer.render(std::get<jinja::Template>(compiled), scope, {}, budget, outcome.text);
  }
  outcome.milliseconds = processor_time() - start;
  if (error) {
    outcome.failed = true;
    outcome.kind = error->kind;
    outcome.text = error->message;
  }
  return outcome;
}

// An optimised build needs a fraction of this on an idle machine; the sanitizers twenty times as much, that of threads
// more.
#if defined(__SANITIZE_THREAD__)
constexpr double longest = 60'000;
#elif defined(NDEBUG)
constexpr double longest = 500;
#else
constexpr double longest = 10'000;
#endif

void ends(std::string_view source, std::string_view payload = "{}") {
  CAPTURE(source);
  const Outcome outcome = run(source, {}, payload);
  CAPTURE(outcome.text.substr(0, 200));
  CHECK(outcome.milliseconds < longest);
}

void ends_by(std::string_view what, std::string_view source) {
  CAPTURE(source);
  const Outcome outcome = run(source);
  CHECK(outcome.failed);
  CHECK(outcome.text.substr(0, what.size()) == what);
  CHECK(outcome.milliseconds < longest);
}

std::string repeated(std::string_view part, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) text += part;
  return text;
}

/// Lists of lists, each holding the one before twice: small in memory, without end when walked.
const std::string doubled =
    "{% set n = namespace(a=[], b=[]) %}{% for i in 'x' * 40 %}{% set n.a = [n.a, n.a] %}{% set n.b = [n.b, n.b] %}"
    "{% endfor %}";

const std::string many_times = "{% set a = 'a' %}{% set n = 10 %}{% for i in 'x' * 100000 %}{% set y = ";

}  // namespace

TEST_CASE("loops within loops end by steps") {
  std::string source;
  for (const char* name : {"a", "b", "c", "d"}) source += std::string("{% for ") + name + " in 'x' * 1000 %}";
  ends_by("step budget exhausted (1000000 steps)", source + "{{ a }}" + repeated("{% endfor %}", 4));
  ends("{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(60) }}");
  ends_by("depth budget exhausted", "{% macro m(n) %}{{ m(n + 1) }}{{ m(n + 1) }}{% endmacro %}{{ m(0) }}");
}

TEST_CASE("what would fill the memory is refused") {
  for (const char* source :
       {"{{ 'x' * 10**9 }}", "{{ 'x' * 10**18 }}", "{{ [1] * 10**9 }}", "{{ 10 ** 10**9 }}", "{{ 'x'.ljust(10**9) }}",
        "{{ '%1000000000d' % 1 }}", "{{ '{:>1000000000}'.format(1) }}", "{{ 'x'|indent(10**9, true) }}",
        "{{ '\\t'.expandtabs(10**9) }}", "{{ [1]|slice(10**9)|list|length }}", "{{ lipsum(n=10**9) }}",
        "{{ ('x' * 100000)|list|join('y' * 1000000)|length }}", "{{ ('a' * 1000000).replace('a', 'b' * 1000) }}",
        "{{ ('a' * 100000).translate({97: 'b' * 10000})|length }}"}) {
    ends(source);
  }
  ends_by("memory budget exhausted (67108864 bytes)",
          "{% set n = namespace(l=[1]) %}{% for a in 'x' * 40 %}{% set n.l = n.l + n.l %}{% endfor %}");
  ends_by("output budget exhausted (4194304 bytes)", "{% for i in 'x' * 10000 %}{{ 'y' * 10000 ~ i }}{% endfor %}");
}

TEST_CASE("structures that hold themselves twice are not walked without end") {
  for (const char* use : {"n.a|string|length", "n.a|tojson|length", "n.a|pprint|length", "n.a == n.b", "n.a < n.b",
                          "n.a in [n.b]", "n.a|urlencode"}) {
    ends_by("step budget exhausted", doubled + "{{ " + use + " }}");
  }
  ends_by("step budget exhausted",
          "{% set n = namespace(a=()) %}{% for i in 'x' * 40 %}{% set n.a = (n.a, n.a) %}{% endfor %}{{ {n.a: 1} }}");
}

TEST_CASE("long work done often counts") {
  for (const char* work :
       {"(a * 50000).count('b')", "(a * 50000).upper()", "(a * 1000 ~ 'b') in (a * 100000)", "n**9000 * n**9000",
        "n**9000 // (n**4000 + 1)", "(n**4000)|string", "('9' * (n * 400))|int"}) {
    ends(many_times + work + " %}{% endfor %}");
  }
  for (const char* work : {"s|length", "s[400000]", "s[1:2]", "s == t", "s < t", "s.isalpha()", "'z' in s"}) {
    ends(std::string("{% set s = 'é' * 500000 %}{% set t = 'é' * 500000 %}") + many_times + work + " %}{% endfor %}");
  }
  for (const char* work : {"l == k", "l < k", "2 in l", "l.count(2)", "l|sum", "l|max", "l|unique|list"}) {
    ends(std::string("{% set l = [1] * 500000 %}{% set k = [1] * 500000 %}") + many_times + work + " %}{% endfor %}");
  }
}

TEST_CASE("regular expressions that backtrack without end") {
  CHECK(run("{{ ('a' * 40 ~ 'b')|regex_match('(a+)+$') }}").text == "None");
  ends("{{ (' ' * 50000 ~ 'x')|regex_search('(\\\\s|\\\\t)+$') }}");
  ends("{{ ('x' * 3000)|regex_search('x*x*x*[=y]') }}");
  ends("{{ ('xxxxxxxxxxxxxxxx ' * 3000)|regex_replace('(x+x+)+[yz]', '') }}");
  ends("{{ 'x'|regex_match('((a{1,500}){1,500}){1,500}') }}");
  ends_by("regex budget exhausted (16000000 steps of backtracking)",
          "{% for i in 'x' * 1000 %}{{ ('a' * 40 ~ i ~ 'b')|regex_match('(a+)+$') }}{% endfor %}");
  ends("{% for i in 'x' * 3000 %}{{ 'x'|regex_match('(a{1,100}){1,100}' ~ loop.index) }}{% endfor %}");
}

TEST_CASE("deep templates and deep payloads") {
  const std::string one = "1";
  ends("{{ " + repeated("(", 20000) + one + repeated(")", 20000) + " }}");
  ends("{{ " + repeated("[", 20000) + repeated("]", 20000) + " }}");
  ends("{{ " + repeated("-", 40000) + "1 }}");
  ends("{{ 1" + repeated("+1", 20000) + " }}");
  ends("{{ x" + repeated("|upper", 6000) + " }}");
  ends(repeated("{% if 1 %}", 4000) + repeated("{% endif %}", 4000));
  ends("{{ ('[' * 100000)|parse_json }}");
  const std::string deep = "{\"a\":" + repeated("[", 400) + repeated("]", 400) + "}";
  ends("{{ payload }}{{ payload|tojson }}{{ payload|pprint }}{{ payload == payload.copy() }}", deep);
}

TEST_CASE("numbers that differ in their high bits alone make no slow dict") {
  ends(
      "{% set d = {} %}{% for i in 'x' * 20000 %}{% set _ = d.update({loop.index * 4294967296 * 4096: 1}) %}"
      "{% endfor %}{{ d|length }}");
}

int watchdog_errors() {
  constexpr std::string_view name = "tocsin_template_budget_errors_total{budget=\"time\"} ";
  const std::string metrics = base::metrics_text();
  const std::size_t at = metrics.find(name);
  return at == std::string::npos ? 0 : std::stoi(metrics.substr(at + name.size()));
}

TEST_CASE("what is nested deeply is printed up to Python's kind of limit") {
  for (const std::string nested : {"dict[ns.x]", "[ns.x]", "(ns.x,)", "{1: ns.x}"}) {
    const std::string build =
        "{% set ns = namespace(x=1) %}{% for a in 'x' * 90000 %}{% set ns.x = " + nested + " %}{% endfor %}";
    ends_by("maximum recursion depth exceeded", build + "{{ ns.x }}");
    ends(build + "{{ ns.x|pprint }}{{ ns.x == ns.x }}{{ {ns.x: 1} }}");
  }
}

TEST_CASE("the watchdog ends what steps don't see") {
  const int before = watchdog_errors();
  jinja::Budget impatient;
  impatient.steps = 1'000'000'000;
  impatient.watchdog = std::chrono::milliseconds(0);
  const Outcome outcome = run("{% for a in 'x' * 10000 %}{{ a }}{% endfor %}", impatient);
  CHECK(outcome.failed);
  CHECK(outcome.kind == jinja::ErrorKind::budget);
  CHECK(outcome.text == "time budget exhausted (0 ms)");
  CHECK(watchdog_errors() == before + 1);
  CHECK_FALSE(run("{% for a in 'x' * 100 %}{{ a }}{% endfor %}", impatient).failed);
}
