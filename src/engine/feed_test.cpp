#include "engine/feed.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

#include "engine/rig_test.hpp"

using namespace tocsin;
using namespace tocsin::engine;

namespace {

/// What a watcher was told, kept for the test's thread.
class Notebook {
 public:
  Feed::Watcher watcher() {
    return [this](const Bulletin& bulletin) {
      const std::lock_guard lock(mutex_);
      if (bulletin.kind == Bulletin::Kind::gap) ++gaps_;
      if (bulletin.kind == Bulletin::Kind::accounts) ++accounts_;
      news_.insert(news_.end(), bulletin.news.begin(), bulletin.news.end());
      if (bulletin.kind != Bulletin::Kind::accounts) ++told_;
      return !leaving_;
    };
  }
  std::vector<News> news() const {
    const std::lock_guard lock(mutex_);
    return news_;
  }
  int gaps() const {
    const std::lock_guard lock(mutex_);
    return gaps_;
  }
  int accounts() const {
    const std::lock_guard lock(mutex_);
    return accounts_;
  }
  int told() const {
    const std::lock_guard lock(mutex_);
    return told_;
  }
  void leave() {
    const std::lock_guard lock(mutex_);
    leaving_ = true;
  }
  bool has(const model::AlertGroupId& id, std::string_view what) const {
    for (const News& each : news()) {
      if (each.id == id && each.what == what) return true;
    }
    return false;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<News> news_;
  int gaps_ = 0;
  int accounts_ = 0;
  int told_ = 0;
  bool leaving_ = false;
};

/// Waits until the watcher is taken on: it is told where the numbering stands.
void join(Rig& rig, Notebook& notebook, std::optional<std::uint64_t> after = std::nullopt) {
  const int before = notebook.told();
  REQUIRE(rig.engine().feed().watch(after, notebook.watcher()));
  REQUIRE(eventually([&] { return notebook.told() > before; }));
}

}  // namespace

TEST_CASE("who watches is told of new groups, actions and deletions, in order") {
  Rig rig;
  Notebook notebook;
  const model::Integration integration = rig.integrate("formatted_webhook");
  join(rig, notebook);
  const model::AlertGroupId id = rig.deliver(integration, R"({"alert_uid":"disk","title":"Disk"})")->groups.at(0);
  REQUIRE(eventually([&] { return notebook.news().size() == 1; }));
  CHECK(notebook.news()[0].id == id);
  CHECK(notebook.news()[0].group->integration == integration.id);
  REQUIRE(rig.engine().actions().perform(id, group::Acknowledge{}, person).ok());
  REQUIRE(eventually([&] { return notebook.has(id, "acknowledged"); }));
  CHECK(notebook.news().back().group->acknowledged_at.has_value());
  REQUIRE(rig.engine().actions().perform(id, group::Delete{}, person).ok());
  REQUIRE(eventually([&] { return notebook.has(id, "deleted"); }));
  CHECK_FALSE(notebook.news().back().group.has_value());
  std::uint64_t last = 0;
  for (const News& each : notebook.news()) {
    CHECK(each.sequence > last);
    last = each.sequence;
  }
  CHECK(notebook.gaps() == 0);
}

TEST_CASE("another process's changes are told") {
  Rig rig;
  Notebook notebook;
  const model::Integration integration = rig.integrate("formatted_webhook");
  const model::AlertGroupId id = rig.deliver(integration, R"({"alert_uid":"disk"})")->groups.at(0);
  join(rig, notebook);
  const std::unique_ptr<store::Ledger> beside = rig.beside();
  REQUIRE(Actions(*beside, rig.clock()).perform(id, group::Resolve{}, person).ok());
  REQUIRE(eventually([&] { return notebook.has(id, "resolved"); }));
  CHECK(notebook.accounts() >= 1);
}

TEST_CASE("who comes back gets what was missed, or is told that it is not known") {
  Rig rig;
  Notebook steady, first, second, stranger;
  const model::Integration integration = rig.integrate("formatted_webhook");
  join(rig, steady);
  const model::AlertGroupId a = rig.deliver(integration, R"({"alert_uid":"a"})")->groups.at(0);
  REQUIRE(eventually([&] { return steady.news().size() == 1; }));
  const std::uint64_t seen = steady.news().back().sequence;
  const model::AlertGroupId b = rig.deliver(integration, R"({"alert_uid":"b"})")->groups.at(0);
  REQUIRE(eventually([&] { return steady.news().size() == 2; }));

  join(rig, first, seen);
  CHECK(first.news().size() == 1);
  CHECK(first.has(b, steady.news().back().what));
  CHECK_FALSE(first.has(a, steady.news().front().what));
  join(rig, second, steady.news().back().sequence);
  CHECK(second.news().empty());
  join(rig, stranger, steady.news().back().sequence + 1);
  CHECK(stranger.gaps() == 1);
  CHECK(first.gaps() + second.gaps() == 0);
}

TEST_CASE("one who fails costs the others nothing but a reading anew") {
  Rig rig;
  Notebook early, late;
  join(rig, early);
  // Both come while the thread gathers, so that it takes them on together.
  REQUIRE(rig.engine().feed().watch(std::nullopt, [](const Bulletin&) -> bool { throw std::runtime_error("broken"); }));
  REQUIRE(rig.engine().feed().watch(std::nullopt, late.watcher()));
  REQUIRE(eventually([&] { return late.told() > 0; }));
  REQUIRE(eventually([&] { return early.gaps() == 1; }));
  CHECK(rig.engine().feed().watchers() == 2);
}

TEST_CASE("what happens while nobody watches is a gap") {
  Rig rig;
  Notebook early, late;
  const model::Integration integration = rig.integrate("formatted_webhook");
  join(rig, early);
  REQUIRE(rig.deliver(integration, R"({"alert_uid":"a"})").ok());
  REQUIRE(eventually([&] { return early.news().size() == 1; }));
  const std::uint64_t seen = early.news().back().sequence;
  early.leave();
  REQUIRE(rig.deliver(integration, R"({"alert_uid":"b"})").ok());
  REQUIRE(eventually([&] { return rig.engine().feed().watchers() == 0; }));
  REQUIRE(rig.deliver(integration, R"({"alert_uid":"c"})").ok());
  join(rig, late, seen);
  CHECK(late.gaps() == 1);
}

TEST_CASE("more than can be told at a time is a gap, and a closed feed takes nobody") {
  Rig rig;
  Notebook notebook;
  const model::Integration integration = rig.integrate("formatted_webhook");
  join(rig, notebook);
  std::vector<model::AlertGroup> groups;
  model::Unit unit;
  for (std::size_t i = 0; i <= Feed::most_at_a_time + 1; ++i) {
    model::AlertGroup group;
    group.id = model::AlertGroupId("I" + std::to_string(i));
    group.organization = integration.organization;
    group.integration = integration.id;
    group.distinction = std::to_string(i);
    unit.groups.push_back(group);
  }
  REQUIRE(rig.ledger().commit([&](const store::Reader&) -> base::Result<model::Unit> { return unit; }).ok());
  REQUIRE(eventually([&] { return notebook.gaps() == 1; }));
  CHECK(notebook.news().empty());
  rig.engine().feed().close();
  CHECK_FALSE(rig.engine().feed().watch(std::nullopt, notebook.watcher()));
}
