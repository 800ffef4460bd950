// How the records lie in rows: column lists, reading and binding. Used by the reader and the writer.
#pragma once

#include <map>
#include <string>

#include "model/account.hpp"
#include "model/alert_group.hpp"
#include "model/integration.hpp"
#include "model/job.hpp"
#include "model/session.hpp"
#include "model/timeline.hpp"
#include "store/connection.hpp"

namespace tocsin::store {

using TextMap = std::map<std::string, std::string>;
/// A map of texts as a JSON object, and back.
std::string json_of(const TextMap& map);
TextMap map_of(std::string_view json);

inline clock::Instant instant(std::int64_t micros) {
  return clock::Instant::from_micros(micros);
}
inline std::optional<clock::Instant> maybe_instant(std::optional<std::int64_t> micros) {
  return micros ? std::optional(instant(*micros)) : std::nullopt;
}
inline std::optional<std::int64_t> micros(const std::optional<clock::Instant>& instant) {
  return instant ? std::optional(instant->micros()) : std::nullopt;
}

extern const std::string_view user_columns;
model::User read_user(Run& run);
extern const std::string_view token_columns;
model::ApiToken read_token(Run& run);
/// Without the members, which are rows of their own.
extern const std::string_view team_columns;
model::Team read_team(Run& run);
extern const std::string_view password_columns;
model::Password read_password(Run& run);
extern const std::string_view link_columns;
model::SignInLink read_link(Run& run);
extern const std::string_view session_columns;
model::Session read_session(Run& run);
extern const std::string_view integration_columns;
model::Integration read_integration(Run& run);
extern const std::string_view route_columns;
model::Route read_route(Run& run);
extern const std::string_view group_columns;
model::AlertGroup read_group(Run& run);
/// From `alert a JOIN alert_group g`.
extern const std::string_view alert_columns;
model::Alert read_alert(Run& run);
/// From `timeline_entry t JOIN alert_group g`.
extern const std::string_view timeline_columns;
model::TimelineEntry read_timeline(Run& run);
/// From `resolution_note n JOIN alert_group g`.
extern const std::string_view note_columns;
model::ResolutionNote read_note(Run& run);
extern const std::string_view job_columns;
model::Job read_job(Run& run);
extern const std::string_view audit_columns;
model::AuditEntry read_audit(Run& run);

}  // namespace tocsin::store
