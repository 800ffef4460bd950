// The functions and classes that every template knows: dict, lipsum, cycler, joiner, namespace, range, time.
#include <iterator>

#include "jinja/machine.hpp"
#include "value/python_arithmetic.hpp"
#include "value/python_compare.hpp"
#include "value/python_error.hpp"
#include "value/python_strings.hpp"
#include "value/python_text.hpp"

namespace tocsin::jinja {
namespace {

void add_pair(Evaluation& evaluation, value::Dict& into, Value pair, std::size_t number) {
  if (!is_iterable(pair)) {
    value::raise_type("cannot convert dictionary update sequence element #" + std::to_string(number) +
                      " to a sequence");
  }
  const value::List* items = evaluation.to_list(pair);
  if (items->size != 2) {
    value::raise_value("dictionary update sequence element #" + std::to_string(number) + " has length " +
                       std::to_string(items->size) + "; 2 is required");
  }
  if (!value::is_hashable(items->items[0])) {
    value::raise_unhashable(items->items[0]);
  }
  value::set(evaluation.arena(), into, items->items[0], items->items[1]);
}

/// dict(...) and what takes the same arguments.
value::Dict* dict_of(Evaluation& evaluation, const Arguments& arguments) {
  if (arguments.positional.size() > 1) {
    value::raise_type("dict expected at most 1 argument, got " + std::to_string(arguments.positional.size()));
  }
  value::Dict* dict = value::new_dict(evaluation.arena());
  if (!arguments.positional.empty()) {
    const Value from = arguments.positional[0];
    if (from.is_undefined()) evaluation.fail_undefined(from);
    if (const auto* type = object_of<TypeObject>(from); type != nullptr && type->name == "dict") {
      value::raise_type("unbound method dict.keys() needs an argument");
    }
    if (from.is_dict()) {
      for (const value::Entry& entry : *from.as_dict()) {
        evaluation.charge(1);
        value::set(evaluation.arena(), *dict, entry.key, entry.value);
      }
    } else {
      Cursor cursor = evaluation.iterate(from);
      std::size_t number = 0;
      for (Value pair; cursor.next(pair); ++number) {
        evaluation.charge(1);
        add_pair(evaluation, *dict, pair, number);
      }
    }
  }
  for (const Keyword& keyword : arguments.named) {
    value::set(evaluation.arena(), *dict, Value::text(keyword.first), keyword.second);
  }
  return dict;
}

Value make_dict(Evaluation& evaluation, const Arguments& arguments) {
  return Value::dict(dict_of(evaluation, arguments));
}

Value make_namespace(Evaluation& evaluation, const Arguments& arguments) {
  return Value::object(make_object<Namespace>(evaluation.arena(), dict_of(evaluation, arguments)));
}

Value make_cycler(Evaluation& evaluation, const Arguments& arguments) {
  if (!arguments.named.empty()) {
    value::raise_type("Cycler.__init__() got an unexpected keyword argument '" + std::string(arguments.named[0].first) +
                      "'");
  }
  if (arguments.positional.empty()) fail(ErrorKind::other, "at least one item has to be provided");
  value::List* items = value::new_list(evaluation.arena(), static_cast<std::uint32_t>(arguments.positional.size()));
  for (const Value item : arguments.positional) value::append(evaluation.arena(), *items, item);
  return Value::object(make_object<Cycler>(evaluation.arena(), items, std::uint32_t{0}));
}

Value make_joiner(Evaluation& evaluation, const Arguments& arguments) {
  static constexpr std::string_view parameters[] = {"self", "sep"};
  Value separator = Value::text(", ");
  bind({"Joiner.__init__", parameters, 1}, arguments, {&separator, 1});
  return Value::object(make_object<Joiner>(evaluation.arena(), separator, false));
}

Value refuse_range(Evaluation&, const Arguments& arguments) {
  if (!arguments.named.empty()) {
    value::raise_type("<lambda>() got an unexpected keyword argument '" + std::string(arguments.named[0].first) + "'");
  }
  fail(ErrorKind::security, "use of 'range' is restricted");
}

Value time_now(Evaluation& evaluation, const Arguments& arguments) {
  bind({"now", {}, 0, 0}, arguments, {});
  return datetime_value(evaluation.arena(), clock::utc_of(evaluation.now()));
}

// Placeholder text.

constexpr std::string_view words[] = {
    "a",      "ac",       "aliquam", "amet",    "ante",   "at",    "augue", "bibendum", "commodo", "congue",
    "cras",   "cum",      "diam",    "dolor",   "dui",    "eget",  "elit",  "enim",     "erat",    "et",
    "felis",  "fusce",    "gravida", "iaculis", "in",     "ipsum", "justo", "lacus",    "lectus",  "leo",
    "ligula", "lorem",    "magna",   "massa",   "mauris", "metus", "mi",    "morbi",    "nec",     "neque",
    "nibh",   "non",      "nulla",   "nunc",    "odio",   "orci",  "pede",  "porta",    "purus",   "quam",
    "quis",   "rhoncus",  "risus",   "sapien",  "sed",    "sem",   "sit",   "tellus",   "tempor",  "tortor",
    "turpis", "ultrices", "urna",    "ut",      "varius", "vel",   "velit", "viverra",  "vitae",   "volutpat"};

/// A small generator (splitmix64); only placeholder text needs it.
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : state_(seed) {}
  std::int64_t below(std::int64_t limit) {
    state_ += 0x9E3779B97F4A7C15u;
    std::uint64_t z = state_;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return static_cast<std::int64_t>((z ^ z >> 31) % static_cast<std::uint64_t>(limit));
  }

 private:
  std::uint64_t state_;
};

std::string paragraph(Evaluation& evaluation, Chance& chance, std::int64_t count) {
  std::string text;
  std::int64_t until_stop = 0;
  std::int64_t last = -1;
  for (std::int64_t i = 0; i < count; ++i) {
    evaluation.charge(1);
    std::int64_t word = chance.below(std::size(words));
    if (word == last) word = (word + 1) % static_cast<std::int64_t>(std::size(words));
    last = word;
    const bool first = until_stop == 0;
    if (first) until_stop = 6 + chance.below(10);
    if (i != 0) text += ' ';
    text += first ? value::capitalized(words[word]) : std::string(words[word]);
    if (--until_stop == 0 || i + 1 == count) {
      text += '.';
    } else if (until_stop > 2 && chance.below(6) == 0) {
      text += ',';
    }
  }
  return text;
}

Value lorem_ipsum(Evaluation& evaluation, const Arguments& arguments) {
  static constexpr std::string_view parameters[] = {"n", "html", "min", "max"};
  Value slots[] = {Value::integer(5), Value::boolean(true), Value::integer(20), Value::integer(100)};
  bind({"generate_lorem_ipsum", parameters, 0, 0}, arguments, slots);
  const auto number = [&](int i) {
    return value::as_index(
        slots[i],
        ("'" + std::string(value::type_name(slots[i])) + "' object cannot be interpreted as an integer").c_str());
  };
  const std::int64_t count = number(0);
  const std::int64_t least = number(2);
  const std::int64_t most = number(3);
  const bool html = value::is_true(slots[1]);
  Chance chance(static_cast<std::uint64_t>(evaluation.now().micros()));
  std::string text;
  for (std::int64_t i = 0; i < count; ++i) {
    if (most <= least) {
      value::raise_value("empty range for randrange() (" + std::to_string(least) + ", " + std::to_string(most) + ", " +
                         std::to_string(most - least) + ")");
    }
    if (i != 0) text += html ? "\n" : "\n\n";
    const std::string one = paragraph(evaluation, chance, least + chance.below(most - least));
    text += html ? "<p>" + one + "</p>" : one;
    if (text.size() > evaluation.budget().output_bytes) fail(ErrorKind::budget, "output budget exhausted");
  }
  return html ? evaluation.markup(text) : evaluation.text(text);
}

template <class T, class Run>
T named(std::string_view name, Run run) {
  return T{{static_cast<std::uint32_t>(T::tag)}, name, run};
}

}  // namespace

Value global_named(std::string_view name) {
  static auto dict = named<TypeObject>("dict", make_dict);
  static auto space = named<TypeObject>("jinja2.utils.Namespace", make_namespace);
  static auto cycler = named<TypeObject>("jinja2.utils.Cycler", make_cycler);
  static auto joiner = named<TypeObject>("jinja2.utils.Joiner", make_joiner);
  static auto range = named<FunctionObject>("<lambda>", refuse_range);
  static auto time = named<FunctionObject>("now", time_now);
  static auto lipsum = named<FunctionObject>("generate_lorem_ipsum", lorem_ipsum);
  if (name == "dict") return Value::object(&dict);
  if (name == "namespace") return Value::object(&space);
  if (name == "cycler") return Value::object(&cycler);
  if (name == "joiner") return Value::object(&joiner);
  if (name == "range") return Value::object(&range);
  if (name == "time") return Value::object(&time);
  if (name == "lipsum") return Value::object(&lipsum);
  return unset_value();
}

}  // namespace tocsin::jinja
