// Snapshots, full queues, closing, leases: the ledger's life beside its contents.
#include "store/ledger.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <future>
#include <thread>

using namespace tocsin;
using clock::Instant;

namespace {

class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "tocsin-life-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::unique_ptr<store::Ledger> open(std::size_t queue_limit = 20'000) const {
    store::LedgerOptions options;
    options.directory = path_;
    options.queue_limit = queue_limit;
    auto ledger = store::Ledger::open(options);
    REQUIRE(ledger.ok());
    return std::move(*ledger);
  }

 private:
  std::string path_;
};

model::Unit unit_of(const std::string& id) {
  model::AlertGroup group;
  group.id = model::AlertGroupId(id);
  group.organization = model::OrganizationId("O1");
  group.integration = model::IntegrationId("C1");
  group.distinction = id;
  model::Unit unit;
  unit.groups = {group};
  return unit;
}

model::Unit job_unit(const std::string& subject, Instant due) {
  model::Job job;
  job.organization = model::OrganizationId("O1");
  job.subject = subject;
  job.due_at = due;
  model::Unit unit;
  unit.jobs = {job};
  return unit;
}

bool commit(store::Ledger& ledger, const model::Unit& unit) {
  return ledger.commit([&](const store::Reader&) { return unit; }).ok();
}

std::int64_t count(const store::Reader& reader) {
  return reader.groups({}, {}).total;
}

/// Holds the ledger thread until it is let go.
class Hold {
 public:
  explicit Hold(store::Ledger& ledger) {
    std::promise<void> begun;
    auto waiting = std::make_shared<std::shared_future<void>>(gate_.get_future().share());
    REQUIRE(ledger.submit(
        [&begun, waiting](const store::Reader&) -> base::Result<model::Unit> {
          begun.set_value();
          waiting->wait();
          return model::Unit{};
        },
        [](base::Result<store::Committed>) {}));
    begun.get_future().wait();
  }
  void let_go() { gate_.set_value(); }

 private:
  std::promise<void> gate_;
};

}  // namespace

TEST_CASE("a read sees one state from its beginning to its end, and never waits for the writer") {
  const Folder folder;
  auto ledger = folder.open();
  REQUIRE(commit(*ledger, unit_of("I1")));
  ledger->read([&](const store::Reader& reader) {
    CHECK(count(reader) == 1);
    REQUIRE(commit(*ledger, unit_of("I2")));
    CHECK(count(reader) == 1);
  });
  CHECK(store::read(*ledger, count) == 2);
  Hold hold(*ledger);
  CHECK(store::read(*ledger, count) == 2);
  hold.let_go();
}

TEST_CASE("more readers than connections take turns") {
  const Folder folder;
  auto ledger = folder.open();
  REQUIRE(commit(*ledger, unit_of("I1")));
  std::atomic<int> good = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 24; ++i) {
      threads.emplace_back([&] {
        for (int n = 0; n < 20; ++n) good += store::read(*ledger, count) == 1;
      });
    }
  }
  CHECK(good == 24 * 20);
}

TEST_CASE("a read that throws gives its connection back") {
  const Folder folder;
  auto ledger = folder.open();
  for (int i = 0; i < 20; ++i) {
    CHECK_THROWS_AS(ledger->read([](const store::Reader&) { throw std::runtime_error("bad"); }), std::runtime_error);
  }
  CHECK(store::read(*ledger, count) == 0);
}

TEST_CASE("a full queue refuses, and what it holds is finished") {
  const Folder folder;
  auto ledger = folder.open(3);
  Hold hold(*ledger);
  int done = 0;
  for (int i = 0; i < 3; ++i) {
    CHECK(ledger->submit(
        [i](const store::Reader&) { return base::Result<model::Unit>(unit_of("I" + std::to_string(i))); },
        [&](base::Result<store::Committed> committed) { done += committed.ok(); }));
  }
  bool told = false;
  CHECK_FALSE(ledger->submit([](const store::Reader&) { return base::Result<model::Unit>(model::Unit{}); },
                             [&](base::Result<store::Committed>) { told = true; }));
  CHECK(ledger->commit([](const store::Reader&) { return model::Unit{}; }).error().kind ==
        base::ErrorKind::unavailable);
  CHECK_FALSE(ledger->lease(Instant::from_seconds(1), std::chrono::seconds(1), 1).ok());
  CHECK(ledger->pending() == 4);
  hold.let_go();
  ledger->close();
  CHECK(done == 3);
  CHECK_FALSE(told);
  CHECK(ledger->pending() == 0);
}

TEST_CASE("closing finishes what waits, refuses what comes, and leaves reads alone") {
  const Folder folder;
  std::atomic<int> done = 0;
  {
    auto ledger = folder.open();
    Hold hold(*ledger);
    for (int i = 0; i < 100; ++i) {
      REQUIRE(ledger->submit(
          [i](const store::Reader&) { return base::Result<model::Unit>(unit_of("I" + std::to_string(i))); },
          [&](base::Result<store::Committed> committed) { done += committed.ok(); }));
    }
    std::jthread closer([&] { ledger->close(); });
    hold.let_go();
    closer.join();
    CHECK(done == 100);
    CHECK_FALSE(commit(*ledger, unit_of("late")));
    CHECK(store::read(*ledger, count) == 100);
    ledger->close();
  }
  CHECK(store::read(*folder.open(), count) == 100);
}

TEST_CASE("a job that is scheduled anew while it is worked on outlives its old run") {
  const Folder folder;
  auto ledger = folder.open();
  const Instant now = Instant::from_seconds(100);
  REQUIRE(commit(*ledger, job_unit("I1", now)));
  const auto leased = ledger->lease(now, std::chrono::minutes(1), 10);
  REQUIRE(leased->size() == 1);
  REQUIRE(commit(*ledger, job_unit("I1", now + std::chrono::hours(1))));
  model::Unit finished;
  finished.finished = {leased->at(0).row};
  REQUIRE(commit(*ledger, finished));
  REQUIRE(ledger->retry(leased->at(0).row, now).ok());
  CHECK(store::read(*ledger, [](const store::Reader& r) { return r.next_due(); }) == now + std::chrono::hours(1));
}

TEST_CASE("cancelled and scheduled in one Unit, the job stays") {
  const Folder folder;
  auto ledger = folder.open();
  const Instant now = Instant::from_seconds(100);
  REQUIRE(commit(*ledger, job_unit("I1", now)));
  model::Unit moved = job_unit("I1", now + std::chrono::hours(1));
  moved.cancelled = {{model::JobKind::unsilence, "I1"}};
  REQUIRE(commit(*ledger, moved));
  CHECK(ledger->lease(now, std::chrono::minutes(1), 10)->empty());
  CHECK(ledger->lease(now + std::chrono::hours(1), std::chrono::minutes(1), 10)->size() == 1);
}

TEST_CASE("an alert that joins changes its group's counts and nothing else; a change of state is written whole") {
  const Folder folder;
  auto ledger = folder.open();
  REQUIRE(commit(*ledger, unit_of("I1")));
  model::AlertGroup group =
      *store::read(*ledger, [](const store::Reader& r) { return r.group(model::AlertGroupId("I1")); });
  const auto again = [&] {
    model::Unit unit;
    unit.groups = {group};
    REQUIRE(commit(*ledger, unit));
    return *store::read(*ledger, [](const store::Reader& r) { return r.group(model::AlertGroupId("I1")); });
  };
  group.alerts_count = 7;
  group.last_alert_at = Instant::from_seconds(70);
  CHECK(again().alerts_count == 7);
  CHECK(again().last_alert_at == Instant::from_seconds(70));
  const auto lists = [&](model::State state) {
    return store::read(*ledger, [&](const store::Reader& r) { return r.groups({.state = state}, {}).total; });
  };
  CHECK(lists(model::State::firing) == 1);
  group.silenced_at = Instant::from_seconds(80);
  group.silenced_by_user = model::UserId("U1");
  CHECK(again().silenced_by_user.text() == "U1");
  CHECK(lists(model::State::silenced) == 1);
  group.silenced_until = Instant::from_seconds(90);
  CHECK(again().silenced_until == Instant::from_seconds(90));
  group.silenced_at.reset();
  group.silenced_until.reset();
  group.acknowledged_at = Instant::from_seconds(85);
  group.acknowledged_by = model::ChangedBy::source;
  group.response_time = std::chrono::seconds(5);
  CHECK(again().acknowledged_by == model::ChangedBy::source);
  CHECK(again().response_time == std::chrono::seconds(5));
  group.root = model::AlertGroupId("I0");
  CHECK(again().root.text() == "I0");
  group.resolved_at = Instant::from_seconds(86);
  group.open_for_grouping = false;
  CHECK_FALSE(again().open_for_grouping);
  CHECK(lists(model::State::resolved) == 1);
  CHECK(lists(model::State::firing) == 0);
}
