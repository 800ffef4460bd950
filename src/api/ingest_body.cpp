#include "api/ingest_body.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/text.hpp"

namespace tocsin::api {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

constexpr std::size_t field_limit = 1000;

std::string media_type(std::string_view content_type) {
  return base::ascii_lower(base::trimmed(content_type.substr(0, content_type.find(';'))));
}

/// The value of `name=` among the parameters of a header; quotes are taken off.
std::optional<std::string> parameter(std::string_view header, std::string_view name) {
  std::size_t at = header.find(';');
  while (at != std::string_view::npos) {
    const std::size_t end = header.find(';', at + 1);
    const std::string_view part =
        base::trimmed(header.substr(at + 1, end == std::string_view::npos ? end : end - at - 1));
    const std::size_t equals = part.find('=');
    if (equals != std::string_view::npos && base::same_ignoring_case(base::trimmed(part.substr(0, equals)), name)) {
      std::string_view text = base::trimmed(part.substr(equals + 1));
      if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
      return std::string(text);
    }
    at = end;
  }
  return std::nullopt;
}

bool says_json(std::string_view type) {
  return type == "application/json" || type.ends_with("+json");
}

bool looks_like_json(std::string_view body) {
  return body.starts_with('{') || body.starts_with('[');
}

std::string as_utf8(std::string_view text, std::string_view content_type) {
  const std::string charset = base::ascii_lower(parameter(content_type, "charset").value_or("utf-8"));
  if (charset != "iso-8859-1" && charset != "latin1") return base::repaired_utf8(text);
  std::string out;
  for (const char c : text) base::append_utf8(out, static_cast<unsigned char>(c));
  return out;
}

base::Result<Fields> form_fields(std::string_view body) {
  Fields fields;
  while (!body.empty()) {
    const std::size_t end = body.find('&');
    const std::string_view pair = body.substr(0, end);
    body = end == std::string_view::npos ? std::string_view() : body.substr(end + 1);
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    const std::string_view value = equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1);
    fields.emplace_back(base::percent_decoded(pair.substr(0, equals), base::Plus::space),
                        base::percent_decoded(value, base::Plus::space));
    if (fields.size() > field_limit) {
      return base::Error{base::ErrorKind::invalid, "The form has more than 1000 fields."};
    }
  }
  return fields;
}

/// Adds one part of a multipart body: the name in its head's disposition, and its content (RFC 7578).
base::Status add_part(Fields& fields, std::string_view part) {
  const std::size_t head_end = part.find("\r\n\r\n");
  if (head_end == std::string_view::npos) {
    return base::Error{base::ErrorKind::invalid, "A part of the multipart body has no end of its header."};
  }
  std::string_view head = part.substr(0, head_end);
  while (!head.empty()) {
    const std::size_t end = head.find("\r\n");
    const std::string_view line = head.substr(0, end);
    head = end == std::string_view::npos ? std::string_view() : head.substr(end + 2);
    if (!base::same_ignoring_case(line.substr(0, 20), "content-disposition:")) continue;
    if (parameter(line, "filename")) {
      return base::Error{base::ErrorKind::invalid,
                         "File uploads are not allowed: send the alert as JSON or as form fields."};
    }
    const std::optional<std::string> name = parameter(line, "name");
    if (!name) continue;
    fields.emplace_back(*name, part.substr(head_end + 4));
    return {};
  }
  return base::Error{base::ErrorKind::invalid, "A part of the multipart body has no name."};
}

base::Result<Fields> multipart_fields(std::string_view body, std::string_view content_type) {
  const std::optional<std::string> boundary = parameter(content_type, "boundary");
  if (!boundary || boundary->empty()) {
    return base::Error{base::ErrorKind::invalid, "The multipart body's Content-Type names no boundary."};
  }
  const std::string delimiter = "--" + *boundary;
  Fields fields;
  std::size_t at = body.find(delimiter);
  while (at != std::string_view::npos && !body.substr(at + delimiter.size()).starts_with("--")) {
    const std::size_t start = at + delimiter.size() + 2;
    at = body.find("\r\n" + delimiter, start);
    if (at == std::string_view::npos) {
      return base::Error{base::ErrorKind::invalid, "The multipart body breaks off before its closing boundary."};
    }
    if (base::Status added = add_part(fields, body.substr(start, at - start)); !added) return added.error();
    if (fields.size() > field_limit) {
      return base::Error{base::ErrorKind::invalid, "The form has more than 1000 fields."};
    }
    at += 2;
  }
  return fields;
}

std::shared_ptr<const value::Document> object_of(const Fields& fields) {
  value::Arena arena;
  value::Dict* dict = value::new_dict(arena);
  for (const auto& [name, text] : fields) {
    value::set(arena, *dict, value::Value::copied(arena, base::repaired_utf8(name)),
               value::Value::copied(arena, base::repaired_utf8(text)));
  }
  return std::make_shared<const value::Document>(std::move(arena), value::Value::dict(dict));
}

base::Error json_error(const base::Error& error) {
  return {base::ErrorKind::invalid, "JSON parse error - " + error.message + ": " + error.where, error.where};
}

}  // namespace

base::Result<std::shared_ptr<const value::Document>> read_body(std::string_view body, std::string_view content_type) {
  const std::string_view content = base::trimmed(body);
  if (content.empty()) {
    return base::Error{base::ErrorKind::invalid,
                       "The body is empty: send the alert as JSON, for example {\"title\": \"Disk full\"}."};
  }
  auto document = value::read_json(body);
  if (document) return std::make_shared<const value::Document>(std::move(*document));

  const std::string type = media_type(content_type);
  const bool is_form = type == "application/x-www-form-urlencoded";
  const bool is_multipart = type == "multipart/form-data";
  if (says_json(type) || (looks_like_json(content) && !is_multipart)) return json_error(document.error());
  if (is_form || is_multipart) {
    auto fields = is_form ? form_fields(content) : multipart_fields(body, content_type);
    if (!fields) return std::move(fields).error();
    if (fields->empty()) return base::Error{base::ErrorKind::invalid, "The form has no fields."};
    return object_of(*fields);
  }
  return object_of({{"message", as_utf8(content, content_type)}});
}

}  // namespace tocsin::api
