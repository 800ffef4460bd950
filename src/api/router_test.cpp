#include "api/router.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace tocsin;
using api::Endpoint;
using api::Router;

namespace {

wire::Response nothing(api::Call&) {
  return {};
}

Endpoint endpoint(std::string_view method, std::string_view pattern) {
  return {.method = method,
          .pattern = pattern,
          .permission = access::Permission::none,
          .handle = nothing,
          .summary = pattern};
}

Router router() {
  return Router({endpoint("GET", "users"), endpoint("GET", "users/{id}"), endpoint("DELETE", "users/{id}"),
                 endpoint("GET", "users/current"), endpoint("POST", "groups/{id}/silence"),
                 endpoint("GET", "openapi.json")});
}

std::string found(std::string_view method, std::string_view path) {
  static const Router table = router();
  const api::Match match = table.find(method, path);
  return match.endpoint == nullptr ? "" : std::string(match.endpoint->pattern) + " " + match.id;
}

}  // namespace

TEST_CASE("a path finds its endpoint and its id") {
  CHECK(found("GET", "users") == "users ");
  CHECK(found("GET", "users/U123") == "users/{id} U123");
  CHECK(found("POST", "groups/I1/silence") == "groups/{id}/silence I1");
  CHECK(found("GET", "openapi.json") == "openapi.json ");
}

TEST_CASE("a literal segment wins over an id, whatever the method") {
  CHECK(found("GET", "users/current") == "users/current ");
  const api::Match match = router().find("DELETE", "users/current");
  CHECK(match.endpoint == nullptr);
  CHECK(match.allowed == "GET, HEAD, OPTIONS");
}

TEST_CASE("HEAD goes where GET goes") {
  CHECK(found("HEAD", "users/U1") == "users/{id} U1");
  CHECK(found("HEAD", "groups/I1/silence").empty());
}

TEST_CASE("a known path tells its methods, an unknown one none") {
  CHECK(router().find("PUT", "users/U1").allowed == "GET, HEAD, DELETE, OPTIONS");
  for (const char* path : {"", "user", "users/", "users//", "users/a/b", "users/a.json", "groups", "groups/I1",
                           "groups//silence", "groups/I1/silence/now", "openapi"}) {
    CAPTURE(path);
    CHECK(router().find("GET", path).allowed.empty());
  }
}

TEST_CASE("the table names each method of a path once") {
  std::set<std::pair<std::string_view, std::string_view>> seen;
  for (const Endpoint& each : api::all_endpoints()) {
    CAPTURE(each.pattern);
    CHECK(seen.insert({each.method, each.pattern}).second);
    CHECK_FALSE(each.summary.empty());
    const bool has_handler = each.handle != nullptr;
    CHECK(has_handler);
  }
}
