// The decision that puts Readings into alert groups: a pure function of the ledger's state, run inside its write
// transaction, and the way a Fold becomes part of a Unit.
#pragma once

#include <vector>

#include "base/result.hpp"
#include "model/fold.hpp"
#include "model/reading.hpp"
#include "model/unit.hpp"
#include "store/reader.hpp"

namespace tocsin::engine {

/// A Reading with the ids that its alert and, if need be, its group will bear; drawn before the transaction, so that
/// the decision stays a pure function and may be run twice.
struct Numbered {
  model::Reading reading;
  model::AlertId alert;
  model::AlertGroupId fresh_group;
};

/// The alerts of one delivery, in their order, as one Unit. Later ones see what earlier ones decided.
base::Result<model::Unit> gather(const store::Reader& reader, const std::vector<Numbered>& delivery);

/// All of a Fold as a Unit.
model::Unit unit_of(model::Fold fold);

}  // namespace tocsin::engine
