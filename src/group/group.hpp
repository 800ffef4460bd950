// The alert group's state machine (spec: ingest.md 2.4, escalation.md 1.4, 1.5). Pure: state, event and time in, a
// Fold out. Run inside the ledger's write transaction, so two alerts of one problem never open two groups.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "model/fold.hpp"
#include "model/reading.hpp"

namespace tocsin::group {

/// What the ledger knows of the groups with the reading's key.
struct Candidates {
  std::optional<model::AlertGroup> open;
  std::optional<model::AlertGroup> resolved;
  std::int64_t other_series_firing = 0;
  std::vector<model::AlertGroup> attached;  ///< groups attached to `open`
};

/// The alert joins a group or opens one. `fold.groups[0]` is the group of the alert; a new one gets `fresh`.
model::Fold receive(const model::Reading& reading, const model::AlertId& alert, const Candidates& candidates,
                    const model::AlertGroupId& fresh);

struct Acknowledge {};
struct Unacknowledge {};
struct Resolve {};
struct Unresolve {};
struct Silence {
  std::optional<clock::Duration> length;  ///< absent: for ever
};
struct Unsilence {
  std::string reason;  ///< empty when a person did it
};
struct Attach {
  model::AlertGroup root;
};
struct Unattach {};
struct Restart {};  ///< back to firing, escalation from its first step
struct Wipe {};
struct Delete {};
using Action = std::variant<Acknowledge, Unacknowledge, Resolve, Unresolve, Silence, Unsilence, Attach, Unattach,
                            Restart, Wipe, Delete>;

/// The state an action meets.
struct Scene {
  model::AlertGroup group;
  std::vector<model::AlertGroup> attached;     ///< groups attached to it: actions cascade
  std::vector<model::AlertGroupId> overtaken;  ///< of these, those whose key's alerts go to another group now
};

/// Errors are of kind conflict with the API's wording, `Can't acknowledge a resolved alert group`
/// (spec: api.md 2.14); then nothing changes.
base::Result<model::Fold> act(const Scene& scene, const Action& action, const model::Actor& actor, clock::Instant now);

}  // namespace tocsin::group
