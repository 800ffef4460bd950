#include "store/ledger.hpp"

#include <doctest/doctest.h>
#include <sqlite3.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <random>

using namespace tocsin;
using clock::Instant;

namespace {

class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "tocsin-store-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

std::unique_ptr<store::Ledger> open(const Folder& folder,
                                    store::LedgerOptions::Role role = store::LedgerOptions::Role::server) {
  store::LedgerOptions options;
  options.directory = folder.path();
  options.role = role;
  auto ledger = store::Ledger::open(options);
  REQUIRE_MESSAGE(ledger.ok(), (ledger ? "" : ledger.error().message));
  return std::move(*ledger);
}

const model::OrganizationId organization("OAAAAAAAAAAAA");
const model::IntegrationId integration("CAAAAAAAAAAAA");

model::AlertGroup group_of(const std::string& id, const std::string& key) {
  model::AlertGroup group;
  group.id = model::AlertGroupId(id);
  group.organization = organization;
  group.integration = integration;
  group.title = "Disk full on " + key;
  group.grouping_key = key;
  group.distinction = key;
  group.labels = {{"severity", "critical"}, {"zone", key}};
  group.started_at = Instant::from_seconds(1000);
  group.last_alert_at = group.started_at;
  group.alerts_count = 1;
  return group;
}

model::Alert alert_of(const std::string& id, const std::string& group) {
  model::Alert alert;
  alert.id = model::AlertId(id);
  alert.organization = organization;
  alert.group = model::AlertGroupId(group);
  alert.payload = R"({"title":"Disk Full"})";
  alert.trace = R"({"steps":[]})";
  alert.received_at = Instant::from_seconds(1000);
  return alert;
}

store::Committed commit(store::Ledger& ledger, model::Unit unit) {
  auto committed = ledger.commit([&](const store::Reader&) { return unit; });
  REQUIRE(committed.ok());
  return std::move(*committed);
}

model::Job job_of(const std::string& subject, Instant due) {
  model::Job job;
  job.organization = organization;
  job.subject = subject;
  job.due_at = due;
  return job;
}

}  // namespace

TEST_CASE("groups, alerts and timeline come back as they were written, and survive a restart") {
  const Folder folder;
  {
    auto ledger = open(folder);
    model::Unit unit;
    unit.groups = {group_of("I1", "a")};
    unit.alerts = {alert_of("A1", "I1")};
    model::TimelineEntry entry;
    entry.organization = organization;
    entry.group = model::AlertGroupId("I1");
    entry.kind = model::TimelineKind::registered;
    entry.actor = {model::Via::api, model::UserId("U1"), "10.0.0.1"};
    entry.reason = "because";
    entry.at = Instant::from_seconds(1000);
    unit.timeline = {entry};
    const store::Committed committed = commit(*ledger, unit);
    CHECK(committed.sequence == 1);
    CHECK(committed.unit.groups[0].number == 1);
    CHECK(committed.unit.groups[0].row > 0);
  }
  auto ledger = open(folder);
  const auto group = read(*ledger, [](const store::Reader& r) { return r.group(model::AlertGroupId("I1")); });
  REQUIRE(group.has_value());
  CHECK(group->title == "Disk full on a");
  CHECK(group->labels.at("zone") == "a");
  CHECK(group->number == 1);
  CHECK(model::state_of(*group) == model::State::firing);
  const auto alert = read(*ledger, [](const store::Reader& r) { return r.alert(model::AlertId("A1")); });
  REQUIRE(alert.has_value());
  CHECK(alert->payload == R"({"title":"Disk Full"})");
  CHECK(alert->group.text() == "I1");
  const auto timeline = read(*ledger, [](const store::Reader& r) { return r.timeline(model::AlertGroupId("I1")); });
  REQUIRE(timeline.size() == 1);
  CHECK(timeline[0].actor.user.text() == "U1");
  CHECK(timeline[0].actor.address == "10.0.0.1");
  CHECK(timeline[0].kind == model::TimelineKind::registered);
}

TEST_CASE("a decision sees what earlier ones of its batch decided, and numbers have no gaps") {
  const Folder folder;
  auto ledger = open(folder);
  std::vector<std::promise<base::Result<store::Committed>>> promises(40);
  for (int i = 0; i < 40; ++i) {
    const bool submitted = ledger->submit(
        [i](const store::Reader& reader) -> base::Result<model::Unit> {
          const std::optional<model::AlertGroup> open = reader.open_group(integration, "same");
          model::Unit unit;
          model::AlertGroup group = open ? *open : group_of("I" + std::to_string(i), "same");
          if (open) ++group.alerts_count;
          unit.alerts = {alert_of("A" + std::to_string(i), group.id.text())};
          unit.groups = {group};
          return unit;
        },
        [&, i](base::Result<store::Committed> committed) { promises[i].set_value(std::move(committed)); });
    REQUIRE(submitted);
  }
  for (auto& promise : promises) CHECK(promise.get_future().get().ok());
  const auto groups = read(*ledger, [](const store::Reader& r) { return r.groups({}, {}); });
  REQUIRE(groups.total == 1);
  CHECK(groups.items[0].alerts_count == 40);
  CHECK(read(*ledger, [](const store::Reader& r) { return r.alerts({}, {}); }).total == 40);
}

TEST_CASE("a refused, a throwing and a rule-breaking decision fail alone") {
  const Folder folder;
  auto ledger = open(folder);
  model::Unit first;
  first.groups = {group_of("I1", "a")};
  commit(*ledger, first);

  std::promise<void> gate;
  std::shared_future<void> opened = gate.get_future().share();
  // Holds the ledger thread, so that the rest becomes one batch.
  REQUIRE(ledger->submit(
      [opened](const store::Reader&) -> base::Result<model::Unit> {
        opened.wait();
        return model::Unit{};
      },
      [](base::Result<store::Committed>) {}));
  std::vector<std::promise<base::Result<store::Committed>>> promises(4);
  const auto submit = [&](int i, store::Decide decide) {
    REQUIRE(ledger->submit(std::move(decide),
                           [&, i](base::Result<store::Committed> c) { promises[i].set_value(std::move(c)); }));
  };
  submit(0, [](const store::Reader&) -> base::Result<model::Unit> {
    return base::Error{base::ErrorKind::conflict, "no"};
  });
  submit(1, [](const store::Reader&) -> base::Result<model::Unit> { throw std::runtime_error("bad"); });
  submit(2, [](const store::Reader&) -> base::Result<model::Unit> {
    model::Unit unit;
    unit.groups = {group_of("I1", "b")};  // the id is taken
    return unit;
  });
  submit(3, [](const store::Reader&) -> base::Result<model::Unit> {
    model::Unit unit;
    unit.groups = {group_of("I4", "c")};
    return unit;
  });
  gate.set_value();
  CHECK(promises[0].get_future().get().error().kind == base::ErrorKind::conflict);
  CHECK(promises[1].get_future().get().error().kind == base::ErrorKind::internal);
  CHECK(promises[2].get_future().get().error().kind == base::ErrorKind::internal);
  const auto last = promises[3].get_future().get();
  REQUIRE(last.ok());
  CHECK(last->unit.groups[0].number == 2);
  CHECK(read(*ledger, [](const store::Reader& r) { return r.groups({}, {}); }).total == 2);
}

TEST_CASE("one open group a key; resolved ones are found newest first; series are counted") {
  const Folder folder;
  auto ledger = open(folder);
  model::Unit unit;
  for (const char* id : {"I1", "I2"}) {
    unit.groups.push_back(group_of(id, "k"));
    unit.groups.back().open_for_grouping = false;
    unit.groups.back().resolved_at = Instant::from_seconds(2000);
  }
  commit(*ledger, unit);
  ledger->read([](const store::Reader& r) {
    CHECK_FALSE(r.open_group(integration, "k").has_value());
    REQUIRE(r.newest_resolved_group(integration, "k").has_value());
    CHECK(r.newest_resolved_group(integration, "k")->id.text() == "I2");
    CHECK_FALSE(r.newest_resolved_group(integration, "other").has_value());
  });

  model::Unit firing;
  firing.groups = {group_of("I3", "k")};
  for (const char* series : {"s1", "s2"}) {
    firing.alerts.push_back(alert_of(std::string("A") + series, "I3"));
    firing.alerts.back().series = series;
  }
  commit(*ledger, firing);
  const auto fires = [&] {
    return read(*ledger, [](const store::Reader& r) { return r.firing_series(r.open_group(integration, "k")->row); });
  };
  CHECK(fires() == std::vector<std::string>{"s1", "s2"});
  model::Unit resolving;
  resolving.alerts = {alert_of("A9", "I3")};
  resolving.alerts[0].series = "s2";
  resolving.alerts[0].resolve_signal = true;
  commit(*ledger, resolving);
  CHECK(fires() == std::vector<std::string>{"s1"});

  model::Unit second;
  second.groups = {group_of("I5", "k")};
  CHECK_FALSE(ledger->commit([&](const store::Reader&) { return second; }).ok());
}

TEST_CASE("filters of the group list") {
  const Folder folder;
  auto ledger = open(folder);
  model::Unit unit;
  unit.groups = {group_of("I1", "a"), group_of("I2", "b"), group_of("I3", "c")};
  unit.groups[1].acknowledged_at = Instant::from_seconds(1100);
  unit.groups[2].started_at = Instant::from_seconds(5000);
  unit.groups[2].title = "100% of_it";
  commit(*ledger, unit);
  const auto ids = [&](const store::AlertGroupFilter& filter) {
    std::string found;
    const auto page = read(*ledger, [&](const store::Reader& r) { return r.groups(filter, {}); });
    CHECK(page.total == static_cast<std::int64_t>(page.items.size()));
    for (const auto& group : page.items) found += group.id.text();
    return found;
  };
  CHECK(ids({}) == "I3I2I1");
  CHECK(ids({.state = model::State::acknowledged}) == "I2");
  CHECK(ids({.state = model::State::firing}) == "I3I1");
  CHECK(ids({.labels = {{"severity", "critical"}, {"zone", "b"}}}) == "I2");
  CHECK(ids({.labels = {{"severity", "critical"}}}) == "I3I2I1");
  CHECK(ids({.state = model::State::firing, .labels = {{"severity", "critical"}}}) == "I3I1");
  CHECK(ids({.labels = {{"zone", "nowhere"}, {"severity", "critical"}}}) == "");
  CHECK(ids({.number = 2}) == "I2");
  CHECK(ids({.started_from = Instant::from_seconds(5000)}) == "I3");
  CHECK(ids({.started_to = Instant::from_seconds(1000)}) == "I2I1");
  CHECK(ids({.search = "disk FULL"}) == "I2I1");
  CHECK(ids({.search = "% of_"}) == "I3");
  CHECK(ids({.search = "%_%"}) == "");
  CHECK(ids({.search = "2"}) == "I2");
  CHECK(ids({.search = "I1"}) == "I1");
  CHECK(ids({.integration = "C"}) == "");
  const auto counts = read(*ledger, [](const store::Reader& r) { return r.count_by_state({}); });
  CHECK(counts.at(model::State::firing) == 2);
  CHECK(counts.at(model::State::acknowledged) == 1);
  const auto page = read(*ledger, [](const store::Reader& r) { return r.groups({}, {.offset = 1, .limit = 1}); });
  CHECK(page.total == 3);
  REQUIRE(page.items.size() == 1);
  CHECK(page.items[0].id.text() == "I2");
}

TEST_CASE("settings: users, tokens, integrations, routes, notes, audit") {
  const Folder folder;
  auto ledger = open(folder);
  model::Unit unit;
  unit.records.push_back(model::Organization{organization, "Main", Instant::from_seconds(1)});
  model::User user;
  user.id = model::UserId("U1");
  user.organization = organization;
  user.username = "admin";
  user.role = model::Role::admin;
  unit.records.push_back(user);
  model::ApiToken token{model::ApiTokenId("K1"), organization, user.id, "ci", "01234567", "digest", {}, {}, {}, {}};
  unit.records.push_back(token);
  model::Integration made;
  made.id = integration;
  made.organization = organization;
  made.type = "webhook";
  made.name = "Hook";
  made.token_digest = "td";
  made.templates = {{"web.title", "{{ payload.x }}\n"}};
  made.rate_per_second = 2.5;
  unit.records.push_back(made);
  for (const auto& [id, position, is_default] : {std::tuple("R1", 0, true), {"R2", 1, false}, {"R3", 0, false}}) {
    model::Route route;
    route.id = model::RouteId(id);
    route.organization = organization;
    route.integration = integration;
    route.is_default = is_default;
    route.position = position;
    if (!is_default) route.expression = "x";
    unit.records.push_back(route);
  }
  unit.groups = {group_of("I1", "a")};
  unit.groups[0].route = model::RouteId("R2");
  model::ResolutionNote note;
  note.id = model::ResolutionNoteId("M1");
  note.organization = organization;
  note.group = model::AlertGroupId("I1");
  note.text = "restarted it";
  unit.records.push_back(note);
  unit.audit = {{organization,
                 0,
                 {model::Via::cli, user.id, ""},
                 Instant::from_seconds(5),
                 "integration.created",
                 "C1",
                 "null",
                 "{}"}};
  commit(*ledger, unit);

  ledger->read([&](const store::Reader& r) {
    CHECK(r.organization()->name == "Main");
    CHECK(r.user_by_name("admin")->role == model::Role::admin);
    REQUIRE(r.tokens_by_lookup("01234567").size() == 1);
    CHECK(r.integration_by_token("td")->templates.at("web.title") == "{{ payload.x }}\n");
    CHECK(r.integration(integration)->rate_per_second == 2.5);
    const auto routes = r.routes_of(integration);
    REQUIRE(routes.size() == 3);
    CHECK(routes[0].id.text() == "R3");
    CHECK(routes[2].is_default);
    CHECK(r.routes({.expression = "x"}, {}).total == 2);
    CHECK(r.integrations({.name = "Hook"}, {}).total == 1);
    CHECK(r.integrations({.name = ""}, {}).total == 0);
    CHECK(r.notes("I1", {}).items.at(0).text == "restarted it");
    CHECK(r.audit({}, {}).items.at(0).action == "integration.created");
  });

  model::Unit change;
  token.revoked_at = Instant::from_seconds(9);
  made.deleted_at = Instant::from_seconds(9);
  note.deleted_at = Instant::from_seconds(9);
  change.records = {token, made, note};
  change.removals = {model::RouteId("R2")};
  commit(*ledger, change);
  ledger->read([&](const store::Reader& r) {
    CHECK(r.tokens_by_lookup("01234567").empty());
    CHECK_FALSE(r.integration(integration).has_value());
    CHECK_FALSE(r.integration_by_token("td").has_value());
    CHECK(r.integration_even_deleted(integration).has_value());
    CHECK(r.notes("I1", {}).total == 0);
    CHECK(r.group(model::AlertGroupId("I1"))->route.empty());
    CHECK(r.routes({}, {}).total == 0);
  });
}

TEST_CASE("jobs: due, leased, given back, moved, cancelled; leases of an earlier boot are void") {
  const Folder folder;
  const Instant now = Instant::from_seconds(100);
  const clock::Duration minute = std::chrono::minutes(1);
  {
    auto ledger = open(folder);
    model::Unit unit;
    unit.jobs = {job_of("I1", now), job_of("I2", now + minute)};
    commit(*ledger, unit);
    auto leased = ledger->lease(now, minute, 10);
    REQUIRE(leased.ok());
    REQUIRE(leased->size() == 1);
    CHECK((*leased)[0].subject == "I1");
    CHECK((*leased)[0].attempts == 1);
    CHECK(ledger->lease(now, minute, 10)->empty());
    CHECK(*read(*ledger, [](const store::Reader& r) { return r.next_due(); }) == now + minute);
  }
  auto ledger = open(folder);
  auto again = ledger->lease(now, minute, 10);
  REQUIRE(again->size() == 1);
  CHECK((*again)[0].attempts == 2);
  CHECK(ledger->retry((*again)[0].row, now + 3 * minute).ok());
  CHECK(ledger->lease(now + minute, minute, 10)->size() == 1);
  CHECK(ledger->lease(now + 2 * minute, minute, 10)->size() == 1);  // I2's lease has run out
  model::Unit move;
  move.jobs = {job_of("I1", now + 10 * minute)};
  move.cancelled = {{model::JobKind::unsilence, "I2"}};
  commit(*ledger, move);
  CHECK(ledger->lease(now + 9 * minute, minute, 10)->empty());
  auto moved = ledger->lease(now + 10 * minute, minute, 10);
  REQUIRE(moved->size() == 1);
  CHECK((*moved)[0].attempts == 1);
  model::Unit finish;
  finish.finished = {(*moved)[0].row};
  commit(*ledger, finish);
  CHECK_FALSE(read(*ledger, [](const store::Reader& r) { return r.next_due(); }).has_value());
}

TEST_CASE("deleting a group takes all of it; a wipe empties its alerts") {
  const Folder folder;
  auto ledger = open(folder);
  model::Unit unit;
  unit.groups = {group_of("I1", "a"), group_of("I2", "b")};
  unit.alerts = {alert_of("A1", "I1"), alert_of("A2", "I2")};
  unit.jobs = {job_of("I1", Instant::from_seconds(1))};
  commit(*ledger, unit);
  model::Unit change;
  change.removals = {model::AlertGroupId("I1")};
  change.scrubbed = {model::AlertGroupId("I2")};
  commit(*ledger, change);
  ledger->read([](const store::Reader& r) {
    CHECK_FALSE(r.group(model::AlertGroupId("I1")).has_value());
    CHECK_FALSE(r.alert(model::AlertId("A1")).has_value());
    CHECK(r.alert(model::AlertId("A2"))->payload == "{}");
    CHECK_FALSE(r.next_due().has_value());
    CHECK(r.groups({.labels = {{"zone", "a"}}}, {}).total == 0);
  });
  sqlite3* database = nullptr;
  REQUIRE(sqlite3_open((folder.path() + "/tocsin.db").c_str(), &database) == SQLITE_OK);
  const auto count = [](void* counted, int, char** columns, char**) {
    *static_cast<std::string*>(counted) = columns[0];
    return 0;
  };
  std::string tallies;
  sqlite3_exec(database, "SELECT count(*) FROM alert_group_tally", count, &tallies, nullptr);
  sqlite3_close(database);
  CHECK(tallies == "1");
}

TEST_CASE("listeners see commits in order; another process's change is noticed") {
  const Folder folder;
  auto ledger = open(folder);
  std::vector<std::uint64_t> seen;
  ledger->listen([&](const store::Committed& committed) { seen.push_back(committed.sequence); });
  std::promise<void> noticed;
  std::atomic<bool> told = false;
  ledger->on_foreign_change([&] {
    if (!told.exchange(true)) noticed.set_value();
  });
  for (const char* id : {"I1", "I2"}) {
    model::Unit unit;
    unit.groups = {group_of(id, id)};
    commit(*ledger, unit);
  }
  CHECK(seen == std::vector<std::uint64_t>{1, 2});
  CHECK_FALSE(told);

  auto beside = open(folder, store::LedgerOptions::Role::beside);
  model::Unit unit;
  unit.groups = {group_of("I3", "c")};
  commit(*beside, unit);
  CHECK(noticed.get_future().wait_for(std::chrono::seconds(10)) == std::future_status::ready);
  CHECK(read(*ledger, [](const store::Reader& r) { return r.groups({}, {}); }).total == 3);
}

TEST_CASE("what can't be opened is refused in plain words") {
  const Folder folder;
  store::LedgerOptions options;
  options.directory = folder.path();
  {
    auto server = open(folder);
    const auto second = store::Ledger::open(options);
    CHECK(second.error().message.find("another tocsin server") != std::string::npos);
  }
  {
    sqlite3* database = nullptr;
    REQUIRE(sqlite3_open((folder.path() + "/tocsin.db").c_str(), &database) == SQLITE_OK);
    sqlite3_exec(database, "INSERT INTO schema_migration VALUES (999, 'x', 'y', 0)", nullptr, nullptr, nullptr);
    sqlite3_close(database);
    const auto newer = store::Ledger::open(options);
    CHECK(newer.error().kind == base::ErrorKind::invalid);
    CHECK(newer.error().message.find("newer tocsin") != std::string::npos);
  }
  std::filesystem::remove(folder.path() + "/tocsin.db");
  std::ofstream(folder.path() + "/tocsin.db") << std::string(4096, 'x');
  CHECK(store::Ledger::open(options).error().kind == base::ErrorKind::invalid);
  options.directory = folder.path() + "/absent";
  options.open = store::LedgerOptions::Open::existing_only;
  CHECK(store::Ledger::open(options).error().kind == base::ErrorKind::not_found);
}
