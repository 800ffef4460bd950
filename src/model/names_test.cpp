#include <doctest/doctest.h>

#include <set>

#include "model/fold.hpp"

using namespace tocsin;
using namespace tocsin::model;

TEST_CASE("of several flags the strongest is the state") {
  AlertGroup group;
  CHECK(name_of(state_of(group)) == "firing");
  group.silenced_at = clock::Instant();
  CHECK(name_of(state_of(group)) == "silenced");
  group.acknowledged_at = clock::Instant();
  CHECK(name_of(state_of(group)) == "acknowledged");
  group.resolved_at = clock::Instant();
  CHECK(name_of(state_of(group)) == "resolved");
}

TEST_CASE("kinds of timeline entries and jobs have names that lead back to them") {
  std::set<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(TimelineKind::note_removed); ++i) {
    const auto kind = static_cast<TimelineKind>(i);
    CHECK(names.insert(name_of(kind)).second);
    CHECK(timeline_kind(name_of(kind)) == kind);
  }
  CHECK_FALSE(timeline_kind("invented").has_value());
  CHECK(job_kind(name_of(JobKind::unsilence)) == JobKind::unsilence);
  CHECK_FALSE(job_kind("invented").has_value());
  CHECK(name_of(Via::source) == "source");
  CHECK(name_of(Via::system) == "system");
}

TEST_CASE("merged Units hold all of both, in order") {
  Unit unit;
  CHECK(unit.empty());
  Unit more;
  more.timeline.resize(1);
  more.timeline[0].reason = "second";
  more.finished = {7};
  more.scrubbed = {AlertGroupId("I1")};
  unit.timeline.resize(1);
  unit.timeline[0].reason = "first";
  merge(unit, std::move(more));
  CHECK_FALSE(unit.empty());
  REQUIRE(unit.timeline.size() == 2);
  CHECK(unit.timeline[1].reason == "second");
  CHECK(unit.finished == std::vector<Row>{7});
  CHECK(unit.scrubbed.size() == 1);
}
