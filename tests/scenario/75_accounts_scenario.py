"""Accounts from outside: first start, one-time link, password, session, CSRF, live events, revoking, being locked out."""
import http.client
import json
import re
import time

from harness import Client, expect, expect_equal, expect_in, eventually, scenario


class Browser:
    """Keeps the cookie and sends the CSRF token, as the pages do."""

    def __init__(self, server):
        self.client, self.cookie, self.csrf = Client(server.port), None, None

    def headers(self):
        headers = {"Cookie": self.cookie} if self.cookie else {}
        if self.csrf:
            headers["X-CSRF-Token"] = self.csrf
        return headers

    def api(self, method, path, body=None, headers=None):
        answer = self.client.api(method, path, body, headers={**self.headers(), **(headers or {})})
        if "set-cookie" in answer.headers:
            self.cookie = answer.headers["set-cookie"].split(";")[0]
        if answer.status == 200 and answer.body.startswith(b'{"user"'):
            self.csrf = answer.json["csrf_token"]
        return answer

    def sign_in(self, username, password):
        return self.api("POST", "session", {"username": username, "password": password})


class Events:
    """A stream of server-sent events."""

    def __init__(self, server, headers):
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
        self.connection.request("GET", "/api/v1/events", headers=headers)
        self.answer = self.connection.getresponse()
        self.last_id = None

    def next(self):
        """The next event as (name, data); None when the stream ends."""
        name, data = "message", []
        while True:
            line = self.answer.readline().decode()
            if not line:
                return None
            line = line.rstrip("\n")
            if line.startswith("id: "):
                self.last_id = line[4:]
            elif line.startswith("event: "):
                name = line[7:]
            elif line.startswith("data: "):
                data.append(line[6:])
            elif not line:
                if data:
                    return name, json.loads("\n".join(data))
                if name == "message" and self.last_id:
                    return "ready", None

    def until(self, what):
        """The data of the next event of a group that tells this, and when it came."""
        while True:
            event = self.next()
            expect(event is not None, f"the stream ended before it told '{what}'")
            if event[0] == "group" and event[1]["what"] == what:
                return event[1]

    def close(self):
        self.connection.close()


def first_link(server):
    links = re.findall(r"^http\S+/sign-in/([0-9a-f]{64})$", server.log(), re.M)
    return links[-1] if links else None


@scenario("First start, link, password, session, CSRF, signing out, being locked out")
def accounts(stage):
    server = stage.server()
    secret = first_link(server)
    expect(secret, "the first start prints a sign-in link")
    browser = Browser(server)
    expect_equal(browser.api("GET", f"signin_links/{secret}").must_be(200).json["purpose"], "first", "the link")
    browser.api("POST", f"signin_links/{secret}", {"username": "anna", "password": "short"}).must_be(400)
    made = browser.api("POST", f"signin_links/{secret}", {"username": "anna", "password": "a good password"}).must_be(200)
    expect_equal((made.json["user"]["username"], made.json["user"]["role"]), ("anna", "admin"), "who is signed in")
    for part in ("HttpOnly", "SameSite=Lax", "Path=/"):
        expect_in(part, made.headers["set-cookie"], "the cookie")
    expect("Secure" not in made.headers["set-cookie"], "without TLS the cookie is not bound to it")
    browser.api("GET", f"signin_links/{secret}").must_be(404)

    integration = browser.api("POST", "integrations", {"type": "webhook", "name": "Ours"}).must_be(201).json
    refused = browser.client.api("POST", "integrations", {"type": "webhook"}, headers={"Cookie": browser.cookie}).must_be(403)
    expect_in("CSRF", refused.text, "without the token")
    entry = browser.api("GET", "audit?action=integration.created").json["results"][0]
    expect_equal((entry["username"], entry["via"], entry["subject"]), ("anna", "web", integration["id"]), "the audit trail")

    other = Browser(server)
    other.sign_in("anna", "a wrong password").must_be(403)
    other.sign_in("anna", "a good password").must_be(200)
    row = next(s for s in browser.api("GET", "sessions").json["results"] if not s["current"])
    browser.api("DELETE", f"sessions/{row['id']}").must_be(204)
    other.api("GET", "session").must_be(403)
    browser.api("DELETE", "session").must_be(204)
    browser.api("GET", "users/current").must_be(403)

    server.restart()
    expect_equal(first_link(server), secret, "no further link once an admin has a password")
    url = server.cli("user", "signin-link", "anna").must_work().last_word
    expect(url.startswith(f"http://127.0.0.1:{server.port}/sign-in/"), f"the link: {url}")
    browser = Browser(server)
    browser.api("POST", "signin_links/" + url.rsplit("/", 1)[1], {"password": "another password"}).must_be(200)
    browser.sign_in("anna", "a good password").must_be(403)
    for text in (secret, "a good password", "another password", browser.cookie.split("=")[1]):
        logged = [line for line in server.log().splitlines() if text in line and "/sign-in/" not in line]
        expect_equal(logged, [], "no secret is logged")


@scenario("Users made beside the server sign in; who is deactivated is out at once")
def users(stage):
    server = stage.server()
    admin = server.client()
    url = server.cli("user", "create", "--role", "editor", "bert").must_work().last_word
    bert = Browser(server)
    eventually(lambda: bert.api("GET", "signin_links/" + url.rsplit("/", 1)[1]).status == 200, "the link is known", 1)
    bert.api("POST", "signin_links/" + url.rsplit("/", 1)[1], {"password": "a good password"}).must_be(200)
    bert.api("POST", "integrations", {"type": "webhook"}).must_be(403)
    user = next(u for u in admin.ask("users/details")["results"] if u["username"] == "bert")
    expect_equal([u["username"] for u in server.cli("user", "list", "--output", "json").must_work().json], ["admin", "bert"], "the users")
    stream = Events(server, bert.headers())
    expect_equal(stream.next()[0], "ready", "the stream begins")
    admin.api("PATCH", f"users/{user['id']}", {"active": False}).must_be(200)
    expect(stream.next() is None, "a live stream ends with its session")
    bert.api("GET", "session").must_be(403)
    bert.sign_in("bert", "a good password").must_be(403)


@scenario("Sign-ins are throttled, and by the clock let in again")
def throttling(stage):
    server = stage.server(test_clock=True)
    url = server.cli("user", "create", "eve").must_work().last_word
    browser = Browser(server)
    browser.api("POST", "signin_links/" + url.rsplit("/", 1)[1], {"password": "a good password"}).must_be(200)
    for _ in range(10):
        browser.sign_in("eve", "guess and guess").must_be(403)
    expect(0 < int(browser.sign_in("eve", "a good password").must_be(429).headers["retry-after"]) <= 300, "how long to wait")
    server.clock.advance("5m")
    browser.sign_in("eve", "a good password").must_be(200)
    server.clock.advance("720h")
    browser.api("GET", "session").must_be(403)


@scenario("Live events: within a second, from commands beside the server too, and resumed after a break")
def live_events(stage):
    server = stage.server()
    admin, path = server.client(), server.integration("webhook", "Live")
    headers = {"Authorization": server.token}
    stream = Events(server, headers)
    expect_equal((stream.answer.status, stream.answer.headers["Content-Type"]), (200, "text/event-stream"), "the stream")
    expect_equal(stream.next()[0], "ready", "the stream begins")

    def promptly(act, what):
        begun = time.monotonic()
        act()
        told = stream.until(what)
        expect(time.monotonic() - begun < 3, f"'{what}' is told promptly")  # a second, and the other scenarios' load
        return told

    told = promptly(lambda: server.client(None).post(path, {"title": "Disk"}).must_be(200), "route assigned")
    expect_equal((told["title"], told["state"], told["number"]), ("Disk", "firing", 1), "what is told")
    promptly(lambda: admin.api("POST", f"alert_groups/{told['id']}/acknowledge").must_be(200), "acknowledged")
    promptly(lambda: server.cli("resolve", told["id"]).must_work(), "resolved")

    seen = stream.last_id
    watcher = Events(server, headers)  # somebody watches meanwhile: what happens is kept
    expect_equal(watcher.next()[0], "ready", "another stream begins")
    stream.close()
    server.client(None).post(path, {"title": "Missed"}).must_be(200)
    expect_equal(watcher.until("route assigned")["title"], "Missed", "the other is told")
    stream = Events(server, {**headers, "Last-Event-ID": seen})
    expect_equal(stream.until("route assigned")["title"], "Missed", "what was missed is told")
    stream.close()
    watcher.close()
    server.restart()
    stream = Events(server, {**headers, "Last-Event-ID": seen})
    expect_equal(stream.next()[0], "reset", "after a restart everything is to be looked at again")
    stream.close()
