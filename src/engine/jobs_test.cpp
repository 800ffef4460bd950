#include "engine/jobs.hpp"

#include <doctest/doctest.h>

#include <map>

#include "engine/rig_test.hpp"

using namespace tocsin;
using namespace tocsin::engine;
using clock::Instant;

namespace {

const std::string disk = R"({"title": "disk full", "alert_uid": "disk"})";

model::Unit job_unit(const std::string& subject, Instant due) {
  model::Job job;
  job.organization = model::OrganizationId("O1");
  job.subject = subject;
  job.due_at = due;
  model::Unit unit;
  unit.jobs = {job};
  return unit;
}

std::optional<Instant> next_due(Rig& rig) {
  return store::read(rig.ledger(), [](const store::Reader& reader) { return reader.next_due(); });
}

model::AlertGroupId open_group(Rig& rig) {
  const auto accepted = rig.deliver(rig.integrate("formatted_webhook"), disk);
  REQUIRE(accepted.ok());
  return accepted->groups.at(0);
}

int count_of(Rig& rig, const model::AlertGroupId& id, model::TimelineKind kind) {
  int count = 0;
  for (const auto& entry : store::read(rig.ledger(), [&](const store::Reader& r) { return r.timeline(id); })) {
    if (entry.kind == kind) ++count;
  }
  return count;
}

}  // namespace

TEST_CASE("the delay before another try doubles, up to ten minutes") {
  using std::chrono::seconds;
  CHECK(retry_delay(1) == seconds(1));
  CHECK(retry_delay(2) == seconds(2));
  CHECK(retry_delay(5) == seconds(16));
  CHECK(retry_delay(10) == seconds(512));
  CHECK(retry_delay(11) == seconds(600));
  CHECK(retry_delay(1000) == seconds(600));
}

TEST_CASE("a job that fails is tried again later and later, and done once") {
  Rig rig;
  // The engine's own runner knows nothing of this subject and finishes it; so it is stopped, and one is made by hand.
  rig.engine().jobs().close();
  Jobs jobs(rig.ledger(), rig.clock());
  std::mutex mutex;
  std::vector<Instant> tries;
  const auto count = [&] {
    const std::lock_guard lock(mutex);
    return tries.size();
  };
  jobs.handle(model::JobKind::unsilence,
              [&](const store::Reader&, const model::Job& job, Instant now) -> base::Result<model::Unit> {
                const std::lock_guard lock(mutex);
                tries.push_back(now);
                CHECK(job.attempts == static_cast<int>(tries.size()));
                if (tries.size() == 2) throw std::runtime_error("worse");
                if (tries.size() < 4) return base::Error{base::ErrorKind::unavailable, "not yet"};
                return model::Unit{};
              });
  jobs.start();
  const Instant start = rig.clock().now();
  REQUIRE(rig.ledger().commit([&](const store::Reader&) { return job_unit("I1", start); }).ok());
  for (const int delay : {1, 2, 4}) {
    const Instant again = rig.clock().now() + std::chrono::seconds(delay);
    REQUIRE(eventually([&] { return next_due(rig) == again; }));
    rig.clock().set(again - clock::Duration(1));
    CHECK(eventually([&] { return jobs.idle(); }));
    rig.clock().set(again);
  }
  REQUIRE(eventually([&] { return jobs.idle() && !next_due(rig); }));
  CHECK(count() == 4);
  rig.clock().advance(std::chrono::hours(24));
  REQUIRE(eventually([&] { return jobs.idle(); }));
  CHECK(count() == 4);
  jobs.close();
}

TEST_CASE("a silence ends at its instant, and not before") {
  Rig rig;
  const model::AlertGroupId id = open_group(rig);
  REQUIRE(rig.engine().actions().perform(id, group::Silence{std::chrono::minutes(30)}, person).ok());
  const Instant end = rig.clock().now() + std::chrono::minutes(30);
  rig.clock().set(end - clock::Duration(1));
  rig.settle();
  CHECK(model::state_of(rig.group(id)) == model::State::silenced);
  rig.clock().set(end);
  rig.settle();
  CHECK(model::state_of(rig.group(id)) == model::State::firing);
  const auto timeline = store::read(rig.ledger(), [&](const store::Reader& r) { return r.timeline(id); });
  CHECK(timeline.back().kind == model::TimelineKind::unsilenced);
  CHECK(timeline.back().at == end);
  CHECK(timeline.back().actor.via == model::Via::system);
}

TEST_CASE("a silence that ended while nothing ran ends at the start, once") {
  Rig rig;
  const model::AlertGroupId id = open_group(rig);
  REQUIRE(rig.engine().actions().perform(id, group::Silence{std::chrono::minutes(30)}, person).ok());
  rig.stop();
  rig.clock().advance(std::chrono::hours(48));
  rig.start();
  rig.settle();
  CHECK(model::state_of(rig.group(id)) == model::State::firing);
  rig.stop();
  rig.start();
  rig.clock().advance(std::chrono::hours(48));
  rig.settle();
  CHECK(count_of(rig, id, model::TimelineKind::unsilenced) == 1);
}

TEST_CASE("a lease of an earlier boot holds nothing up") {
  Rig rig;
  const model::AlertGroupId id = open_group(rig);
  REQUIRE(rig.engine().actions().perform(id, group::Silence{std::chrono::minutes(30)}, person).ok());
  rig.engine().jobs().close();
  // Leased, and then the process dies.
  rig.clock().advance(std::chrono::minutes(31));
  REQUIRE(rig.ledger().lease(rig.clock().now(), std::chrono::hours(10), 10)->size() == 1);
  rig.stop();
  rig.start();
  rig.settle();
  CHECK(model::state_of(rig.group(id)) == model::State::firing);
}

TEST_CASE("a silence that is set anew while its end is worked on stays") {
  Rig rig;
  const model::AlertGroupId id = open_group(rig);
  REQUIRE(rig.engine().actions().perform(id, group::Silence{std::chrono::minutes(30)}, person).ok());
  rig.engine().jobs().close();
  rig.clock().advance(std::chrono::minutes(30));
  const auto leased = rig.ledger().lease(rig.clock().now(), std::chrono::minutes(1), 10);
  REQUIRE(leased->size() == 1);
  // Between the lease and the work somebody silences for longer.
  REQUIRE(rig.engine().actions().perform(id, group::Silence{std::chrono::hours(2)}, person).ok());
  model::Unit finished;
  finished.finished = {leased->at(0).row};
  REQUIRE(rig.ledger().commit([&](const store::Reader&) { return finished; }).ok());
  REQUIRE(rig.ledger().retry(leased->at(0).row, rig.clock().now()).ok());
  const Instant end = rig.clock().now() + std::chrono::hours(2);
  CHECK(next_due(rig) == end);
  rig.stop();
  rig.start();
  rig.settle();
  CHECK(model::state_of(rig.group(id)) == model::State::silenced);
  rig.clock().set(end);
  rig.settle();
  CHECK(model::state_of(rig.group(id)) == model::State::firing);
}

TEST_CASE("many silences end together") {
  Rig rig;
  const model::Integration integration = rig.integrate("formatted_webhook");
  std::vector<model::AlertGroupId> groups;
  for (int i = 0; i < 150; ++i) {
    groups.push_back(rig.deliver(integration, R"({"alert_uid": "k)" + std::to_string(i) + "\"}")->groups.at(0));
  }
  for (const auto& outcome :
       rig.engine().actions().perform_on_all(groups, group::Silence{std::chrono::minutes(5)}, person)) {
    CHECK(outcome.ok());
  }
  rig.clock().advance(std::chrono::minutes(5));
  rig.settle();
  const auto counts = store::read(rig.ledger(), [](const store::Reader& r) { return r.count_by_state({}); });
  CHECK(counts.at(model::State::firing) == 150);
}

TEST_CASE("a job that another process schedules is seen within a second or so") {
  Rig rig;
  const model::AlertGroupId id = open_group(rig);
  {
    auto beside = rig.beside();
    const Instant now = rig.clock().now();
    const auto done = beside->commit([&](const store::Reader& reader) {
      return decide_action(reader, id, group::Silence{clock::Duration(0)}, {{model::Via::cli, {}, {}}, now});
    });
    REQUIRE(done.ok());
  }
  CHECK(eventually([&] { return model::state_of(rig.group(id)) == model::State::firing; }));
}
