// Who may ask what, how often, and in which form (spec: api.md 5.1; 1.1 to 1.4).
#include "api/testbed.hpp"

#include <doctest/doctest.h>

#include "api/endpoint.hpp"
#include "base/text.hpp"

using namespace tocsin;
using namespace tocsin::api::testbed;

namespace {

constexpr const char* no_permission = R"({"detail":"You do not have permission to perform this action."})";

Answer with_authorization(Bed& bed, const std::string& value) {
  return bed.ask_with("GET", "alert_groups", "", {{"authorization", value}});
}

/// The weakest role by the table of the spec (api.md 1.3); nothing for what is not in it.
std::optional<model::Role> role_of(const api::Endpoint& endpoint) {
  const std::string_view resource = endpoint.pattern.substr(0, endpoint.pattern.find('/'));
  const bool reads = endpoint.method == "GET";
  if (resource == "alert_groups" || resource == "alerts" || resource == "resolution_notes") {
    return reads ? model::Role::viewer : model::Role::editor;
  }
  const bool standard = endpoint.origin == api::Endpoint::Origin::oncall;
  if (standard && (resource == "integrations" || resource == "routes")) {
    return reads ? model::Role::viewer : model::Role::admin;
  }
  if (standard && (resource == "users" || resource == "teams" || resource == "organizations")) {
    return model::Role::viewer;
  }
  return std::nullopt;
}

std::string target_of(const api::Endpoint& endpoint) {
  std::string target(endpoint.pattern);
  if (const std::size_t at = target.find("{id}"); at != std::string::npos) target.replace(at, 4, "ABCDEFG");
  return target;
}

api::ApiOptions limited_to(double requests) {
  api::ApiOptions options = Bed::default_options();
  options.api_rate = {requests / 60, requests};
  return options;
}

}  // namespace

TEST_CASE("A1, A2, A3: without a token, with an unknown or malformed one") {
  Bed bed;
  const Answer none = bed.ask("POST", "resolution_notes", R"({"text":"x"})", As::nobody);
  CHECK(none.status() == 403);
  CHECK(none.body() == R"({"detail":"Invalid token."})");
  CHECK(none.header("WWW-Authenticate").empty());
  const std::string good = Bed::token_of(As::admin);
  for (const std::string& bad :
       {std::string(""), std::string("abc123"), "Bearer " + good, "Token " + good, good + "0", good.substr(0, 63),
        std::string(63, 'a') + "f", std::string(64, 'b'), std::string(64, 'x'), std::string("glsa_123"),
        "Basic " + base::to_base64("admin:" + good)}) {
    CAPTURE(bad);
    const Answer answer = with_authorization(bed, bad);
    CHECK(answer.status() == 403);
    CHECK(answer.body() == R"({"detail":"Invalid token."})");
  }
  CHECK(with_authorization(bed, good).status() == 200);
}

TEST_CASE("A4: the owner is no longer active") {
  Bed bed;
  const Answer answer = bed.ask("GET", "alert_groups", "", As::inactive);
  CHECK(answer.status() == 403);
  CHECK(answer.body() == R"({"detail":"Only active users are allowed to perform this action."})");
}

TEST_CASE("a revoked and an expired token are invalid") {
  Bed bed;
  model::ApiToken token = *store::read(
      bed.engine().ledger(), [](const store::Reader& r) { return r.token(model::ApiTokenId("KAAAAAAAAAAA3")); });
  const auto put = [&](const model::ApiToken& changed) {
    model::Unit unit;
    unit.records.emplace_back(changed);
    bed.commit(std::move(unit));
  };
  token.expires_at = bed.clock().now() + std::chrono::seconds(10);
  put(token);
  CHECK(bed.ask("GET", "alert_groups", "", As::viewer).status() == 200);
  bed.clock().advance(std::chrono::seconds(10));
  CHECK(bed.ask("GET", "alert_groups", "", As::viewer).body() == R"({"detail":"Invalid token."})");
  token.expires_at.reset();
  token.revoked_at = bed.clock().now();
  put(token);
  CHECK(bed.ask("GET", "alert_groups", "", As::viewer).body() == R"({"detail":"Invalid token."})");
}

TEST_CASE("A8: every endpoint asks for the role of the spec's table") {
  Bed bed;
  int checked = 0;
  for (const api::Endpoint& endpoint : api::all_endpoints()) {
    const std::optional<model::Role> weakest = role_of(endpoint);
    if (!weakest) continue;
    ++checked;
    for (const As as : {As::none, As::viewer, As::editor, As::admin}) {
      const bool may = static_cast<int>(as) <= static_cast<int>(*weakest);
      const Answer answer = bed.ask(endpoint.method, target_of(endpoint), "", as);
      CAPTURE(endpoint.method);
      CAPTURE(endpoint.pattern);
      CAPTURE(static_cast<int>(as));
      CHECK((answer.status() == 403) == !may);
      if (!may) CHECK(answer.body() == no_permission);
      CHECK(answer.status() < 500);
    }
  }
  CHECK(checked > 40);
}

TEST_CASE("permission is asked before the group is looked up") {
  Bed bed;
  CHECK(bed.ask("POST", "alert_groups/ABCDEFG/acknowledge", "", As::viewer).status() == 403);
  CHECK(bed.ask("POST", "alert_groups/ABCDEFG/acknowledge", "", As::editor).status() == 404);
}

TEST_CASE("A11: past the rate there is a 429 that says when to come again") {
  Bed bed(limited_to(2));
  CHECK(bed.ask("GET", "alert_groups").status() == 200);
  bed.clock().advance(std::chrono::seconds(20));
  const Answer last = bed.ask("GET", "alerts");
  CHECK(last.status() == 200);
  CHECK(last.header("RateLimit-Reset").empty());
  const Answer over = bed.ask("GET", "alert_groups");
  CHECK(over.status() == 429);
  CHECK(over.header("Retry-After") == "40");
  CHECK(over.header("RateLimit-Reset") == "40");
  CHECK(over.body() == R"({"detail":"Request was throttled. Expected available in 40 seconds."})");
  CHECK(bed.ask("GET", "alert_groups", "", As::viewer).status() == 200);
  bed.clock().advance(std::chrono::seconds(39));
  CHECK(bed.ask("GET", "alert_groups").body() ==
        R"({"detail":"Request was throttled. Expected available in 1 second."})");
  bed.clock().advance(std::chrono::seconds(1));
  CHECK(bed.ask("GET", "alert_groups").status() == 200);
}

TEST_CASE("A14: with and without the slash at the end, for each path and method") {
  Bed bed;
  for (const api::Endpoint& endpoint : api::all_endpoints()) {
    const std::string target = target_of(endpoint);
    const Answer bare = bed.ask(endpoint.method, target);
    const Answer slashed = bed.ask(endpoint.method, target + "/");
    CAPTURE(endpoint.method);
    CAPTURE(endpoint.pattern);
    CHECK(bare.status() == slashed.status());
    CHECK((bare.status() < 300 || bare.status() >= 400));
  }
}

TEST_CASE("an unknown path is a 404, a wrong method a 405 that names the right ones") {
  Bed bed;
  for (const char* path :
       {"", "alert_group", "alert_groups/x/y", "alert_groups//", "alert_groups/a.json", "alerts/x/y"}) {
    CAPTURE(path);
    CHECK(bed.ask("GET", path).status() == 404);
  }
  const Answer list = bed.ask("POST", "alert_groups/");
  CHECK(list.status() == 405);
  CHECK(list.body() == R"({"detail":"Method \"POST\" not allowed."})");
  CHECK(list.header("Allow").find("GET") != std::string::npos);
  const Answer put = bed.ask("PUT", "alert_groups/ABCDEFG");
  CHECK(put.status() == 405);
  CHECK(put.header("Allow").find("DELETE") != std::string::npos);
  CHECK(bed.ask("BREW", "alerts").status() == 405);
  CHECK(bed.ask("HEAD", "alert_groups").status() == 200);
  CHECK(bed.ask("HEAD", "alert_groups/ABCDEFG").status() == 404);
  CHECK(bed.ask("OPTIONS", "alert_groups").status() == 200);
}

TEST_CASE("negotiation: what can't be answered or read is said so") {
  Bed bed;
  const std::string token = Bed::token_of(As::admin);
  for (const char* fine : {"*/*", "application/json", "text/html,application/xhtml+xml;q=0.9", ""}) {
    CAPTURE(fine);
    CHECK(bed.ask_with("GET", "alerts?format=json", "", {{"authorization", token}, {"accept", fine}}).status() == 200);
  }
  const Answer xml = bed.ask_with("GET", "alerts", "", {{"authorization", token}, {"accept", "text/csv"}});
  CHECK(xml.status() == 406);
  CHECK(xml.body() == R"({"detail":"Could not satisfy the request Accept header."})");

  const Answer plain =
      bed.ask_with("POST", "resolution_notes", "text", {{"authorization", token}, {"content-type", "text/plain"}});
  CHECK(plain.status() == 415);
  CHECK(plain.body() == R"({"detail":"Unsupported media type \"text/plain\" in request."})");
  const Answer broken = bed.ask("POST", "resolution_notes", R"({"text":)");
  CHECK(broken.status() == 400);
  CHECK(broken.at("detail").starts_with("JSON parse error - "));
  const Answer list = bed.ask("POST", "resolution_notes", "[1]");
  CHECK(list.body() == R"({"non_field_errors":["Invalid data. Expected a dictionary, but got list."]})");
}

TEST_CASE("a token's use is noted, at most once a minute") {
  Bed bed;
  const auto last_used = [&] {
    // The note is a commit of its own that nobody waits for; one more commit is behind it in the queue.
    bed.commit({});
    return store::read(bed.engine().ledger(),
                       [](const store::Reader& r) { return r.token(model::ApiTokenId("KAAAAAAAAAAA1")); })
        ->last_used_at;
  };
  CHECK_FALSE(last_used().has_value());
  const clock::Instant first = bed.clock().now();
  bed.ask("GET", "alerts");
  CHECK(last_used() == first);
  bed.clock().advance(std::chrono::seconds(59));
  bed.ask("GET", "alerts");
  CHECK(last_used() == first);
  bed.clock().advance(std::chrono::seconds(1));
  bed.ask("GET", "alerts");
  CHECK(last_used() == first + std::chrono::seconds(60));
}
