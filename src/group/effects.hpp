// Inside the room: the changes that alerts and people share, each told in the timeline as it is made.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "model/fold.hpp"

namespace tocsin::group {

using Details = std::vector<std::pair<const char*, std::string>>;

/// Who brought a change about, and what the timeline says of it.
struct Cause {
  model::ChangedBy by;
  std::string reason = {};
  Details details = {};
};

/// Writes timeline entries, jobs and cancellations into a Fold, with one actor and one time.
class Telling {
 public:
  Telling(model::Fold& fold, model::Actor actor, clock::Instant now)
      : fold_(fold), actor_(std::move(actor)), now_(now) {}

  void entry(const model::AlertGroup& group, model::TimelineKind kind, std::string reason, const Details& details);
  void schedule_unsilence(const model::AlertGroup& group);
  void cancel_unsilence(const model::AlertGroup& group);

  const model::Actor& actor() const { return actor_; }
  clock::Instant now() const { return now_; }

 private:
  model::Fold& fold_;
  model::Actor actor_;
  clock::Instant now_;
};

/// First reaction minus start, set once (spec: escalation.md 1.9).
void note_reaction(model::AlertGroup& group, clock::Instant now);

void set_acknowledged(model::AlertGroup& group, model::ChangedBy by, const model::UserId& user, clock::Instant now);

// Each lifts what stands in its way (a silence, for one), sets the state and tells all of it.
void acknowledge_group(Telling& telling, model::AlertGroup& group, const Cause& cause);
void resolve_group(Telling& telling, model::AlertGroup& group, const Cause& cause);
void lift_silence(Telling& telling, model::AlertGroup& group, const std::string& reason);
void lift_acknowledgement(Telling& telling, model::AlertGroup& group, const std::string& reason);
/// The group takes alerts again when `may_group`.
enum class Grouping { opens, stays_closed };
void lift_resolution(Telling& telling, model::AlertGroup& group, const std::string& reason, Grouping grouping);

}  // namespace tocsin::group
