#include <fmt/format.h>

#include <ostream>

#include "base/text.hpp"
#include "engine/actions.hpp"
#include "engine/notes.hpp"
#include "server/commands.hpp"
#include "server/desk.hpp"
#include "server/group_record.hpp"
#include "server/measure.hpp"

namespace tocsin::server {
namespace {

base::Result<model::AlertGroupId> id_named(Desk& desk, const std::string& text) {
  const auto found = store::read(desk.ledger(), [&](const store::Reader& reader) { return group_named(reader, text); });
  if (found) return found->id;
  return base::Error{base::ErrorKind::not_found, fmt::format("there is no alert group '{}'", text)};
}

/// What is said of a group after an action; empty: its state says it.
template <class Action>
constexpr std::string_view outcome = "";
template <>
constexpr std::string_view outcome<group::Unattach> = "stands for itself again";
template <>
constexpr std::string_view outcome<group::Wipe> = "is wiped";
template <>
constexpr std::string_view outcome<group::Delete> = "is deleted";
template <>
constexpr std::string_view outcome<engine::AttachTo> = "is attached";

void tell(Invocation& invocation, const Record& after, std::string_view outcome) {
  if (invocation.wants_json()) {
    invocation.out << after.to_json() << '\n';
    return;
  }
  invocation.out << fmt::format("{} (number {}) ", after.shown("id"), after.shown("number"));
  invocation.out << (outcome.empty() ? fmt::format("is {}", after.shown("state")) : std::string(outcome));
  if (!after.shown("title").empty()) invocation.out << ": " << after.shown("title");
  invocation.out << '\n';
}

/// One group after another: each is told, and one that refuses does not keep the others from it.
template <class Action>
Exit act(Invocation& invocation, const std::function<base::Result<Action>(Desk&)>& action_of) {
  return at_desk(invocation, [&](Desk& desk) {
    const base::Result<Action> action = action_of(desk);
    if (!action) return fail(invocation, action.error());
    const engine::Command command(*action);
    engine::Actions actions(desk.ledger(), desk.clock);
    Exit exit = Exit::ok;
    for (const std::string& text : invocation.arguments.all("ID")) {
      const base::Result<model::AlertGroupId> id = id_named(desk, text);
      const base::Result<model::AlertGroup> after =
          id ? actions.perform(*id, command, desk.actor()) : base::Result<model::AlertGroup>(id.error());
      if (!after) {
        base::Error error = after.error();
        error.where = text;
        exit = fail(invocation, error);
        continue;
      }
      desk.ledger().read(
          [&](const store::Reader& reader) { tell(invocation, summary_of(*after, reader), outcome<Action>); });
    }
    return exit;
  });
}

template <class Action>
Exit perform(Invocation& invocation) {
  return act<Action>(invocation, [](Desk&) -> base::Result<Action> { return Action{}; });
}

Exit silence(Invocation& invocation) {
  const std::optional<std::string> length = invocation.arguments.maybe("for");
  if (length.has_value() == invocation.arguments.has("forever")) {
    return misuse(invocation, {base::ErrorKind::invalid, "say how long: --for TIME, or --forever"});
  }
  group::Silence silence;
  if (length) {
    const base::Result<clock::Duration> read = read_duration(*length);
    if (!read) return misuse(invocation, {base::ErrorKind::invalid, "--for: " + read.error().message});
    silence.length = *read;
  }
  return act<group::Silence>(invocation, [&](Desk&) -> base::Result<group::Silence> { return silence; });
}

Exit attach(Invocation& invocation) {
  return act<engine::AttachTo>(invocation, [&](Desk& desk) -> base::Result<engine::AttachTo> {
    const base::Result<model::AlertGroupId> root = id_named(desk, invocation.arguments.text("to"));
    if (!root) return root.error();
    return engine::AttachTo{*root};
  });
}

Exit remove(Invocation& invocation) {
  if (invocation.arguments.has("wipe")) return perform<group::Wipe>(invocation);
  return perform<group::Delete>(invocation);
}

Exit add_note(Invocation& invocation) {
  const std::string text(base::trimmed(invocation.arguments.text("TEXT")));
  if (text.empty()) return misuse(invocation, {base::ErrorKind::invalid, "TEXT: the note is empty"});
  return at_desk(invocation, [&](Desk& desk) {
    const base::Result<model::AlertGroupId> id = id_named(desk, invocation.arguments.text("ID"));
    if (!id) return fail(invocation, id.error());
    const base::Result<model::ResolutionNote> note =
        engine::Notes(desk.ledger(), desk.clock, desk.installation.random).add(*id, text, desk.actor());
    if (!note) return fail(invocation, note.error());
    if (invocation.wants_json()) {
      Record record;
      record.text("id", note->id.text()).text("alert_group_id", id->text()).text("text", note->text);
      print_record(invocation, record.instant("created_at", note->created_at));
    } else {
      invocation.out << fmt::format("Note {} is added to {}.\n", note->id.text(), id->text());
    }
    return Exit::ok;
  });
}

}  // namespace

std::vector<Command> action_commands() {
  const std::vector<Flag> ledger = settings_flags(Scope::ledger);
  const std::vector<Positional> groups = {{"ID", "ids or numbers of alert groups", Positional::Count::many}};
  const auto example = [](std::string_view action) {
    return fmt::format("  tocsin {} --data ./data IABC123DEF456Z", action);
  };
  return {
      {"acknowledge", "Acknowledge alert groups: somebody is on it", example("acknowledge"), ledger, groups,
       perform<group::Acknowledge>},
      {"unacknowledge", "Take an acknowledgement back", example("unacknowledge"), ledger, groups,
       perform<group::Unacknowledge>},
      {"resolve", "Resolve alert groups", example("resolve"), ledger, groups, perform<group::Resolve>},
      {"unresolve", "Take a resolution back", example("unresolve"), ledger, groups, perform<group::Unresolve>},
      {"silence", "Silence alert groups for a time",
       "The silence ends by itself.\n\n  tocsin silence --data ./data IABC123DEF456Z --for 30m",
       joined({{"for", "TIME", "how long: 30m, 2h, 7d"}, {"forever", "", "until somebody ends it"}}, ledger), groups,
       silence},
      {"unsilence", "End a silence", example("unsilence"), ledger, groups, perform<group::Unsilence>},
      {"attach", "Attach alert groups to another: they follow its state",
       "  tocsin attach --data ./data IABC123DEF456Z --to IXYZ123DEF456A",
       joined({{"to", "ID", "the group that they are attached to", Flag::Need::required}}, ledger), groups, attach},
      {"unattach", "Make attached alert groups stand for themselves again", example("unattach"), ledger, groups,
       perform<group::Unattach>},
      {"restart", "Set alert groups back to firing", example("restart"), ledger, groups, perform<group::Restart>},
      {"delete", "Delete alert groups with everything that hangs on them",
       "There is no way back.\n\n  tocsin delete --data ./data IABC123DEF456Z\n  tocsin delete --data ./data 12 --wipe",
       joined({{"wipe", "", "keep the group and its timeline, delete what its alerts say"}}, ledger), groups, remove},
      {"note",
       "Add a resolution note to an alert group",
       "  tocsin note --data ./data IABC123DEF456Z \"The disk was full.\"",
       ledger,
       {{"ID", "the group's id or number"}, {"TEXT", "the note"}},
       add_note},
  };
}

}  // namespace tocsin::server
