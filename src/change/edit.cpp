#include "change/edit.hpp"

#include <utility>

namespace tocsin::change {

model::AuditEntry audit_entry(const Edit& edit, const Subject& subject, std::string before, std::string after) {
  model::AuditEntry entry;
  entry.organization = edit.organization;
  entry.actor = edit.actor;
  entry.at = edit.now;
  entry.action = subject.action;
  entry.subject = subject.id;
  entry.before = std::move(before);
  entry.after = std::move(after);
  return entry;
}

}  // namespace tocsin::change
