#include "engine/actions.hpp"

#include <future>
#include <utility>

#include "base/text.hpp"
#include "engine/gathering.hpp"

namespace tocsin::engine {
namespace {

base::Error no_such_group(const model::AlertGroupId& id) {
  return {base::ErrorKind::not_found, "there is no alert group " + id.text(), id.text()};
}

base::Result<group::Action> resolved_action(const store::Reader& reader, const Command& command) {
  if (const AttachTo* attach = std::get_if<AttachTo>(&command)) {
    std::optional<model::AlertGroup> root = reader.group(attach->root);
    if (!root) return no_such_group(attach->root);
    return group::Action(group::Attach{std::move(*root)});
  }
  return std::visit(
      [](const auto& action) -> base::Result<group::Action> {
        if constexpr (std::is_same_v<std::decay_t<decltype(action)>, AttachTo>) {
          return no_such_group(action.root);
        } else {
          return group::Action(action);
        }
      },
      command);
}

/// Those of the scene whose key is taken by another open group.
std::vector<model::AlertGroupId> overtaken_in(const store::Reader& reader, const group::Scene& scene) {
  std::vector<model::AlertGroupId> overtaken;
  const auto look_at = [&](const model::AlertGroup& group) {
    if (group.distinction.empty() || group.open_for_grouping) return;
    if (reader.open_group(group.integration, group.distinction)) overtaken.push_back(group.id);
  };
  look_at(scene.group);
  for (const model::AlertGroup& attached : scene.attached) look_at(attached);
  return overtaken;
}

model::AuditEntry deletion_of(const model::AlertGroup& group, const Occasion& occasion) {
  model::AuditEntry entry;
  entry.organization = group.organization;
  entry.actor = occasion.actor;
  entry.at = occasion.now;
  entry.action = "alert_group.deleted";
  entry.subject = group.id.text();
  entry.before = "{\"number\":" + std::to_string(group.number) + ",\"title\":" + base::json_quoted(group.title) +
                 ",\"integration\":" + base::json_quoted(group.integration.text()) + "}";
  return entry;
}

base::Result<model::AlertGroup> group_after(const store::Committed& committed, const model::AlertGroupId& id,
                                            const model::AlertGroup& before) {
  for (const model::AlertGroup& group : committed.unit.groups) {
    if (group.id == id) return group;
  }
  return before;
}

}  // namespace

base::Result<model::Unit> decide_action(const store::Reader& reader, const model::AlertGroupId& id,
                                        const Command& command, const Occasion& occasion) {
  std::optional<model::AlertGroup> group = reader.group(id);
  if (!group) return no_such_group(id);
  base::Result<group::Action> action = resolved_action(reader, command);
  if (!action) return std::move(action).error();

  group::Scene scene{std::move(*group), reader.attached_to(id), {}};
  scene.overtaken = overtaken_in(reader, scene);
  base::Result<model::Fold> fold = group::act(scene, *action, occasion.actor, occasion.now);
  if (!fold) return std::move(fold).error();
  model::Unit unit = unit_of(std::move(*fold));
  if (std::holds_alternative<group::Delete>(command)) unit.audit.push_back(deletion_of(scene.group, occasion));
  return unit;
}

base::Result<model::AlertGroup> Actions::perform(const model::AlertGroupId& group, const Command& command,
                                                 const model::Actor& actor) {
  return std::move(perform_on_all({group}, command, actor).front());
}

std::vector<base::Result<model::AlertGroup>> Actions::perform_on_all(const std::vector<model::AlertGroupId>& groups,
                                                                     const Command& command,
                                                                     const model::Actor& actor) {
  using Outcome = base::Result<model::AlertGroup>;
  struct Pending {
    std::promise<Outcome> promise;
    model::AlertGroup before;
  };
  std::vector<std::future<Outcome>> futures;
  for (const model::AlertGroupId& id : groups) {
    auto pending = std::make_shared<Pending>();
    futures.push_back(pending->promise.get_future());
    const clock::Instant now = clock_.now();
    const bool queued = ledger_.submit(
        [=](const store::Reader& reader) {
          if (std::optional<model::AlertGroup> before = reader.group(id)) pending->before = std::move(*before);
          return decide_action(reader, id, command, {actor, now});
        },
        [=](base::Result<store::Committed> committed) {
          pending->promise.set_value(committed ? group_after(*committed, id, pending->before)
                                               : Outcome(std::move(committed).error()));
        });
    if (!queued) {
      pending->promise.set_value(base::Error{base::ErrorKind::unavailable, "the server is busy; try again"});
    }
  }
  std::vector<Outcome> outcomes;
  outcomes.reserve(futures.size());
  for (std::future<Outcome>& future : futures) outcomes.push_back(future.get());
  return outcomes;
}

}  // namespace tocsin::engine
