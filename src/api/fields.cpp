#include "api/fields.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "api/answer.hpp"
#include "base/text.hpp"

namespace tocsin::api {
namespace {

using value::Kind;
using value::Value;

constexpr std::string_view whole = "non_field_errors";

/// Text of a string or a number; nothing for the rest.
std::optional<std::string> as_text(Value value) {
  switch (value.kind()) {
    case Kind::string: return std::string(value.as_text());
    case Kind::integer:
    case Kind::big_integer:
    case Kind::real: return value::to_json(value);
    default: return std::nullopt;
  }
}

/// A decimal integer of any length, clamped to what 64 bits hold.
std::optional<std::int64_t> parsed_integer(std::string_view text) {
  text = base::trimmed(text);
  const std::size_t dot = text.find('.');
  if (dot != std::string_view::npos && text.find_first_not_of('0', dot + 1) == std::string_view::npos) {
    text = text.substr(0, dot);
  }
  const bool negative = text.starts_with('-');
  if (text.starts_with('+')) text.remove_prefix(1);
  std::int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (stop != end || text.empty()) return std::nullopt;
  if (error == std::errc::result_out_of_range) {
    return negative ? std::numeric_limits<std::int64_t>::min() : std::numeric_limits<std::int64_t>::max();
  }
  return error == std::errc() ? std::optional(number) : std::nullopt;
}

std::optional<std::int64_t> as_integer(Value value) {
  switch (value.kind()) {
    case Kind::integer: return value.as_integer();
    case Kind::big_integer:
    case Kind::real:
    case Kind::string: return parsed_integer(*as_text(value));
    default: return std::nullopt;
  }
}

std::optional<double> as_number(Value value) {
  if (value.is(Kind::integer)) return static_cast<double>(value.as_integer());
  if (value.is(Kind::real)) return value.as_real();
  if (!value.is_string()) return std::nullopt;
  const std::string text(base::trimmed(value.as_text()));
  double number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole_text = error == std::errc() && stop == text.data() + text.size() && !text.empty();
  return whole_text ? std::optional(number) : std::nullopt;
}

std::optional<bool> as_boolean(Value value) {
  if (value.is(Kind::boolean)) return value.as_boolean();
  const std::optional<std::string> text = as_text(value);
  if (!text) return std::nullopt;
  const std::string word = base::ascii_lower(base::trimmed(*text));
  for (const char* yes : {"t", "y", "yes", "true", "on", "1", "1.0"}) {
    if (word == yes) return true;
  }
  for (const char* no : {"f", "n", "no", "false", "off", "0", "0.0"}) {
    if (word == no) return false;
  }
  return std::nullopt;
}

std::string number_text(double number) {
  return value::to_json(Value::real(number));
}

}  // namespace

std::string_view type_name(Value value) {
  switch (value.kind()) {
    case Kind::none: return "NoneType";
    case Kind::boolean: return "bool";
    case Kind::integer:
    case Kind::big_integer: return "int";
    case Kind::real: return "float";
    case Kind::string: return "str";
    case Kind::list: return "list";
    default: return "dict";
  }
}

Fields::Fields(const Call& call) : Fields(call.body->root(), "") {}

Fields::Fields(Value object, std::string name) : object_(object), name_(std::move(name)) {
  if (object_.is_dict()) return;
  mistake(whole, "Invalid data. Expected a dictionary, but got " + std::string(type_name(object_)) + ".");
}

const Value* Fields::find(std::string_view name) const {
  return object_.is_dict() ? object_.find(name) : nullptr;
}

bool Fields::has(std::string_view name) const {
  return find(name) != nullptr;
}

const Value* Fields::present(std::string_view name, Null null, bool& null_given) {
  null_given = false;
  const Value* value = find(name);
  if (value == nullptr || !value->is_none()) return value;
  null_given = null == Null::allowed;
  if (!null_given) mistake(name, "This field may not be null.");
  return nullptr;
}

std::optional<Given<std::string>> Fields::text(std::string_view name, const TextRule& rule) {
  if (!has(name)) {
    if (rule.presence == Presence::required && object_.is_dict()) mistake(name, "This field is required.");
    return std::nullopt;
  }
  bool null_given = false;
  const Value* value = present(name, rule.null, null_given);
  if (null_given) return Given<std::string>{};
  if (value == nullptr) return std::nullopt;
  const std::optional<std::string> raw = as_text(*value);
  if (!raw) {
    mistake(name, "Not a valid string.");
    return std::nullopt;
  }
  std::string text(base::trimmed(*raw));
  if (text.empty() && rule.blank == Blank::refused) {
    mistake(name, "This field may not be blank.");
    return std::nullopt;
  }
  if (text.find('\0') != std::string::npos) {
    mistake(name, "Null characters are not allowed.");
    return std::nullopt;
  }
  if (rule.longest != 0 && base::utf8_length(text) > rule.longest) {
    mistake(name, "Ensure this field has no more than " + std::to_string(rule.longest) + " characters.");
    return std::nullopt;
  }
  return Given<std::string>{std::move(text)};
}

std::optional<Given<std::int64_t>> Fields::integer(std::string_view name, std::int64_t least, std::int64_t most,
                                                   Null null) {
  bool null_given = false;
  const Value* value = present(name, null, null_given);
  if (null_given) return Given<std::int64_t>{};
  if (value == nullptr) return std::nullopt;
  const std::optional<std::int64_t> number = as_integer(*value);
  if (!number) {
    mistake(name, "A valid integer is required.");
  } else if (*number < least) {
    mistake(name, "Ensure this value is greater than or equal to " + std::to_string(least) + ".");
  } else if (*number > most) {
    mistake(name, "Ensure this value is less than or equal to " + std::to_string(most) + ".");
  } else {
    return Given<std::int64_t>{number};
  }
  return std::nullopt;
}

std::optional<Given<double>> Fields::number(std::string_view name, double least, Null null) {
  bool null_given = false;
  const Value* value = present(name, null, null_given);
  if (null_given) return Given<double>{};
  if (value == nullptr) return std::nullopt;
  const std::optional<double> number = as_number(*value);
  if (!number || !std::isfinite(*number)) {
    mistake(name, "A valid number is required.");
  } else if (*number < least) {
    mistake(name, "Ensure this value is greater than or equal to " + number_text(least) + ".");
  } else {
    return Given<double>{number};
  }
  return std::nullopt;
}

std::optional<Given<bool>> Fields::boolean(std::string_view name, Null null) {
  bool null_given = false;
  const Value* value = present(name, null, null_given);
  if (null_given) return Given<bool>{};
  if (value == nullptr) return std::nullopt;
  const std::optional<bool> truth = as_boolean(*value);
  if (truth) return Given<bool>{truth};
  mistake(name, "Must be a valid boolean.");
  return std::nullopt;
}

std::optional<Given<std::string>> Fields::reference(std::string_view name) {
  const Value* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (value->is_none() || (value->is_string() && value->as_text().empty())) return Given<std::string>{};
  // Of the wrong kind it is compared as text, and names nothing.
  return Given<std::string>{value->is_string() ? std::string(value->as_text()) : value::to_json(*value)};
}

void Fields::mistake(std::string_view field, std::string message) {
  std::vector<std::string> path;
  if (!name_.empty()) path.push_back(name_);
  path.emplace_back(field);
  mistakes_.push_back({std::move(path), std::move(message)});
}

void Fields::merge(Fields&& nested) {
  for (Mistake& mistake : nested.mistakes_) {
    if (!name_.empty()) mistake.path.insert(mistake.path.begin(), name_);
    mistakes_.push_back(std::move(mistake));
  }
  nested.mistakes_.clear();
}

wire::Response Fields::refused() const {
  value::Arena arena;
  value::Dict* root = value::new_dict(arena);
  for (const Mistake& mistake : mistakes_) {
    value::Dict* dict = root;
    for (std::size_t i = 0; i + 1 < mistake.path.size(); ++i) {
      value::Entry* known = value::find(*dict, mistake.path[i]);
      value::Dict* inner = known != nullptr && known->value.is_dict() ? known->value.as_dict() : value::new_dict(arena);
      value::set(arena, *dict, Value::copied(arena, mistake.path[i]), Value::dict(inner));
      dict = inner;
    }
    value::Entry* known = value::find(*dict, mistake.path.back());
    value::List* list = known != nullptr && known->value.is_list() ? known->value.as_list() : value::new_list(arena);
    value::append(arena, *list, Value::copied(arena, mistake.message));
    value::set(arena, *dict, Value::copied(arena, mistake.path.back()), Value::list(list));
  }
  return json_answer(400, Value::dict(root));
}

}  // namespace tocsin::api
