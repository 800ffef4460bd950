#include "interpret/alerts.hpp"

#include "interpret/md5.hpp"
#include "value/json.hpp"

namespace tocsin::interpret {
namespace {

using value::Value;

std::int64_t count_status(const value::List& alerts, std::string_view status) {
  std::int64_t count = 0;
  for (const Value alert : alerts) count += alert.text_at("status") == status;
  return count;
}

const value::List* alerts_in(Value body) {
  const Value* alerts = body.find("alerts");
  return alerts != nullptr && alerts->is_list() ? alerts->as_list() : nullptr;
}

/// The body with numFiring and numResolved behind its own members, unless the sender counted.
Value with_counts(Value body, value::Arena& arena) {
  const value::List* alerts = alerts_in(body);
  if (alerts == nullptr || body.find("numFiring") != nullptr) return body;
  value::Dict* counted = value::new_dict(arena, body.as_dict()->size + 2);
  for (const value::Entry& entry : *body.as_dict()) value::set(arena, *counted, entry.key, entry.value);
  value::set(arena, *counted, "numFiring", Value::integer(count_status(*alerts, "firing")));
  value::set(arena, *counted, "numResolved", Value::integer(count_status(*alerts, "resolved")));
  return Value::dict(counted);
}

std::string series_of(Value alert) {
  const Value* labels = alert.find("labels");
  std::string text;
  const value::JsonStyle sorted{
      .item_separator = ", ", .key_separator = ": ", .sort_keys = true, .ascii = value::JsonStyle::Ascii::escape};
  const Value subject = labels != nullptr ? *labels : alert;
  if (!value::write_json(text, subject, sorted)) return {};
  return md5_hex(text);
}

std::vector<Item> each_of(const value::List& alerts) {
  std::vector<Item> items;
  for (const Value alert : alerts) items.push_back({alert, series_of(alert)});
  return items;
}

}  // namespace

std::vector<Item> alerts_of(catalog::Format format, Value body, value::Arena& arena) {
  const value::List* alerts = alerts_in(body);
  switch (format) {
    case catalog::Format::alertmanager: return {{with_counts(body, arena), {}}};
    case catalog::Format::alertmanager_each:
    case catalog::Format::grafana:
      if (alerts != nullptr) return each_of(*alerts);
      break;
    case catalog::Format::plain: break;
  }
  return {{body, {}}};
}

}  // namespace tocsin::interpret
