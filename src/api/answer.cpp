#include "api/answer.hpp"

#include <charconv>
#include <map>

#include "api/call.hpp"
#include "base/text.hpp"

namespace tocsin::api {
namespace {

constexpr std::int64_t largest_page = 100;

/// A positive decimal number, or nothing.
std::optional<std::int64_t> positive(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  std::int64_t number = 0;
  const char* end = text->data() + text->size();
  const auto [stop, error] = std::from_chars(text->data(), end, number);
  if (error != std::errc() || stop != end || number < 1) return std::nullopt;
  return number;
}

/// The URL of another page: every parameter kept, keys sorted, `page` replaced (absent for the first).
value::Value page_link(Call& call, std::int64_t number) {
  std::map<std::string, std::vector<std::string>> parameters;
  for (const auto& [key, value] : call.query.items()) parameters[key].push_back(value);
  parameters.erase("page");
  if (number > 1) parameters["page"] = {std::to_string(number)};
  std::string url = call.link("/api/v1/");
  url.append(call.path);
  if (call.request.path.ends_with('/')) url += '/';
  char joint = '?';
  for (const auto& [key, values] : parameters) {
    for (const std::string& value : values) {
      url.append(1, joint).append(base::percent_encoded(key)).append("=").append(base::percent_encoded(value));
      joint = '&';
    }
  }
  return value::Value::copied(call.arena, url);
}

int status_of(base::ErrorKind kind) {
  switch (kind) {
    case base::ErrorKind::invalid: return 400;
    case base::ErrorKind::unauthenticated: return 403;
    case base::ErrorKind::forbidden: return 403;
    case base::ErrorKind::not_found: return 404;
    case base::ErrorKind::conflict: return 400;  // OnCall's status for what the state does not allow
    case base::ErrorKind::too_large: return 413;
    case base::ErrorKind::too_many: return 429;
    case base::ErrorKind::unsupported: return 415;
    case base::ErrorKind::unavailable: return 503;
    case base::ErrorKind::internal: return 500;
  }
  return 500;
}

wire::Response field_errors(const base::Error& error) {
  std::vector<base::Mistake> mistakes{{error.where, error.message}};
  mistakes.insert(mistakes.end(), error.also.begin(), error.also.end());
  value::Arena arena;
  value::Dict* fields = value::new_dict(arena);
  for (const base::Mistake& mistake : mistakes) {
    const std::string_view name = mistake.where.empty() ? "non_field_errors" : std::string_view(mistake.where);
    value::Entry* known = value::find(*fields, name);
    value::List* list = known != nullptr ? known->value.as_list() : value::new_list(arena);
    value::append(arena, *list, value::Value::copied(arena, mistake.message));
    if (known == nullptr) value::set(arena, *fields, value::Value::copied(arena, name), value::Value::list(list));
  }
  return json_answer(400, value::Value::dict(fields));
}

}  // namespace

Object& Object::set(std::string_view literal_key, value::Value item) {
  value::set(*arena_, *dict_, literal_key, item);
  return *this;
}

Object& Object::set(std::string_view literal_key, std::string_view text) {
  return set(literal_key, value::Value::copied(*arena_, text));
}

Object& Object::set(std::string_view literal_key, std::int64_t number) {
  return set(literal_key, value::Value::integer(number));
}

Object& Object::set(std::string_view literal_key, bool truth) {
  return set(literal_key, value::Value::boolean(truth));
}

Object& Object::set(std::string_view literal_key, double number) {
  return set(literal_key, value::Value::real(number));
}

Object& Object::set(std::string_view literal_key, clock::Instant at) {
  return set(literal_key, std::string_view(clock::to_iso8601(at)));
}

value::Value list_of(value::Arena& arena, const std::vector<value::Value>& items) {
  value::List* list = value::new_list(arena, static_cast<std::uint32_t>(items.size()));
  for (const value::Value item : items) value::append(arena, *list, item);
  return value::Value::list(list);
}

wire::Response json_answer(int status, value::Value body) {
  return {status, "application/json", value::to_json(body), {}};
}

wire::Response no_content() {
  return {204, "", "", {}};
}

wire::Response empty_ok() {
  return {200, "", "", {}};
}

wire::Response detail(int status, std::string_view text) {
  return {status, "application/json", "{\"detail\":" + base::json_quoted(text) + "}", {}};
}

wire::Response refusal(const base::Error& error) {
  if (error.kind == base::ErrorKind::not_found) return not_found();
  const bool has_places = !error.where.empty() || !error.also.empty();
  if (error.kind == base::ErrorKind::invalid && has_places) return field_errors(error);
  wire::Response response = detail(status_of(error.kind), error.message);
  if (error.kind == base::ErrorKind::unavailable) response.headers.emplace_back("Retry-After", "1");
  return response;
}

wire::Response throttled(clock::Duration wait) {
  const auto seconds = std::max<std::int64_t>(1, (wait.count() + 999'999) / 1'000'000);
  const std::string text = std::to_string(seconds);
  wire::Response response =
      detail(429, "Request was throttled. Expected available in " + text + (seconds == 1 ? " second." : " seconds."));
  response.headers.emplace_back("Retry-After", text);
  response.headers.emplace_back("RateLimit-Reset", text);
  return response;
}

PageRequest PageRequest::of(const Call& call, std::int64_t default_size) {
  PageRequest page;
  page.number = positive(call.query.get("page")).value_or(1);
  page.size = std::min(positive(call.query.get("perpage")).value_or(default_size), largest_page);
  // A number that no list reaches; its offset still fits.
  page.number = std::min(page.number, std::int64_t{1} << 40);
  return page;
}

wire::Response page_answer(Call& call, const PageRequest& page, std::int64_t total,
                           const std::vector<value::Value>& results) {
  const std::int64_t last = std::max<std::int64_t>(1, (total + page.size - 1) / page.size);
  Object envelope(call.arena);
  envelope.set("count", total)
      .set("next", page.number < last ? page_link(call, page.number + 1) : value::Value::none())
      .set("previous", page.number > 1 ? page_link(call, page.number - 1) : value::Value::none())
      .set("results", list_of(call.arena, results))
      .set("page_size", page.size)
      .set("current_page_number", page.number)
      .set("total_pages", last);
  return ok(envelope);
}

}  // namespace tocsin::api
