#include "pattern/pattern.hpp"

#include <doctest/doctest.h>

using namespace tocsin;
using pattern::Dialect;
using pattern::Outcome;
using pattern::Pattern;

namespace {

bool searches(std::string_view source, std::string_view subject, Dialect dialect = Dialect::python_re) {
  const auto compiled = Pattern::compile(source, dialect);
  REQUIRE_MESSAGE(compiled.ok(), source << (compiled ? "" : ": " + compiled.error().message));
  return compiled->search(subject) == Outcome::match;
}

std::string replaced(std::string_view source, std::string_view replacement, std::string_view subject) {
  const auto compiled = Pattern::compile(source, Dialect::python_regex);
  REQUIRE(compiled.ok());
  std::string out;
  const base::Status done = compiled->replace_all(subject, replacement, out);
  return done ? out : "error: " + done.error().message;
}

std::string error_of(std::string_view source, Dialect dialect = Dialect::python_re) {
  const auto compiled = Pattern::compile(source, dialect);
  return compiled ? "fine" : compiled.error().message;
}

}  // namespace

TEST_CASE("what both dialects share") {
  for (const Dialect dialect : {Dialect::python_re, Dialect::python_regex}) {
    CHECK(searches("\"severity\": \"(critical|warning)\"", R"({"severity": "critical"})", dialect));
    CHECK(searches("(?i)CRIT", "critical", dialect));
    CHECK(searches("^a.c$", "abc\n", dialect));
    CHECK_FALSE(searches("^a.c\\Z", "abc\n", dialect));
    CHECK(searches("(?P<q>['\"]).*(?P=q)", "x 'y' z", dialect));
    CHECK(searches("a{,2}b", "aab", dialect));
    CHECK(searches("[[]x]", "[x]", dialect));
    CHECK(searches("[]a]+", "]", dialect));
    // The separators of ASCII are white space to `re` alone.
    CHECK(searches("\\s", "\x1c", dialect) == (dialect == Dialect::python_re));
    CHECK(searches("\\w", "é", dialect));
    CHECK(searches("\\u00e9", "é", dialect));
    CHECK(searches("(a)\\1", "aa", dialect));
    CHECK(searches("\\x41\\101", "AA", dialect));
    CHECK(searches("a(?#note)b", "ab", dialect));
    CHECK_FALSE(searches("a", "", dialect));
    CHECK(searches("", "", dialect));
  }
}

TEST_CASE("match is anchored at the start, search is not") {
  const auto compiled = Pattern::compile("b", Dialect::python_regex);
  CHECK(compiled->match("ab") == Outcome::no_match);
  CHECK(compiled->search("ab") == Outcome::match);
  CHECK(compiled->match("ba") == Outcome::match);
}

TEST_CASE("what a dialect refuses is refused with its place") {
  CHECK(error_of("*a") == "nothing to repeat at position 0");
  CHECK(error_of("é[a") == "unterminated character set at position 1");
  CHECK(error_of("\\q") == "bad escape \\q at position 0");
  CHECK(error_of("\\h") == "bad escape \\h at position 0");
  CHECK(error_of("a(?i)b") == "global flags not at the start of the expression at position 1");
  CHECK(error_of("(?<n>a)") == "unknown extension ?<n at position 1");
  CHECK(error_of("a(?i)b", Dialect::python_regex) == "fine");
  CHECK(error_of("(?<n>a)", Dialect::python_regex) == "fine");
  CHECK(error_of("(a") != "fine");
  CHECK(error_of("a)") != "fine");
  CHECK(error_of("(?:a){e<=1}", Dialect::python_regex).starts_with("fuzzy matching"));
}

TEST_CASE("backtracking ends at the limit") {
  const auto compiled = Pattern::compile("^(a+)+$", Dialect::python_re);
  REQUIRE(compiled.ok());
  CHECK(compiled->search(std::string(40, 'a') + "b") == Outcome::limit);
}

TEST_CASE("the effort is for all places of a subject together, and for all matches") {
  std::string text;
  for (int i = 0; i < 3000; ++i) text += "xxxxxxxxxxxxxxxx ";
  const auto compiled = Pattern::compile("(x+x+)+[yz]", Dialect::python_regex);
  REQUIRE(compiled.ok());
  pattern::Effort effort;
  CHECK(compiled->search(text, effort) == Outcome::limit);
  CHECK(effort.left == 0);
  effort = {};
  std::string out;
  CHECK_FALSE(compiled->replace_all(text, "", out, effort).ok());
  CHECK(effort.left == 0);
}

TEST_CASE("long subjects and many matches are no effort") {
  const std::string text(1'000'000, 'a');
  pattern::Effort effort;
  const auto absent = Pattern::compile("a+b|c", Dialect::python_regex);
  CHECK(absent->search(text, effort) != Outcome::match);
  const auto cheap = Pattern::compile("b+c", Dialect::python_regex);
  effort = {};
  CHECK(cheap->search(text, effort) == Outcome::no_match);
  CHECK(effort.left == pattern::Effort().left);
  const auto each = Pattern::compile("a", Dialect::python_regex);
  std::string out;
  CHECK(each->replace_all(text, "b", out, effort).ok());
  CHECK(out == std::string(1'000'000, 'b'));
  CHECK(effort.left == pattern::Effort().left);
}

TEST_CASE("match needs the start whatever the effort goes through") {
  const auto compiled = Pattern::compile("(a|b)*c", Dialect::python_regex);
  CHECK(compiled->match(std::string(5000, 'a') + "c") == Outcome::match);
  CHECK(compiled->match("x" + std::string(5000, 'a') + "c") == Outcome::no_match);
  CHECK(compiled->search("x" + std::string(5000, 'a') + "c") == Outcome::match);
}

TEST_CASE("replacement is that of re.sub") {
  CHECK(replaced("(\\w+)@(\\w+)", "\\2 at \\g<1>", "me@home, you@work") == "home at me, work at you");
  CHECK(replaced("(?P<user>\\w+)@", "<\\g<user>>", "me@home") == "<me>home");
  CHECK(replaced("x*", "-", "abxd") == "-a-b--d-");
  CHECK(replaced("", "-", "é") == "-é-");
  CHECK(replaced("a", "\\n\\\\\\.", "a") == "\n\\\\.");
  CHECK(replaced("(a)|b", "[\\1]", "ab") == "[a][]");
  CHECK(replaced("a", "$1", "a") == "$1");
  CHECK(replaced("a", "\\2", "b") == "b");
  CHECK(replaced("a", "\\x41\\u0042\\103", "a") == "ABC");
  CHECK(replaced("a", "\\x4", "a") == "error: incomplete escape \\x4 at position 3");
  CHECK(replaced("a", "\\2", "a") == "error: invalid group reference");
  CHECK(replaced("a", "\\g<n>", "a") == "error: unknown group");
  CHECK(replaced("a", "\\q", "a") == "error: bad escape \\q at position 2");
}
