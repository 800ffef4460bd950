#include "jinja/hints.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "jinja/names.hpp"

namespace tocsin::jinja {
namespace {

/// Changes, additions and removals of a letter between the two, and changes of place of neighbours.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> last(b.size() + 1), row(b.size() + 1), next(b.size() + 1);
  for (std::size_t j = 0; j < row.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    next[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = row[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      next[j] = std::min({row[j] + 1, next[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) next[j] = std::min(next[j], last[j - 2] + 1);
    }
    std::swap(last, row);
    std::swap(row, next);
  }
  return row[b.size()];
}

/// The filter or test most like the wrong name, if any is like it.
template <class Name>
std::string_view nearest_of(std::string_view wrong) {
  std::vector<std::string_view> names;
  for (std::uint16_t i = 1; i < static_cast<std::uint16_t>(Name::count_); ++i) {
    names.push_back(text_of(static_cast<Name>(i)));
  }
  return nearest(wrong, names);
}

/// What stands between the first quotes.
std::string_view quoted_part(std::string_view message) {
  const std::size_t open = message.find('\'');
  const std::size_t close = message.find('\'', open + 1);
  if (open == message.npos || close == message.npos) return {};
  return message.substr(open + 1, close - open - 1);
}

struct Slip {
  std::string_view wrong;
  std::string_view hint;
};

/// Functions and names of other languages that Jinja2 spells otherwise.
constexpr Slip names[] = {
    {"len", "Jinja2 has no len(): write `x|length`."},
    {"str", "Jinja2 has no str(): write `x|string`."},
    {"int", "Jinja2 has no int(): write `x|int`."},
    {"float", "Jinja2 has no float(): write `x|float`."},
    {"list", "Jinja2 has no list(): write `x|list`."},
    {"sorted", "Jinja2 has no sorted(): write `x|sort`."},
    {"reversed", "Jinja2 has no reversed(): write `x|reverse`."},
    {"sum", "Jinja2 has no sum(): write `x|sum`."},
    {"min", "Jinja2 has no min(): write `x|min`."},
    {"max", "Jinja2 has no max(): write `x|max`."},
    {"abs", "Jinja2 has no abs(): write `x|abs`."},
    {"round", "Jinja2 has no round(): write `x|round`."},
    {"map", "Jinja2 has no map(): write `x|map(attribute='name')`."},
    {"filter", "Jinja2 has no filter(): write `x|select(...)` or `x|selectattr(...)`."},
    {"enumerate", "Jinja2 has no enumerate(): inside a loop `loop.index0` counts."},
    {"zip", "Jinja2 has no zip(): loop over one and take `other[loop.index0]`."},
    {"isinstance", "Jinja2 has no isinstance(): ask `x is string`, `x is mapping`, `x is number`."},
    {"type", "Jinja2 has no type(): ask `x is string`, `x is mapping`, `x is number`."},
    {"print", "Jinja2 has no print(): `{{ x }}` prints."},
    {"json", "Write `x|tojson` or `x|tojson_pretty`, and `text|parse_json`."},
    {"re", "Write `x|regex_match('...')`, `x|regex_search('...')` or `x|regex_replace('...', '...')`."},
    {"now", "The present time is `time()`."},
    {"datetime", "The present time is `time()`; `text|iso8601_to_time` reads one."},
    {"null", "Nothing is `none` here."},
    {"nil", "Nothing is `none` here."},
    {"undefined", "Ask `x is defined` or `x is not defined`."},
    {"NULL", "Nothing is `none` here."},
};

constexpr Slip tags[] = {
    {"elseif", "It is spelt `elif`."},
    {"elsif", "It is spelt `elif`."},
    {"end", "The end names what it ends: `endif`, `endfor`."},
    {"endif", "No `if` is open here."},
    {"endfor", "No `for` is open here."},
    {"else", "No `if` or `for` is open here."},
    {"elif", "No `if` is open here."},
    {"while", "There is no while: loop over something with `for`."},
    {"break", "There is no break: filter the loop, `{% for x in y if ... %}`."},
    {"continue", "There is no continue: filter the loop, `{% for x in y if ... %}`."},
    {"do", "There is no do: write `{% set _ = list.append(x) %}`."},
    {"range", "That is Go's language; here it is `{% for x in payload.alerts %}`."},
    {"trans", "There is no trans: write the text itself."},
    {"let", "Variables are made by `{% set x = 1 %}`."},
    {"switch", "There is no switch: use `if`, `elif`, `else`."},
    {"try", "There is no try: ask first (`x is defined`) or give a default (`x|default('')`)."},
};

/// By what the parser could not go on with.
constexpr Slip signs[] = {
    {"unexpected char '&'", "`&&` is written `and`."},
    {"unexpected char '!'", "`!x` is written `not x`."},
    {"unexpected char '?'", "`a ? b : c` is written `b if a else c`; a fallback is `a or b`."},
    {"unexpected char '$'", "Variables have no `$` here: write `payload.name`."},
    {"unexpected char '@'", "Names have letters, digits and `_`: write `payload[\"@name\"]`."},
    {"unexpected char '\\\\'", "Quotes inside a template need no backslash."},
    {"unexpected char '\"'", "A text begins here that has no end."},
    {"unexpected char \"'\"", "A text begins here that has no end."},
    {"got '='", "`=` assigns (`{% set x = 1 %}`); compare with `==`."},
    {"got ':'", "A filter takes its arguments in brackets: `x|default('none')`."},
    {"unexpected '.'", "`.Name` is Go's language: write `payload.name`."},
    {"unexpected '='", "Equal is `==`."},
    {"unexpected '>'", "Not equal is `!=`."},
    {"got '+'", "There is no `+=`: write `{% set x = x + 1 %}`."},
    {"expected token 'name', got '|'", "`||` is written `or`."},
    {"expected token ':', got '}'", "Inside `{% %}` and `{{ }}` names stand without further `{{ }}`."},
    {"expected token 'in'", "A loop is `{% for x in list %}`."},
    {"got 'for'", "There are no list comprehensions: use `select`, `map` or a loop."},
    {"got 'string'", "Something is missing before the text: `~` joins texts, a comma parts arguments."},
    {"', expected '", "A bracket is not closed."},
    {"unexpected '}'", "There is a `}` too many or too few."},
    {"unexpected 'end of", "The expression ends too early."},
    {"unexpected end of template", "The `}}` or `%}` is missing."},
    {"Missing end of comment", "A comment ends with `#}`."},
    {"'endset'", "`{% set x %}` begins a block; to assign write `{% set x = ... %}`."},
    {"Unexpected end of template", "A block is not closed: its `endif`, `endfor` or the like is missing."},
};

template <std::size_t size>
std::string_view hint_among(const Slip (&slips)[size], std::string_view wrong) {
  const auto* found = std::find_if(slips, slips + size, [&](const Slip& each) { return each.wrong == wrong; });
  return found == slips + size ? std::string_view() : found->hint;
}

std::string hint_for_syntax(std::string_view message) {
  if (message.starts_with("Encountered unknown tag")) return std::string(hint_among(tags, quoted_part(message)));
  for (const Slip& each : signs) {
    if (message.find(each.wrong) != message.npos) return std::string(each.hint);
  }
  return {};
}

std::string hint_for_budget(std::string_view message) {
  if (message.starts_with("step")) return "The loops do too much: narrow them, or give templates more steps.";
  if (message.starts_with("depth")) return "A macro, a block or a loop calls itself without end.";
  if (message.starts_with("regex"))
    return "A regular expression tries too many ways: avoid repetitions in repetitions.";
  return {};
}

}  // namespace

std::string_view nearest(std::string_view wrong, const std::vector<std::string_view>& names) {
  constexpr std::size_t longest = 40;
  if (wrong.size() > longest) return {};
  std::string_view best;
  std::size_t least = std::max<std::size_t>(2, wrong.size() / 3 + 1);
  for (const std::string_view name : names) {
    const std::size_t difference = name.size() > wrong.size() ? name.size() - wrong.size() : wrong.size() - name.size();
    if (difference >= least) continue;
    const std::size_t changes = distance(wrong, name);
    if (changes == 0 || changes >= least) continue;
    least = changes;
    best = name;
  }
  return best;
}

std::string did_you_mean(std::string_view name) {
  return name.empty() ? std::string() : "Did you mean `" + std::string(name) + "`?";
}

std::string hint_for_member(std::string_view wrong, const std::vector<std::string_view>& names) {
  if (const std::string_view name = nearest(wrong, names); !name.empty()) return did_you_mean(name);
  constexpr std::size_t few = 8;
  constexpr std::size_t longest = 40;
  std::string list;
  std::size_t shown = 0;
  for (const std::string_view name : names) {
    if (shown == few) break;
    if (name.size() > longest) continue;
    list.append(shown++ == 0 ? "" : ", ").append("`").append(name).append("`");
  }
  if (shown == 0) return "It is empty: give a default (`x|default('')`) or ask first (`{% if x is defined %}`).";
  return "There is " + list + (shown < names.size() ? " and more." : ".");
}

std::string hint_for(ErrorKind kind, std::string_view message) {
  if (message.starts_with("No filter named")) return did_you_mean(nearest_of<FilterName>(quoted_part(message)));
  if (message.starts_with("No test named")) return did_you_mean(nearest_of<TestName>(quoted_part(message)));
  if (kind == ErrorKind::syntax) return hint_for_syntax(message);
  if (kind == ErrorKind::budget) return hint_for_budget(message);
  if (kind == ErrorKind::security && message.find("'range'") != message.npos) {
    return "Templates have no range(); loop over a list, or over a slice of one.";
  }
  if (kind == ErrorKind::type && message.starts_with("can only concatenate str")) {
    return "`~` joins anything as text: `'a' ~ 1`.";
  }
  if (kind != ErrorKind::undefined) return {};
  if (const std::string_view hint = hint_among(names, quoted_part(message)); !hint.empty()) return std::string(hint);
  return "Give a default (`x|default('')`) or ask first (`{% if x is defined %}`); names with other signs than "
         "letters, digits and `_` are read as `payload[\"some-name\"]`.";
}

}  // namespace tocsin::jinja
