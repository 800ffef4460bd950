// The methods of bytes, which a template gets by `text.encode()`. They are those of str on text in which each byte is a
// character; bytes that are no ASCII stand as characters without case or meaning.
#include <string>
#include <vector>

#include "base/text.hpp"
#include "jinja/encoding.hpp"
#include "jinja/library.hpp"
#include "value/python_compare.hpp"
#include "value/python_strings.hpp"
#include "value/unicode.hpp"

namespace tocsin::jinja {
namespace {

/// In a private range of Unicode.
constexpr std::uint32_t first_stand_in = 0xF700;

/// Does the character mean to str what it does not mean to bytes?
bool needs_stand_in(unsigned char byte, MethodName name) {
  const bool line_end = byte == '\v' || byte == '\f';
  return byte >= 0x80 || (byte >= 0x1C && byte <= 0x1F) || (line_end && name == MethodName::splitlines);
}

Value text_of_bytes(Evaluation& evaluation, std::string_view bytes, MethodName name) {
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    base::append_utf8(text, needs_stand_in(byte, name) ? first_stand_in + byte : byte);
  }
  return evaluation.text(text);
}

Value bytes_value(Evaluation& evaluation, std::string_view bytes) {
  return Value::object(make_object<BytesObject>(evaluation.arena(), evaluation.arena().copy(bytes)));
}

/// What the method of str gave, as bytes.
Value bytes_of(Evaluation& evaluation, Value v) {
  if (v.is_sequence()) {
    for (Value& item : *v.as_list()) item = bytes_of(evaluation, item);
    return v;
  }
  if (!v.is_string()) return v;
  std::string bytes;
  for (std::string_view text = v.as_text(); !text.empty();) bytes += static_cast<char>(value::next_code(text));
  return bytes_value(evaluation, bytes);
}

bool searches(MethodName name) {
  return name == MethodName::find || name == MethodName::rfind || name == MethodName::index ||
         name == MethodName::rindex || name == MethodName::count;
}

[[noreturn]] void refuse(MethodName name, Value argument) {
  const std::string method(text_of(name));
  const std::string type(value::type_name(argument));
  switch (name) {
    case MethodName::startswith:
    case MethodName::endswith: value::raise_type(method + " first arg must be bytes or a tuple of bytes, not " + type);
    case MethodName::center:
    case MethodName::ljust:
    case MethodName::rjust: value::raise_type(method + "() argument 2 must be a byte string of length 1, not " + type);
    default: break;
  }
  if (searches(name)) value::raise_type("argument should be integer or bytes-like object, not '" + type + "'");
  value::raise_type("a bytes-like object is required, not '" + type + "'");
}

Value converted_argument(Evaluation& evaluation, MethodName name, Value argument) {
  if (const auto* bytes = object_of<BytesObject>(argument)) return text_of_bytes(evaluation, bytes->bytes, name);
  if (argument.is_string()) refuse(name, argument);
  if (argument.is(Kind::tuple) && (name == MethodName::startswith || name == MethodName::endswith)) {
    value::List* texts = evaluation.to_list(argument);
    for (Value& item : *texts) item = converted_argument(evaluation, name, item);
    return Value::tuple(texts);
  }
  return argument;
}

template <MethodName name>
Value plain(Evaluation& evaluation, Value self, const Arguments& arguments) {
  static const value::StringMethod method = value::string_method(text_of(name));
  const std::string_view bytes = object_of<BytesObject>(self)->bytes;
  charge_bytes(evaluation, bytes.size());
  const bool shape = name == MethodName::lower || name == MethodName::upper || name == MethodName::title ||
                     name == MethodName::swapcase || name == MethodName::capitalize;
  if (shape || text_of(name).starts_with("is")) expect_no_arguments("bytes." + std::string(text_of(name)), arguments);
  if (name == MethodName::replace) positional_arguments("bytes.replace", arguments, 2, 3);
  std::vector<Value> positional;
  for (const Value argument : arguments.positional) {
    positional.push_back(converted_argument(evaluation, name, argument));
  }
  if (searches(name) && !positional.empty() && positional[0].is(Kind::integer)) {
    const std::int64_t byte = positional[0].as_integer();
    if (byte < 0 || byte > 255) value::raise_value("byte must be in range(0, 256)");
    const char character = static_cast<char>(byte);
    positional[0] = text_of_bytes(evaluation, {&character, 1}, name);
  }
  std::vector<Keyword> named(arguments.named.begin(), arguments.named.end());
  for (Keyword& keyword : named) keyword.second = converted_argument(evaluation, name, keyword.second);
  return bytes_of(evaluation, method(evaluation.arena(), text_of_bytes(evaluation, bytes, name), positional, named));
}

Value decode(Evaluation& evaluation, Value self, const Arguments& arguments) {
  const std::string_view bytes = object_of<BytesObject>(self)->bytes;
  charge_bytes(evaluation, bytes.size());
  return evaluation.text(decoded(bytes, codec_names("decode", arguments)));
}

Value hex(Evaluation& evaluation, Value self, const Arguments& arguments) {
  expect_no_arguments("bytes.hex", arguments);
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const char c : object_of<BytesObject>(self)->bytes) {
    const auto byte = static_cast<unsigned char>(c);
    (text += digits[byte >> 4]) += digits[byte & 15];
  }
  charge_bytes(evaluation, text.size());
  return evaluation.text(text);
}

Value join(Evaluation& evaluation, Value self, const Arguments& arguments) {
  const Value items = one_argument("bytes.join", arguments);
  if (!items.is_string() && !has_items(items)) value::raise_type("can only join an iterable");
  std::string out;
  std::size_t number = 0;
  Cursor cursor = evaluation.iterate(items);
  for (Value item; cursor.next(item); ++number) {
    const auto* bytes = object_of<BytesObject>(item);
    if (bytes == nullptr) {
      value::raise_type("sequence item " + std::to_string(number) + ": expected a bytes-like object, " +
                        std::string(value::type_name(item)) + " found");
    }
    if (number != 0) out += object_of<BytesObject>(self)->bytes;
    out += bytes->bytes;
    charge_bytes(evaluation, bytes->bytes.size() + object_of<BytesObject>(self)->bytes.size());
  }
  return bytes_value(evaluation, out);
}

Value isascii(Evaluation&, Value self, const Arguments& arguments) {
  expect_no_arguments("bytes.isascii", arguments);
  for (const char c : object_of<BytesObject>(self)->bytes) {
    if (static_cast<unsigned char>(c) >= 0x80) return Value::boolean(false);
  }
  return Value::boolean(true);
}

#define TOCSIN_PLAIN(name) \
  { MethodName::name, plain<MethodName::name> }
constexpr Entry<MethodName, Method> table[] = {
    TOCSIN_PLAIN(capitalize),   TOCSIN_PLAIN(center),       TOCSIN_PLAIN(count),
    TOCSIN_PLAIN(endswith),     TOCSIN_PLAIN(expandtabs),   TOCSIN_PLAIN(find),
    TOCSIN_PLAIN(index),        TOCSIN_PLAIN(isalnum),      TOCSIN_PLAIN(isalpha),
    TOCSIN_PLAIN(isdigit),      TOCSIN_PLAIN(islower),      TOCSIN_PLAIN(isspace),
    TOCSIN_PLAIN(istitle),      TOCSIN_PLAIN(isupper),      TOCSIN_PLAIN(ljust),
    TOCSIN_PLAIN(lower),        TOCSIN_PLAIN(lstrip),       TOCSIN_PLAIN(partition),
    TOCSIN_PLAIN(removeprefix), TOCSIN_PLAIN(removesuffix), TOCSIN_PLAIN(replace),
    TOCSIN_PLAIN(rfind),        TOCSIN_PLAIN(rindex),       TOCSIN_PLAIN(rjust),
    TOCSIN_PLAIN(rpartition),   TOCSIN_PLAIN(rsplit),       TOCSIN_PLAIN(rstrip),
    TOCSIN_PLAIN(split),        TOCSIN_PLAIN(splitlines),   TOCSIN_PLAIN(startswith),
    TOCSIN_PLAIN(strip),        TOCSIN_PLAIN(swapcase),     TOCSIN_PLAIN(title),
    TOCSIN_PLAIN(upper),        TOCSIN_PLAIN(zfill),        {MethodName::decode, decode},
    {MethodName::hex, hex},     {MethodName::join, join},   {MethodName::isascii, isascii},
};
#undef TOCSIN_PLAIN

}  // namespace

Method bytes_method(MethodName name) {
  return method_in(table, name);
}

}  // namespace tocsin::jinja
