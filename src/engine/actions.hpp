// People's actions on alert groups, decided in the ledger's transaction.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "clock/clock.hpp"
#include "group/group.hpp"
#include "store/ledger.hpp"

namespace tocsin::engine {

/// Attaching names the root by id; everything else is a group::Action.
struct AttachTo {
  model::AlertGroupId root;
};
using Command = std::variant<group::Acknowledge, group::Unacknowledge, group::Resolve, group::Unresolve, group::Silence,
                             group::Unsilence, AttachTo, group::Unattach, group::Restart, group::Wipe, group::Delete>;

class Actions {
 public:
  Actions(store::Ledger& ledger, clock::Clock& clock) : ledger_(ledger), clock_(clock) {}

  /// The group afterwards (as it was, when it was deleted). Waits for the commit; on a worker, not on io.
  /// Errors: not_found, conflict with the API's wording, unavailable.
  base::Result<model::AlertGroup> perform(const model::AlertGroupId& group, const Command& command,
                                          const model::Actor& actor);

  /// The command on each group, each decided for itself, in as few commits as the ledger makes of it.
  std::vector<base::Result<model::AlertGroup>> perform_on_all(const std::vector<model::AlertGroupId>& groups,
                                                              const Command& command, const model::Actor& actor);

 private:
  store::Ledger& ledger_;
  clock::Clock& clock_;
};

/// Who acts, and when.
struct Occasion {
  model::Actor actor;
  clock::Instant now;
};

/// The decision behind `perform`, for other loops: a Unit from the state of the ledger. A deletion, which takes the
/// timeline with it, is told in the audit trail.
base::Result<model::Unit> decide_action(const store::Reader& reader, const model::AlertGroupId& group,
                                        const Command& command, const Occasion& occasion);

}  // namespace tocsin::engine
