// Flow type 5, filled by escalate: the effects now, and the instant to look again.
#pragma once

#include <optional>
#include <vector>

#include "clock/clock.hpp"
#include "model/ids.hpp"

namespace tocsin::model {

struct Plan {
  AlertGroupId group;
  std::vector<UserId> notify;                ///< people to be told now
  std::optional<clock::Instant> look_again;  ///< absent: the escalation is finished
};

}  // namespace tocsin::model
