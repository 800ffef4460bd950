// Flow type 3, filled by group: what changes in alert groups, told and with its effects.
#pragma once

#include <vector>

#include "model/alert_group.hpp"
#include "model/job.hpp"
#include "model/timeline.hpp"
#include "model/unit.hpp"

namespace tocsin::model {

struct Fold {
  std::vector<AlertGroup> groups;  ///< as they are afterwards; a new one has row 0
  std::vector<TimelineEntry> timeline;
  std::vector<Job> jobs;
  std::vector<JobKey> cancelled;
  std::vector<AlertGroupId> scrubbed;
  std::vector<AlertGroupId> removed;
};

}  // namespace tocsin::model
