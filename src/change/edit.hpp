// Who edits, when, and how an edit is told in the audit log. Pure.
#pragma once

#include <string>
#include <string_view>

#include "clock/clock.hpp"
#include "model/timeline.hpp"

namespace tocsin::change {

/// One edit: who, from where, when, in which organisation.
struct Edit {
  model::OrganizationId organization;
  model::Actor actor;
  clock::Instant now;
};

/// What was edited: `integration.changed` of `C…`.
struct Subject {
  std::string_view action;
  std::string id;
};

/// The entry that tells the edit; `before` and `after` are JSON and hold no secret.
model::AuditEntry audit_entry(const Edit& edit, const Subject& subject, std::string before, std::string after);

}  // namespace tocsin::change
