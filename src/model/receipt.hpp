// Flow type 7, filled by engine from call's outcome: delivered, try again at, or failed because.
#pragma once

#include <optional>
#include <string>

#include "clock/clock.hpp"

namespace tocsin::model {

enum class DeliveryOutcome { delivered, try_again, failed };

struct Receipt {
  DeliveryOutcome outcome = DeliveryOutcome::failed;
  std::optional<clock::Instant> try_again_at;
  std::string provider_answer;  ///< what the provider said, for the timeline
};

}  // namespace tocsin::model
