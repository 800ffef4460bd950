// A Unit into rows, inside the caller's transaction.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "clock/clock.hpp"
#include "model/unit.hpp"
#include "store/connection.hpp"

namespace tocsin::store {

class Writer {
 public:
  explicit Writer(Connection& connection) : connection_(connection) {}

  /// Writes all of it and fills in the rows and numbers that were assigned. Throws DatabaseError.
  void write(model::Unit& unit);

  /// Leases due jobs (see Ledger::lease).
  std::vector<model::Job> lease(clock::Instant now, clock::Duration length, int most, const std::string& boot);
  void retry(model::Row job, clock::Instant due_at);
  /// Leases that are not of this boot are void.
  void void_leases(const std::string& boot);

 private:
  void write_group(model::AlertGroup& group);
  void insert_group(model::AlertGroup& group);
  void replace_group(const model::AlertGroup& group);
  bool add_alerts(const model::AlertGroup& group);
  void change_group(const model::AlertGroup& group);
  void write_alert(model::Alert& alert);
  void write_timeline(model::TimelineEntry& entry);
  void write_job(const model::Job& job);
  void write_audit(const model::AuditEntry& entry);
  void scrub(const model::AlertGroupId& group);
  void remove_labels(model::Row group);
  void remove(const model::RouteId& id);
  void remove(const model::AlertGroupId& id);
  void remove(const model::TeamId& id);
  void remove(const model::SignInLinkOf& link);
  void remove(const model::SessionId& id);

  void write_record(const model::Organization& organization);
  void write_record(const model::User& user);
  void write_record(const model::ApiToken& token);
  void write_record(const model::Integration& integration);
  void write_record(const model::Route& route);
  void write_record(const model::ResolutionNote& note);
  void write_record(const model::Team& team);
  void write_record(const model::Password& password);
  void write_record(const model::SignInLink& link);
  void write_record(const model::Session& session);

  /// The row of a group of this Unit, else of the ledger.
  model::Row row_of(const model::AlertGroupId& group);

  Connection& connection_;
  std::unordered_map<std::string, model::Row> rows_;
};

}  // namespace tocsin::store
