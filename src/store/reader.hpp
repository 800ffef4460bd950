// Queries out of the ledger. A Reader stands on one connection and one snapshot: use it on one thread, in the
// function it was handed to. Inside a Decide it reads the state under the write transaction.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/account.hpp"
#include "model/alert_group.hpp"
#include "model/integration.hpp"
#include "model/job.hpp"
#include "model/session.hpp"
#include "model/timeline.hpp"
#include "store/filter.hpp"

namespace tocsin::store {

class Connection;  // a backend's connection, see store/connection.hpp

class Reader {
 public:
  explicit Reader(Connection& connection) : connection_(connection) {}

  std::optional<model::Organization> organization() const;

  std::optional<model::User> user(const model::UserId& id) const;
  std::optional<model::User> user_by_name(std::string_view username) const;
  Page<model::User> users(Slice slice) const;
  /// Live tokens whose first eight characters are these.
  std::vector<model::ApiToken> tokens_by_lookup(std::string_view lookup) const;
  std::optional<model::ApiToken> token(const model::ApiTokenId& id) const;
  Page<model::ApiToken> tokens(const model::UserId& user, Slice slice) const;

  std::optional<model::Password> password(const model::UserId& user) const;
  /// Has any active admin a password?
  bool an_admin_has_a_password() const;
  std::optional<model::SignInLink> link_by_digest(std::string_view digest) const;
  std::optional<model::SignInLink> link_of(const model::UserId& user) const;
  std::optional<model::Session> session(const model::SessionId& id) const;
  std::optional<model::Session> session_by_digest(std::string_view digest) const;
  /// Newest first; expired ones too, or only those that are not.
  Page<model::Session> sessions(const model::UserId& user, Slice slice) const;
  Page<model::Session> live_sessions(const model::UserId& user, clock::Instant now, Slice slice) const;

  std::optional<model::Team> team(const model::TeamId& id) const;
  Page<model::Team> teams(const std::optional<std::string>& name, Slice slice) const;
  std::vector<model::TeamId> teams_of(const model::UserId& user) const;

  /// Deleted integrations are found only by `integration_even_deleted`.
  std::optional<model::Integration> integration(const model::IntegrationId& id) const;
  std::optional<model::Integration> integration_even_deleted(const model::IntegrationId& id) const;
  std::optional<model::Integration> integration_by_token(std::string_view token_digest) const;
  Page<model::Integration> integrations(const IntegrationFilter& filter, Slice slice) const;
  /// In order of matching, the default route last.
  std::vector<model::Route> routes_of(const model::IntegrationId& id) const;
  std::optional<model::Route> route(const model::RouteId& id) const;
  Page<model::Route> routes(const RouteFilter& filter, Slice slice) const;

  /// The group that takes alerts with that key.
  std::optional<model::AlertGroup> open_group(const model::IntegrationId& integration,
                                              std::string_view distinction) const;
  std::optional<model::AlertGroup> newest_resolved_group(const model::IntegrationId& integration,
                                                         std::string_view distinction) const;
  /// Series of the group whose latest alert fires.
  std::vector<std::string> firing_series(model::Row group) const;
  std::optional<model::AlertGroup> group(const model::AlertGroupId& id) const;
  std::vector<model::AlertGroup> attached_to(const model::AlertGroupId& root) const;
  Page<model::AlertGroup> groups(const AlertGroupFilter& filter, Slice slice) const;
  /// Groups by state, under a filter (its `state` is ignored).
  std::map<model::State, std::int64_t> count_by_state(const AlertGroupFilter& filter) const;

  std::optional<model::Alert> alert(const model::AlertId& id) const;
  std::optional<model::Alert> first_alert(const model::AlertGroupId& group) const;
  std::optional<model::Alert> last_alert(const model::AlertGroupId& group) const;
  /// The newest alert of its twenty newest groups.
  std::optional<model::Alert> last_alert_of_integration(const model::IntegrationId& integration) const;
  /// Newest first.
  Page<model::Alert> alerts(const AlertFilter& filter, Slice slice) const;

  /// Oldest first.
  std::vector<model::TimelineEntry> timeline(const model::AlertGroupId& group) const;
  Page<model::TimelineEntry> timeline(const model::AlertGroupId& group, Slice slice) const;

  std::optional<model::ResolutionNote> note(const model::ResolutionNoteId& id) const;
  /// Newest group first; without deleted notes.
  Page<model::ResolutionNote> notes(const std::optional<std::string>& group, Slice slice) const;

  /// Newest first.
  Page<model::AuditEntry> audit(const AuditFilter& filter, Slice slice) const;

  /// Groups told of in timeline entries after this row, and the newest row there is.
  struct Told {
    std::vector<std::pair<model::AlertGroupId, model::TimelineKind>> groups;
    model::Row newest = 0;
  };
  Told told_since(model::Row row, std::int64_t most) const;

  std::optional<clock::Instant> next_due() const;

 private:
  Connection& connection_;
};

}  // namespace tocsin::store
