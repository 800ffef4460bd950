// Signing in and out over the API: links, passwords, cookies, CSRF, throttling, what ends a session.
#include "api/sign_in_gate.hpp"
#include "api/testbed.hpp"

#include <doctest/doctest.h>

using namespace tocsin;
using api::testbed::Answer;
using api::testbed::As;
using api::testbed::Bed;
using api::testbed::Headers;

namespace {

const Headers json{{"content-type", "application/json"}};

std::string link_of(Bed& bed, As as) {
  const auto secret = bed.engine().accounts().make_link(Bed::user_of(as), model::Actor{});
  REQUIRE(secret.ok());
  return "signin_links/" + *secret;
}

/// The headers that a page sends after this answer.
Headers page_of(const Answer& answer) {
  const std::string cookie = answer.header("Set-Cookie");
  return {{"cookie", cookie.substr(0, cookie.find(';'))}, {"x-csrf-token", answer.at("csrf_token")}};
}

Answer sign_in(Bed& bed, const std::string& name, const std::string& password) {
  return bed.ask_with("POST", "session", R"({"username":")" + name + R"(","password":")" + password + R"("})", json);
}

std::size_t audited(Bed& bed, const std::string& action) {
  return store::read(bed.engine().ledger(), [&](const store::Reader& reader) {
    store::AuditFilter filter;
    filter.action = action;
    return static_cast<std::size_t>(reader.audit(filter, {}).total);
  });
}

}  // namespace

TEST_CASE("a link sets name and password once and signs in") {
  Bed bed;
  const std::string link = link_of(bed, As::editor);
  const Answer facts = bed.ask_with("GET", link, "", {});
  CHECK(facts.json() == R"({"email":"editor@example.org","name":"","purpose":"invite","username":"editor"})");

  const Answer made = bed.ask_with("POST", link, R"({"username":"ann","name":"Ann","password":" blanks stay "})", json);
  REQUIRE_MESSAGE(made.status() == 200, made.body());
  CHECK(made.at("user.username") == "ann");
  CHECK(made.at("user.role") == "editor");
  CHECK(made.at("expires_at") == "2026-02-01T03:04:05Z");
  const std::string cookie = made.header("Set-Cookie");
  CHECK(cookie.find("; Path=/oncall; HttpOnly; SameSite=Lax; Secure") != std::string::npos);
  CHECK(cookie.find("Max-Age=2592000") != std::string::npos);
  CHECK(bed.ask_with("GET", "session", "", page_of(made)).at("user.username") == "ann");

  CHECK(bed.ask_with("GET", link, "", {}).status() == 404);
  CHECK(bed.ask_with("POST", link, R"({"password":"another password"})", json).status() == 404);
  CHECK(sign_in(bed, "ann", "blanks stay").status() == 403);
  CHECK(sign_in(bed, "ann", " blanks stay ").status() == 200);
}

TEST_CASE("a link says what is wrong with its form, and ends after a day") {
  Bed bed;
  const std::string link = link_of(bed, As::editor);
  CHECK(bed.ask_with("POST", link, R"({"password":"short"})", json).json() ==
        R"({"password":["Ensure this field has at least 10 characters."]})");
  CHECK(bed.ask_with("POST", link, R"({})", json).json() == R"({"password":["This field is required."]})");
  CHECK(bed.ask_with("POST", link, R"({"username":"admin","password":"long enough"})", json).json() ==
        R"({"username":["A user with this name already exists."]})");
  CHECK(bed.ask_with("POST", link, R"({"username":"long enough","password":"Long Enough"})", json).status() == 400);
  CHECK(bed.ask_with("POST", link, R"({"role":"admin","password":"long enough"})", json).at("user.role") == "editor");

  const std::string late = link_of(bed, As::editor);
  CHECK(bed.ask_with("GET", late, "", {}).at("purpose") == "reset");
  bed.clock().advance(std::chrono::hours(24));
  CHECK(bed.ask_with("GET", late, "", {}).status() == 404);
}

TEST_CASE("a new link replaces the old one; a password that was set again ends the sessions") {
  Bed bed;
  const Headers before = bed.session_of(As::viewer);
  const std::string first = link_of(bed, As::viewer), second = link_of(bed, As::viewer);
  CHECK(bed.ask_with("GET", first, "", {}).status() == 404);
  CHECK(bed.ask_in(before, "GET", "session").status() == 200);
  CHECK(bed.ask_with("POST", second, R"({"password":"a new password"})", json).status() == 200);
  CHECK(bed.ask_in(before, "GET", "session").status() == 403);
}

TEST_CASE("a wrong name, a wrong password and a deactivated user are refused alike") {
  Bed bed;
  bed.session_of(As::editor);
  const std::string refused = R"({"detail":"The name or password is wrong."})";
  CHECK(sign_in(bed, "editor", "a wrong password").json() == refused);
  CHECK(sign_in(bed, "nobody", "a good password").json() == refused);
  CHECK(sign_in(bed, "viewer", "a good password").json() == refused);
  CHECK(sign_in(bed, "editor", "a good password").status() == 200);
  CHECK(bed.ask("PATCH", "users/" + Bed::user_of(As::editor).text(), R"({"active":false})").status() == 200);
  CHECK(sign_in(bed, "editor", "a good password").json() == refused);
  CHECK(sign_in(bed, "editor", std::string(100'000, 'x')).status() == 403);
}

TEST_CASE("a form of another site signs nobody in") {
  Bed bed;
  bed.session_of(As::editor);
  const Headers form{{"content-type", "application/x-www-form-urlencoded"}};
  CHECK(bed.ask_with("POST", "session", "username=editor&password=a+good+password", form).status() == 415);
  CHECK(bed.ask_with("POST", link_of(bed, As::editor), "password=a+good+password", form).status() == 415);
}

TEST_CASE("sign-ins are throttled by account and by address, and by the clock") {
  Bed bed;
  bed.session_of(As::editor);
  const auto from = [&](const std::string& name) { return sign_in(bed, name, "a wrong password").status(); };
  for (std::size_t i = 0; i < api::SignInGate::account_window.most; ++i)
    CHECK(from(i % 2 == 0 ? "editor" : "EDITOR") == 403);
  const Answer refused = sign_in(bed, "editor", "a good password");
  CHECK(refused.status() == 429);
  CHECK(refused.header("Retry-After") == "300");
  for (std::size_t i = 11; i < api::SignInGate::address_window.most; ++i) CHECK(from("n" + std::to_string(i)) == 403);
  CHECK(from("another") == 429);
  bed.clock().advance(std::chrono::minutes(5));
  CHECK(sign_in(bed, "editor", "a good password").status() == 200);
}

TEST_CASE("a session changes nothing without its CSRF token") {
  Bed bed;
  const Headers page = bed.session_of(As::admin), other = bed.session_of(As::editor);
  const std::string body = R"({"type":"webhook"})";
  CHECK(bed.ask_in(page, "POST", "integrations", body).status() == 201);
  const std::string refused = R"({"detail":"CSRF token is missing or wrong."})";
  CHECK(bed.ask_in({page[0]}, "GET", "integrations").status() == 200);
  CHECK(bed.ask_in({page[0]}, "POST", "integrations", body).json() == refused);
  CHECK(bed.ask_in({page[0], other[1]}, "POST", "integrations", body).json() == refused);
  CHECK(bed.ask_in({page[0], {"x-csrf-token", ""}}, "DELETE", "session").json() == refused);
  // A token in the header goes before the cookie, and needs no more.
  CHECK(bed.ask_in({page[0], {"authorization", Bed::token_of(As::admin)}}, "POST", "integrations", body).status() ==
        201);
}

TEST_CASE("who acts in a session is told as one who came by the pages") {
  Bed bed;
  bed.put(api::testbed::firing("I1"));
  CHECK(bed.ask_in(bed.session_of(As::editor), "POST", "alert_groups/I1/acknowledge").status() == 200);
  CHECK(bed.timeline("I1").back().actor.via == model::Via::web);
  CHECK(bed.timeline("I1").back().actor.user == Bed::user_of(As::editor));
}

TEST_CASE("sessions are listed and ended, those of others by admins alone") {
  Bed bed;
  const Headers first = bed.session_of(As::viewer);
  const Answer second_answer = sign_in(bed, "viewer", "a good password");
  const Headers second = page_of(second_answer);
  const Answer list = bed.ask_in(second, "GET", "sessions");
  CHECK(list.at("count") == "2");
  CHECK(list.at("results.0.current") == "true");
  CHECK(list.at("results.1.current") == "false");
  CHECK(list.at("results.1.address") == "192.0.2.7");
  CHECK(list.at("results.1.user_agent") == "test");
  CHECK(list.body().find("digest") == std::string::npos);

  const std::string old = list.at("results.1.id");
  CHECK(bed.ask("GET", "sessions?user_id=" + Bed::user_of(As::viewer).text(), "", As::editor).status() == 403);
  CHECK(bed.ask("DELETE", "sessions/" + old, "", As::editor).status() == 404);
  CHECK(bed.ask_in(first, "GET", "session").status() == 200);
  CHECK(bed.ask_in(second, "DELETE", "sessions/" + old).status() == 204);
  CHECK(bed.ask_in(first, "GET", "session").json() == R"({"detail":"Not signed in."})");
  CHECK(bed.ask_in(second, "DELETE", "sessions/" + old).status() == 404);

  const Answer seen = bed.ask("GET", "sessions?user_id=" + Bed::user_of(As::viewer).text());
  CHECK(seen.at("count") == "1");
  CHECK(bed.ask("DELETE", "sessions/" + seen.at("results.0.id")).status() == 204);
  CHECK(bed.ask_in(second, "GET", "session").status() == 403);
  CHECK(audited(bed, "session.ended") == 2);
}

TEST_CASE("a session ends by signing out, by its time and with its user") {
  Bed bed;
  const Headers left = bed.session_of(As::viewer);
  const Answer out = bed.ask_in(left, "DELETE", "session");
  CHECK(out.status() == 204);
  CHECK(out.header("Set-Cookie").find("tocsin_session=; Max-Age=0") == 0);
  CHECK(bed.ask_in(left, "GET", "users/current").json() == R"({"detail":"Not signed in."})");

  const Headers old = bed.session_of(As::viewer);
  bed.clock().advance(std::chrono::hours(24 * 30) - std::chrono::seconds(1));
  CHECK(bed.ask_in(old, "GET", "users/current").status() == 200);
  bed.clock().advance(std::chrono::seconds(1));
  CHECK(bed.ask_in(old, "GET", "users/current").status() == 403);

  const Headers locked = bed.session_of(As::editor);
  const std::string editor = "users/" + Bed::user_of(As::editor).text();
  CHECK(bed.ask("PATCH", editor, R"({"active":false})").status() == 200);
  CHECK(bed.ask_in(locked, "GET", "users/current").status() == 403);
  CHECK(bed.ask("GET", "users/current", "", As::editor).status() == 403);
  CHECK(bed.ask("POST", editor + "/signin_link").status() == 400);
  // Who comes back signs in anew; old sessions and tokens stay dead.
  CHECK(bed.ask("PATCH", editor, R"({"active":true})").status() == 200);
  CHECK(bed.ask_in(locked, "GET", "users/current").status() == 403);
  CHECK(bed.ask("GET", "users/current", "", As::editor).status() == 403);
}

TEST_CASE("a new role counts at once, in sessions too") {
  Bed bed;
  const Headers page = bed.session_of(As::editor);
  bed.put(api::testbed::firing("I1"));
  CHECK(bed.ask("PATCH", "users/" + Bed::user_of(As::editor).text(), R"({"role":"viewer"})").status() == 200);
  CHECK(bed.ask_in(page, "POST", "alert_groups/I1/acknowledge").status() == 403);
}

TEST_CASE("the own password is changed by who knows it; other sessions end") {
  Bed bed;
  const Headers page = bed.session_of(As::none);
  const Headers other = page_of(sign_in(bed, "none", "a good password"));
  const auto change = [&](const char* current, const char* next) {
    return bed.ask_in(page, "POST", "session/password",
                      std::string(R"({"current_password":")") + current + R"(","password":")" + next + R"("})");
  };
  CHECK(change("a wrong password", "a new password").json() == R"({"current_password":["This is not the password."]})");
  CHECK(change("a good password", "short").at("password.0") == "Ensure this field has at least 10 characters.");
  CHECK(change("a good password", "a new password").status() == 204);
  CHECK(bed.ask_in(page, "GET", "session").status() == 200);
  CHECK(bed.ask_in(other, "GET", "session").status() == 403);
  CHECK(sign_in(bed, "none", "a good password").status() == 403);
  CHECK(sign_in(bed, "none", "a new password").status() == 200);
  CHECK(bed.ask("POST", "session/password", R"({"current_password":"a new password","password":"a third password"})")
            .json() == R"({"detail":"Not signed in."})");
}

TEST_CASE("what a session is shown stays out of caches") {
  Bed bed;
  const Headers page = bed.session_of(As::viewer);
  for (const char* path : {"session", "integrations", "users/current"}) {
    CHECK(bed.ask_in(page, "GET", path).header("Cache-Control") == "no-store");
  }
  CHECK(bed.ask("GET", "integrations").header("Cache-Control").empty());
}

TEST_CASE("without a session there is nobody") {
  Bed bed;
  const std::string nobody = R"({"detail":"Not signed in."})";
  CHECK(bed.ask("GET", "session", "", As::nobody).json() == nobody);
  CHECK(bed.ask("GET", "session", "", As::admin).json() == nobody);
  CHECK(bed.ask_with("GET", "users/current", "", {{"cookie", "tocsin_session=0123"}}).json() == nobody);
  CHECK(bed.ask_with("GET", "users/current", "", {{"cookie", "session=0123"}}).json() ==
        R"({"detail":"Invalid token."})");
  CHECK(bed.ask_with("POST", "integrations", "{}", {{"x-csrf-token", "0123"}}).json() == nobody);
}

TEST_CASE("people change their own profile; the rest is an admin's business") {
  Bed bed;
  const std::string me = "users/" + Bed::user_of(As::editor).text(),
                    viewer = "users/" + Bed::user_of(As::viewer).text();
  const std::string profile =
      R"({"name":"Ed","email":"ed@example.org","timezone":"Europe/Vienna","phone":"+49 (30) 123-4567"})";
  const Answer changed = bed.ask("PATCH", me, profile, As::editor);
  CHECK(changed.at("phone") == "+49301234567");
  CHECK(changed.at("timezone") == "Europe/Vienna");
  for (const char* body : {R"({"role":"admin"})", R"({"active":false})", R"({"username":"root"})"}) {
    CHECK(bed.ask("PATCH", me, body, As::editor).status() == 403);
  }
  CHECK(bed.ask("PATCH", viewer, R"({"name":"x"})", As::editor).status() == 403);
  CHECK(bed.ask("PATCH", viewer, R"({"name":"x"})", As::viewer).status() == 403);
  CHECK(bed.ask("GET", me + "/details", "", As::viewer).at("phone") == "null");
  CHECK(bed.ask("GET", me + "/details", "", As::admin).at("phone") == "+49301234567");
  for (const char* phone : {"12345678", "+0123456789", "+1234567890123456", "+49x301234567", "++49301234567", "+12"}) {
    CHECK(bed.ask("PATCH", me, std::string(R"({"phone":")") + phone + R"("})").status() == 400);
  }
  for (const char* email : {"x", "@example.org", "a@", "a@b@c", "a b@example.org"}) {
    CHECK(bed.ask("PATCH", me, std::string(R"({"email":")") + email + R"("})").status() == 400);
  }
  CHECK(bed.ask("PATCH", me, R"({"phone":null})").at("phone") == "null");
}

TEST_CASE("deactivated users are found among the details") {
  Bed bed;
  CHECK(bed.ask("GET", "users").at("count") == "4");
  const Answer all = bed.ask("GET", "users/details");
  CHECK(all.at("count") == "5");
  CHECK(bed.ask("GET", "users/details?search=INACT").at("results.0.active") == "false");
}
