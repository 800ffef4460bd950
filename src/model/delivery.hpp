// Flow type 1, filled by api: what came in for an integration.
#pragma once

#include <memory>
#include <string>

#include "clock/clock.hpp"
#include "model/ids.hpp"
#include "value/json.hpp"

namespace tocsin::model {

enum class DeliveryKind { posted, demo };

struct Delivery {
  IntegrationId integration;
  std::shared_ptr<const value::Document> body;  ///< any JSON value; text and form bodies were made objects
  clock::Instant received_at;
  std::string peer;  ///< the sender's address
  DeliveryKind kind = DeliveryKind::posted;
};

}  // namespace tocsin::model
