#include "server/group_record.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>

#include "base/text.hpp"
#include "server/measure.hpp"
#include "value/json.hpp"
#include "value/python_text.hpp"

namespace tocsin::server {
namespace {

using value::Value;

constexpr std::int64_t shown_notes = 1000;

std::string integration_name(const model::AlertGroup& group, const store::Reader& reader) {
  const std::optional<model::Integration> found = reader.integration_even_deleted(group.integration);
  return found ? found->name : group.integration.text();
}

std::string user_name(const model::UserId& id, const store::Reader& reader) {
  if (id.empty()) return {};
  const std::optional<model::User> user = reader.user(id);
  return user ? user->username : id.text();
}

std::string labels_json(const std::map<std::string, std::string>& labels) {
  std::string json = "{";
  for (const auto& [name, text] : labels) {
    if (json.size() > 1) json += ',';
    json += base::json_quoted(name) + ':' + base::json_quoted(text);
  }
  return json + '}';
}

std::string labels_shown(const std::map<std::string, std::string>& labels) {
  std::string shown;
  for (const auto& [name, text] : labels) shown += fmt::format("{}{}={}", shown.empty() ? "" : ", ", name, text);
  return shown;
}

/// `delay: 1800, until: …` of a JSON object.
std::string details_shown(const std::string& json) {
  const auto document = value::read_json(json);
  if (!document || !document->root().is_dict()) return {};
  std::string shown;
  for (const value::Entry& entry : *document->root().as_dict()) {
    if (!shown.empty()) shown += ", ";
    shown += fmt::format("{} {}", entry.key.as_text(), value::to_str(entry.value));
  }
  return shown;
}

std::string in_words(const Value& step) {
  if (const Value* error = step.find("error")) {
    return fmt::format("FAILED {} (line {})", error->text_at("message"), value::to_str(*error->find("line")));
  }
  if (step.find("note") != nullptr) return std::string(step.text_at("note"));
  std::string words = base::json_quoted(step.text_at("value"));
  if (const std::string_view why = step.text_at("why"); !why.empty()) words += fmt::format("  ({})", why);
  if (const std::string_view text = step.text_at("template"); !text.empty())
    words += fmt::format("  from {}", base::json_quoted(text));
  return words;
}

std::string route_in_words(const Value& route) {
  const Value* matched = route.find("matched");
  std::string words = fmt::format("{} {}", route.text_at("route"), route.text_at("type"));
  if (const std::string_view expression = route.text_at("expression"); !expression.empty()) {
    words += ' ' + base::json_quoted(expression);
  }
  return words + (matched != nullptr && matched->as_boolean() ? ": taken" : ": does not hold");
}

const value::List* list_at(const Value& object, std::string_view name) {
  const Value* found = object.find(name);
  return found != nullptr && found->is_list() ? found->as_list() : nullptr;
}

}  // namespace

std::optional<model::AlertGroup> group_named(const store::Reader& reader, const std::string& text) {
  if (std::optional<model::AlertGroup> group = reader.group(model::AlertGroupId(text))) return group;
  const std::string digits = text.starts_with('#') ? text.substr(1) : text;
  store::AlertGroupFilter filter;
  const base::Result<std::uint64_t> number = read_count(digits, 1, std::numeric_limits<std::int64_t>::max());
  if (!number) return std::nullopt;
  filter.number = static_cast<std::int64_t>(*number);
  store::Page<model::AlertGroup> found = reader.groups(filter, {0, 1});
  return found.items.empty() ? std::nullopt : std::optional(std::move(found.items.front()));
}

Record summary_of(const model::AlertGroup& group, const store::Reader& reader) {
  Record record;
  record.text("id", group.id.text())
      .number("number", group.number)
      .text("state", model::name_of(model::state_of(group)));
  record.number("alerts", group.alerts_count).instant("started_at", group.started_at);
  record.text("integration_id", group.integration.text()).text("integration", integration_name(group, reader));
  return record.text("title", group.title);
}

Record details_of(const model::AlertGroup& group, const store::Reader& reader) {
  Record record = summary_of(group, reader);
  record.instant("last_alert_at", group.last_alert_at).maybe_text("route_id", group.route.text());
  record.json("labels", labels_json(group.labels), labels_shown(group.labels));
  record.text("grouping_key", group.grouping_key).maybe_text("source_link", group.source_link);
  record.instant("acknowledged_at", group.acknowledged_at);
  record.maybe_text("acknowledged_by", user_name(group.acknowledged_by_user, reader));
  record.instant("resolved_at", group.resolved_at).maybe_text("resolved_by", user_name(group.resolved_by_user, reader));
  record.instant("silenced_at", group.silenced_at).instant("silenced_until", group.silenced_until);
  record.maybe_text("silenced_by", user_name(group.silenced_by_user, reader));
  record.maybe_text("attached_to", group.root.text()).truth("takes_alerts", group.open_for_grouping);
  return record;
}

std::vector<Record> timeline_of(const model::AlertGroup& group, const store::Reader& reader) {
  std::vector<Record> records;
  for (const model::TimelineEntry& entry : reader.timeline(group.id)) {
    Record record;
    record.instant("at", entry.at)
        .text("what", model::name_of(entry.kind))
        .text("via", model::name_of(entry.actor.via));
    record.maybe_text("user", user_name(entry.actor.user, reader)).maybe_text("from", entry.actor.address);
    record.maybe_text("reason", entry.reason).json("details", entry.details, details_shown(entry.details));
    records.push_back(std::move(record));
  }
  return records;
}

std::vector<Record> notes_of(const model::AlertGroup& group, const store::Reader& reader) {
  std::vector<Record> records;
  for (const model::ResolutionNote& note : reader.notes(group.id.text(), {0, shown_notes}).items) {
    Record record;
    record.text("id", note.id.text()).instant("at", note.created_at);
    record.maybe_text("user", user_name(note.author, reader)).text("text", note.text);
    records.push_back(std::move(record));
  }
  return records;
}

Record record_of(const model::Alert& alert) {
  Record record;
  record.text("id", alert.id.text()).instant("received_at", alert.received_at);
  const std::string_view signal = alert.resolve_signal ? "resolve" : alert.acknowledge_signal ? "acknowledge" : "fire";
  return record.text("signal", signal).truth("demo", alert.demo);
}

std::string trace_in_words(std::string_view trace) {
  const auto document = value::read_json(trace);
  if (!document || !document->root().is_dict()) return {};
  std::string words;
  if (const value::List* steps = list_at(document->root(), "steps")) {
    std::size_t width = 0;
    for (const Value& step : *steps) width = std::max(width, step.text_at("step").size());
    for (const Value& step : *steps)
      words += fmt::format("  {:<{}}  {}\n", step.text_at("step"), width, in_words(step));
  }
  if (const value::List* routes = list_at(document->root(), "routes")) {
    for (const Value& route : *routes) words += "  route " + route_in_words(route) + '\n';
  }
  return words;
}

}  // namespace tocsin::server
