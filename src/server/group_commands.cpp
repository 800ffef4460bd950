#include <fmt/format.h>

#include <ostream>

#include "server/commands.hpp"
#include "server/desk.hpp"
#include "server/group_record.hpp"
#include "server/integration_lookup.hpp"
#include "server/measure.hpp"

namespace tocsin::server {
namespace {

constexpr std::uint64_t most_a_page = 1000;
constexpr std::int64_t shown_alerts = 20;

base::Error bad_flag(std::string_view flag, const std::string& message) {
  return {base::ErrorKind::invalid, fmt::format("--{}: {}", flag, message)};
}

std::optional<model::State> state_named(std::string_view name) {
  for (const model::State state :
       {model::State::firing, model::State::acknowledged, model::State::resolved, model::State::silenced}) {
    if (model::name_of(state) == name) return state;
  }
  return std::nullopt;
}

/// Groups of a deleted integration are found by its id.
base::Result<std::string> integration_id(const store::Reader& reader, const std::string& text) {
  if (reader.integration_even_deleted(model::IntegrationId(text))) return text;
  const base::Result<model::Integration> found = integration_named(reader, text);
  if (!found) return found.error();
  return found->id.text();
}

/// What the flags say but for the integration, which needs the ledger.
base::Result<store::AlertGroupFilter> filter_of(const Arguments& arguments) {
  store::AlertGroupFilter filter;
  if (const auto state = arguments.maybe("state")) {
    filter.state = state_named(*state);
    if (!filter.state) {
      return bad_flag("state", fmt::format("'{}' is not firing, acknowledged, silenced or resolved", *state));
    }
  }
  for (const std::string& label : arguments.all("label")) {
    const std::size_t equals = label.find('=');
    if (equals == std::string::npos || equals == 0)
      return bad_flag("label", fmt::format("'{}' is not NAME=VALUE", label));
    filter.labels.emplace_back(label.substr(0, equals), label.substr(equals + 1));
  }
  filter.search = arguments.maybe("search");
  return filter;
}

base::Result<store::Slice> slice_of(const Arguments& arguments) {
  store::Slice slice;
  if (const auto limit = arguments.maybe("limit")) {
    const base::Result<std::uint64_t> read = read_count(*limit, 1, most_a_page);
    if (!read) return bad_flag("limit", read.error().message);
    slice.limit = static_cast<std::int64_t>(*read);
  }
  if (const auto page = arguments.maybe("page")) {
    const base::Result<std::uint64_t> read = read_count(*page, 1, 1'000'000'000);
    if (!read) return bad_flag("page", read.error().message);
    slice.offset = static_cast<std::int64_t>(*read - 1) * slice.limit;
  }
  return slice;
}

std::string json_array(const std::vector<Record>& records) {
  std::string json = "[";
  for (const Record& record : records) json += (json.size() > 1 ? "," : "") + record.to_json();
  return json + ']';
}

void print_page(Invocation& invocation, const std::vector<Record>& records, std::int64_t total, store::Slice slice) {
  if (invocation.wants_json()) {
    invocation.out << fmt::format("{{\"count\":{},\"results\":{}}}\n", total, json_array(records));
    return;
  }
  print_records(invocation, records, {"id", "number", "state", "alerts", "started_at", "integration", "title"});
  const auto shown = static_cast<std::int64_t>(records.size());
  if (shown < total)
    invocation.out << fmt::format("{} to {} of {}\n", std::min(slice.offset + 1, total), slice.offset + shown, total);
}

Exit list_groups(Invocation& invocation) {
  base::Result<store::AlertGroupFilter> filter = filter_of(invocation.arguments);
  if (!filter) return misuse(invocation, filter.error());
  const base::Result<store::Slice> slice = slice_of(invocation.arguments);
  if (!slice) return misuse(invocation, slice.error());
  return at_desk(invocation, [&](Desk& desk) {
    std::vector<Record> records;
    std::int64_t total = 0;
    base::Status found;
    desk.ledger().read([&](const store::Reader& reader) {
      if (const auto name = invocation.arguments.maybe("integration")) {
        const base::Result<std::string> id = integration_id(reader, *name);
        if (!id) return void(found = id.error());
        filter->integration = *id;
      }
      const store::Page<model::AlertGroup> page = reader.groups(*filter, *slice);
      total = page.total;
      for (const model::AlertGroup& group : page.items) records.push_back(summary_of(group, reader));
    });
    if (!found) return fail(invocation, found.error());
    print_page(invocation, records, total, *slice);
    return Exit::ok;
  });
}

/// A group with all that hangs on it, read in one snapshot.
struct Story {
  Record group;
  std::vector<Record> timeline;
  std::vector<Record> notes;
  std::vector<Record> alerts;
  std::int64_t alerts_total = 0;
  std::optional<model::Alert> last;
};

Story story_of(const model::AlertGroup& group, const store::Reader& reader) {
  Story story{details_of(group, reader),  timeline_of(group, reader), notes_of(group, reader), {}, 0,
              reader.last_alert(group.id)};
  store::AlertFilter filter;
  filter.group = group.id.text();
  const store::Page<model::Alert> alerts = reader.alerts(filter, {0, shown_alerts});
  story.alerts_total = alerts.total;
  for (const model::Alert& alert : alerts.items) story.alerts.push_back(record_of(alert));
  return story;
}

std::string json_or_null(std::string_view json) {
  return json.empty() ? "null" : std::string(json);
}

void print_json(std::ostream& out, Story story) {
  story.group.json("timeline", json_array(story.timeline), {}).json("notes", json_array(story.notes), {});
  story.group.json("newest_alerts", json_array(story.alerts), {});
  story.group.json("last_payload", story.last ? json_or_null(story.last->payload) : "null", {});
  story.group.json("trace", story.last ? json_or_null(story.last->trace) : "null", {});
  out << story.group.to_json() << '\n';
}

void print_words(Invocation& invocation, const Story& story) {
  std::ostream& out = invocation.out;
  out << story.group.to_lines() << "\nTimeline\n";
  print_records(invocation, story.timeline, {"at", "what", "via", "user", "from", "reason", "details"});
  if (!story.notes.empty()) {
    out << "\nNotes\n";
    print_records(invocation, story.notes, {"at", "user", "text"});
  }
  out << fmt::format("\nAlerts (newest {} of {})\n", story.alerts.size(), story.alerts_total);
  print_records(invocation, story.alerts, {"id", "received_at", "signal"});
  if (!story.last) return;
  out << fmt::format("\nWhy: how {} was read\n", story.last->id.text()) << trace_in_words(story.last->trace);
  if (invocation.arguments.has("payload")) out << "\nPayload\n" << story.last->payload.view() << '\n';
}

Exit show_group(Invocation& invocation) {
  return at_desk(invocation, [&](Desk& desk) {
    std::optional<Story> story;
    desk.ledger().read([&](const store::Reader& reader) {
      if (const auto group = group_named(reader, invocation.arguments.text("ID"))) story = story_of(*group, reader);
    });
    if (!story) {
      return fail(invocation, {base::ErrorKind::not_found,
                               fmt::format("there is no alert group '{}'", invocation.arguments.text("ID"))});
    }
    if (invocation.wants_json()) {
      print_json(invocation.out, std::move(*story));
    } else {
      print_words(invocation, *story);
    }
    return Exit::ok;
  });
}

}  // namespace

std::vector<Command> group_commands() {
  const std::vector<Flag> ledger = settings_flags(Scope::ledger);
  return {
      {"groups",
       "List alert groups, the newest first",
       "  tocsin groups --data ./data --state firing\n"
       "  tocsin groups --data ./data --integration Production --label severity=critical --output json",
       joined({{"state", "STATE", "firing, acknowledged, silenced or resolved"},
               {"integration", "NAME", "those of one integration, by name or id"},
               {"search", "TEXT", "those whose title holds the text; or an id, or a number"},
               {"label", "NAME=VALUE", "those with the label; may be given again", Flag::Need::repeatable},
               {"limit", "N", "how many a page [50]"},
               {"page", "N", "which page [1]"}},
              ledger),
       {},
       list_groups},
      {"group",
       "Show an alert group: state, timeline, notes, alerts, and why it was read so",
       "  tocsin group --data ./data IABC123DEF456Z\n  tocsin group --data ./data 12 --payload",
       joined({{"payload", "", "the newest alert's payload, too (JSON output always has it)"}}, ledger),
       {{"ID", "the group's id or number"}},
       show_group},
  };
}

}  // namespace tocsin::server
