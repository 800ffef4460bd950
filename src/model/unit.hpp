// Flow type 4, filled by engine: everything that commits together.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "model/account.hpp"
#include "model/alert_group.hpp"
#include "model/integration.hpp"
#include "model/job.hpp"
#include "model/session.hpp"
#include "model/timeline.hpp"

namespace tocsin::model {

/// A record to be inserted or replaced by its id.
using Record =
    std::variant<Organization, User, ApiToken, Integration, Route, ResolutionNote, Team, Password, SignInLink, Session>;

/// The one sign-in link of a user.
struct SignInLinkOf {
  UserId user;
};

/// A hard removal. An alert group goes with its alerts, timeline, notes and jobs; what belonged to a team belongs to
/// none afterwards.
using Removal = std::variant<RouteId, AlertGroupId, TeamId, SignInLinkOf, SessionId>;

/// (kind, subject) of a job that is no longer wanted.
struct JobKey {
  JobKind kind;
  std::string subject;
};

struct Unit {
  std::vector<AlertGroup> groups;  ///< inserted when `row` is 0 (the store assigns row and number), else replaced
  std::vector<Alert> alerts;       ///< inserted; their group may be in `groups`
  std::vector<TimelineEntry> timeline;
  std::vector<Job> jobs;  ///< scheduled; one with the same kind and subject is moved
  std::vector<JobKey> cancelled;
  std::vector<Row> finished;  ///< jobs that are done
  std::vector<Record> records;
  std::vector<Removal> removals;
  std::vector<AlertGroupId> scrubbed;  ///< wiped groups: texts, labels, key and alerts are emptied
  std::vector<AuditEntry> audit;

  bool empty() const {
    return groups.empty() && alerts.empty() && timeline.empty() && jobs.empty() && cancelled.empty() &&
           finished.empty() && records.empty() && removals.empty() && scrubbed.empty() && audit.empty();
  }
};

/// Adds all of `more` to `unit`.
void merge(Unit& unit, Unit&& more);

}  // namespace tocsin::model
