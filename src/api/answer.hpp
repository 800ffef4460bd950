// Answers of the public API: JSON bodies, DRF-shaped errors (spec: api.md 1.8), the page envelope (1.5).
#pragma once

#include <algorithm>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.hpp"
#include "base/result.hpp"
#include "clock/clock.hpp"
#include "store/reader.hpp"
#include "value/value.hpp"
#include "wire/http.hpp"

namespace tocsin::api {

struct Call;

/// Builds one JSON object of an answer, in the order of its members. Memory is the call's arena.
class Object {
 public:
  explicit Object(value::Arena& arena) : arena_(&arena), dict_(value::new_dict(arena)) {}

  Object& set(std::string_view literal_key, value::Value item);
  Object& set(std::string_view literal_key, std::string_view text);
  Object& set(std::string_view literal_key, const char* text) { return set(literal_key, std::string_view(text)); }
  Object& set(std::string_view literal_key, std::int64_t number);
  Object& set(std::string_view literal_key, bool truth);
  Object& set(std::string_view literal_key, double number);
  template <std::integral T>
  Object& set(std::string_view literal_key, T number) {
    return set(literal_key, static_cast<std::int64_t>(number));
  }
  Object& set(std::string_view literal_key, clock::Instant at);
  Object& set(std::string_view literal_key, const Object& object) { return set(literal_key, object.value()); }
  template <class T>
  Object& set(std::string_view literal_key, const std::optional<T>& maybe) {
    return maybe ? set(literal_key, *maybe) : set(literal_key, value::Value::none());
  }
  template <class Kind>
  Object& set(std::string_view literal_key, const base::Id<Kind>& id) {
    return id.empty() ? set(literal_key, value::Value::none()) : set(literal_key, std::string_view(id.text()));
  }

  value::Value value() const { return value::Value::dict(dict_); }

 private:
  value::Arena* arena_;
  value::Dict* dict_;
};

wire::Response json_answer(int status, value::Value body);
inline wire::Response ok(const Object& object) {
  return json_answer(200, object.value());
}
inline wire::Response created(const Object& object) {
  return json_answer(201, object.value());
}
/// 204, empty.
wire::Response no_content();
/// 200 with an empty body and no Content-Type: what actions answer.
wire::Response empty_ok();
/// `{"detail": text}`
wire::Response detail(int status, std::string_view text);
/// An Error by the one map of kinds to status. Mistakes with a place become `{"field": ["message"]}`.
wire::Response refusal(const base::Error& error);
/// 429 with the seconds to wait.
wire::Response throttled(clock::Duration wait);
/// 404 `{"detail": "Not found."}`
inline wire::Response not_found() {
  return detail(404, "Not found.");
}
/// Ready values as a list of an answer.
value::Value list_of(value::Arena& arena, const std::vector<value::Value>& items);

/// Which page was asked for. `page` past the end is the last page; nonsense falls back to the default silently.
struct PageRequest {
  std::int64_t number = 1;
  std::int64_t size = 50;

  static PageRequest of(const Call& call, std::int64_t default_size);
  store::Slice slice() const { return {(number - 1) * size, size}; }
};

/// The envelope. `next` and `previous` are built from the public URL, all parameters kept, keys sorted.
wire::Response page_answer(Call& call, const PageRequest& page, std::int64_t total,
                           const std::vector<value::Value>& results);

/// Runs `fetch(slice)` for the page, again for the last page when the number is past the end, and answers.
template <class T, class Fetch, class Show>
wire::Response list_answer(Call& call, std::int64_t default_size, Fetch&& fetch, Show&& show) {
  PageRequest page = PageRequest::of(call, default_size);
  store::Page<T> found = fetch(page.slice());
  const std::int64_t last = std::max<std::int64_t>(1, (found.total + page.size - 1) / page.size);
  if (page.number > last) {
    page.number = last;
    found = fetch(page.slice());
  }
  std::vector<value::Value> results;
  results.reserve(found.items.size());
  for (const T& item : found.items) results.push_back(show(item));
  return page_answer(call, page, found.total, results);
}

}  // namespace tocsin::api
