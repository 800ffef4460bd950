// Resolution notes: what people write down about an alert group. Every change is told in the group's timeline, in
// the same commit. On a worker, not on io.
#pragma once

#include <string>

#include "base/id.hpp"
#include "base/result.hpp"
#include "clock/clock.hpp"
#include "store/ledger.hpp"

namespace tocsin::engine {

class Notes {
 public:
  Notes(store::Ledger& ledger, clock::Clock& clock, const base::RandomBytes& random)
      : ledger_(ledger), clock_(clock), random_(random) {}

  /// Errors of all three: not_found (`where` is the id), unavailable.
  base::Result<model::ResolutionNote> add(const model::AlertGroupId& group, const std::string& text,
                                          const model::Actor& actor);
  /// The same text again changes nothing. Error: conflict, when the note was not written on the web.
  base::Result<model::ResolutionNote> change(const model::ResolutionNoteId& id, const std::string& text,
                                             const model::Actor& actor);
  base::Status remove(const model::ResolutionNoteId& id, const model::Actor& actor);

 private:
  store::Ledger& ledger_;
  clock::Clock& clock_;
  const base::RandomBytes& random_;
};

}  // namespace tocsin::engine
