// Due work. Every wait of the product is a job row: it has a due time and, while it is worked on, a lease.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "clock/clock.hpp"
#include "model/alert_group.hpp"
#include "model/ids.hpp"

namespace tocsin::model {

enum class JobKind { unsilence };
std::string_view name_of(JobKind kind);
std::optional<JobKind> job_kind(std::string_view name);

/// A job to be scheduled, or one that was leased (then `row` is set).
struct Job {
  OrganizationId organization;
  Row row = 0;
  JobKind kind = JobKind::unsilence;
  std::string subject;  ///< public id of what it is about; (kind, subject) is unique: scheduling again moves it
  clock::Instant due_at;
  int attempts = 0;  ///< starts so far
  std::string arguments = "{}";
};

}  // namespace tocsin::model
