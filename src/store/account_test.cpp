// What the ledger keeps of people's accounts.
#include "store/ledger.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>

using namespace tocsin;
using clock::Instant;

namespace {

const model::OrganizationId organization("O1");
const model::UserId ann("U1"), bob("U2");

/// A ledger in a folder of its own.
class Shelf {
 public:
  Shelf() {
    std::string pattern = (std::filesystem::temp_directory_path() / "tocsin-store-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    auto opened = store::Ledger::open({.directory = folder_});
    REQUIRE(opened.ok());
    ledger_ = std::move(*opened);
  }
  ~Shelf() {
    ledger_.reset();
    std::filesystem::remove_all(folder_);
  }
  void commit(const model::Unit& unit) {
    REQUIRE(ledger_->commit([&](const store::Reader&) -> base::Result<model::Unit> { return unit; }).ok());
  }
  void keep(std::vector<model::Record> records) {
    model::Unit unit;
    unit.records = std::move(records);
    commit(unit);
  }
  void remove(model::Removal removal) {
    model::Unit unit;
    unit.removals.push_back(std::move(removal));
    commit(unit);
  }
  template <class Query>
  auto read(Query query) {
    return store::read(*ledger_, query);
  }

 private:
  std::string folder_;
  std::unique_ptr<store::Ledger> ledger_;
};

model::User user(const model::UserId& id, const char* name, model::Role role) {
  model::User made;
  made.id = id;
  made.organization = organization;
  made.username = name;
  made.role = role;
  return made;
}

model::Session session(const char* id, const model::UserId& of, std::int64_t expires) {
  return {model::SessionId(id),
          organization,
          of,
          std::string("digest of ") + id,
          Instant::from_seconds(1),
          Instant::from_seconds(expires),
          Instant::from_seconds(1),
          "192.0.2.1",
          "Browser"};
}

}  // namespace

TEST_CASE("a user keeps zone and phone; a password makes an admin one who can sign in") {
  Shelf shelf;
  model::User made = user(ann, "ann", model::Role::admin);
  made.time_zone = "Europe/Vienna";
  made.phone = "+43123456";
  shelf.keep({made, user(bob, "bob", model::Role::editor)});
  const auto kept = shelf.read([](const store::Reader& r) { return r.user(ann); });
  CHECK(kept->phone == "+43123456");
  CHECK(kept->time_zone == "Europe/Vienna");
  const auto stands = [&] { return shelf.read([](const store::Reader& r) { return r.an_admin_has_a_password(); }); };
  shelf.keep({model::Password{bob, organization, "hash", Instant::from_seconds(1)}});
  CHECK_FALSE(stands());
  shelf.keep({model::Password{ann, organization, "hash", Instant::from_seconds(1)}});
  CHECK(stands());
  shelf.keep({model::Password{ann, organization, "another", Instant::from_seconds(2)}});
  CHECK(shelf.read([](const store::Reader& r) { return r.password(ann); })->hash == "another");
  made.active = false;
  shelf.keep({made});
  CHECK_FALSE(stands());
}

TEST_CASE("a user has one link at most") {
  Shelf shelf;
  const auto link = [](const char* digest) {
    return model::SignInLink{
        ann, organization, digest, model::LinkPurpose::reset, Instant::from_seconds(1), Instant::from_seconds(9)};
  };
  const auto knows = [&](const char* digest) {
    return shelf.read([&](const store::Reader& r) { return r.link_by_digest(digest).has_value(); });
  };
  shelf.keep({link("a")});
  shelf.keep({link("b")});
  CHECK_FALSE(knows("a"));
  CHECK(knows("b"));
  CHECK(shelf.read([](const store::Reader& r) { return r.link_of(ann); })->purpose == model::LinkPurpose::reset);
  shelf.remove(model::SignInLinkOf{ann});
  CHECK_FALSE(knows("b"));
}

TEST_CASE("sessions are found by digest and by user, newest first, and go") {
  Shelf shelf;
  shelf.keep({session("Y1", ann, 100), session("Y2", ann, 200), session("Y3", bob, 200)});
  const auto page = shelf.read([](const store::Reader& r) { return r.sessions(ann, {}); });
  REQUIRE(page.items.size() == 2);
  CHECK(page.items[0].id.text() == "Y2");
  CHECK(shelf.read([](const store::Reader& r) { return r.live_sessions(ann, Instant::from_seconds(100), {}); }).total ==
        1);
  model::Session seen = session("Y1", ann, 900);
  seen.last_seen_at = Instant::from_seconds(50);
  shelf.keep({seen});
  const auto kept = shelf.read([](const store::Reader& r) { return r.session_by_digest("digest of Y1"); });
  CHECK(kept->last_seen_at == Instant::from_seconds(50));
  CHECK(kept->expires_at == Instant::from_seconds(100));  // whatever is written later
  shelf.remove(model::SessionId("Y1"));
  CHECK_FALSE(shelf.read([](const store::Reader& r) { return r.session_by_digest("digest of Y1"); }).has_value());
}

TEST_CASE("a team keeps its members in order; what belonged to it belongs to none when it goes") {
  Shelf shelf;
  model::Team team{model::TeamId("T1"), organization, "Ops", "ops@example.org", {bob, ann}, Instant::from_seconds(1)};
  model::Integration integration;
  integration.id = model::IntegrationId("C1");
  integration.team = team.id;
  model::AlertGroup group;
  group.id = model::AlertGroupId("I1");
  group.team = team.id;
  model::Unit unit;
  unit.records = {user(ann, "ann", model::Role::admin), user(bob, "bob", model::Role::editor), team, integration};
  unit.groups = {group};
  shelf.commit(unit);
  CHECK(shelf.read([](const store::Reader& r) { return r.team(model::TeamId("T1")); })->members ==
        std::vector<model::UserId>{bob, ann});
  CHECK(shelf.read([](const store::Reader& r) { return r.teams("Ops", {}); }).items.at(0).email == "ops@example.org");
  CHECK(shelf.read([](const store::Reader& r) { return r.teams("ops", {}); }).total == 0);
  team.members = {ann};
  shelf.keep({team});
  CHECK(shelf.read([](const store::Reader& r) { return r.teams_of(bob); }).empty());
  CHECK(shelf.read([](const store::Reader& r) { return r.teams_of(ann); }).size() == 1);
  shelf.remove(team.id);
  CHECK_FALSE(shelf.read([](const store::Reader& r) { return r.team(model::TeamId("T1")); }).has_value());
  CHECK(shelf.read([](const store::Reader& r) { return r.teams_of(ann); }).empty());
  CHECK(shelf.read([](const store::Reader& r) { return r.integration(model::IntegrationId("C1")); })->team.empty());
  CHECK(shelf.read([](const store::Reader& r) { return r.group(model::AlertGroupId("I1")); })->team.empty());
}

TEST_CASE("the audit trail is searched by person, action, subject and text") {
  Shelf shelf;
  model::Unit unit;
  const auto add = [&](const model::UserId& who, const char* action, const char* subject, const char* after) {
    unit.audit.push_back({organization, 0, {model::Via::web, who, ""}, {}, action, subject, "null", after});
  };
  add(ann, "integration.created", "C1", R"({"name":"Pay_ments"})");
  add(bob, "integration.changed", "C1", R"({"name":"Payroll"})");
  add(bob, "user.created", "U3", R"({"username":"eve"})");
  shelf.commit(unit);
  const auto count = [&](const store::AuditFilter& filter) {
    return shelf.read([&](const store::Reader& r) { return r.audit(filter, {}).total; });
  };
  CHECK(count({}) == 3);
  CHECK(count({.user = bob.text()}) == 2);
  CHECK(count({.action = "integration.changed"}) == 1);
  CHECK(count({.action = "integration."}) == 2);
  CHECK(count({.subject = "C1"}) == 2);
  CHECK(count({.search = "PAY"}) == 2);
  CHECK(count({.search = "y_m"}) == 1);
  CHECK(count({.user = bob.text(), .search = "pay"}) == 1);
  const auto newest = shelf.read([](const store::Reader& r) { return r.audit({}, {0, 1}); });
  CHECK(newest.items.at(0).action == "user.created");
  CHECK(newest.items.at(0).row == 3);
}
