"""The API from outside: lists, links, proxies, health, its own description."""
import urllib.parse

from harness import expect, expect_equal, expect_in, scenario


@scenario("Lists: pages, filters, and `next` under a public URL with a path")
def lists(stage):
    server = stage.server("--public-url", "https://alerts.example.org/on/call/")
    client, sender = server.client(), server.client(None)
    made = [client.api("POST", "integrations/", {"type": "webhook", "name": f"I{i}"}).must_be(201).json for i in range(2)]
    for each in made:
        expect(each["link"].startswith("https://alerts.example.org/on/call/integrations/v1/webhook/"), f"the link: {each['link']}")
    for i in range(23):
        # With the prefix of the public URL, and without it, as a proxy may strip it.
        link = urllib.parse.urlsplit(made[i % 2]["link"]).path
        sender.post(link if i % 3 else link.removeprefix("/on/call"), {"title": f"Problem {i:02d}"}).must_be(200)
    page = client.ask("alert_groups/?perpage=10")
    expect_equal({k: page[k] for k in ("count", "page_size", "current_page_number", "total_pages", "previous")},
                 {"count": 23, "page_size": 10, "current_page_number": 1, "total_pages": 3, "previous": None}, "the envelope")
    expect(page["next"].startswith("https://alerts.example.org/on/call/api/v1/alert_groups/?"), f"next: {page['next']}")
    found = [g["title"] for g in client.pages("alert_groups/?perpage=10")]
    expect_equal(found, [f"Problem {i:02d}" for i in reversed(range(23))], "all, newest first, along `next`")
    expect_equal(client.ask("alert_groups/?page=99&perpage=10")["current_page_number"], 3, "past the end is the last page")
    expect_equal(client.ask("alert_groups/?page=nonsense&perpage=-3")["current_page_number"], 1, "nonsense is the first page")
    groups = client.pages("alert_groups/")
    client.api("POST", f"alert_groups/{groups[0]['id']}/acknowledge/").must_be(200)
    client.api("POST", f"alert_groups/{groups[1]['id']}/resolve/").must_be(200)
    client.api("POST", f"alert_groups/{groups[2]['id']}/silence/", {"delay": 600}).must_be(200)
    for state, count in (("new", 20), ("acknowledged", 1), ("Resolved", 1), ("silenced", 1)):
        expect_equal(client.ask(f"alert_groups/?state={state}")["count"], count, f"groups that are {state}")
    expect_equal(client.ask(f"alert_groups/?integration_id={made[0]['id']}")["count"], 12, "groups of an integration")
    expect_equal(client.ask("alert_groups/?integration_id=CAAAAAAAAAAAA")["count"], 0, "groups of no integration")
    expect_equal(client.ask(f"alert_groups/?id={groups[5]['id']}")["results"][0]["title"], groups[5]["title"], "one by id")
    expect_equal(client.ask("alert_groups/?search=problem+07")["count"], 1, "search")
    year = groups[0]["created_at"][:4]
    expect_equal(client.ask(f"alert_groups/?started_at={year}-01-01T00:00:00_{int(year) + 1}-12-31T00:00:00")["count"], 23, "a range")
    expect_equal(client.ask("alert_groups/?started_at=2001-01-01T00:00:00_2001-01-02T00:00:00")["count"], 0, "an empty range")
    expect_equal(client.ask(f"alerts/?alert_group_id={groups[0]['id']}")["count"], 1, "alerts of a group")
    expect_equal(client.ask("alerts/?search=Problem%2007")["count"], 1, "search in payloads")
    for path in ("alert_groups", "alert_groups/", "alert_groups?perpage=1", "/on/call/api/v1/alert_groups/"):
        url = path if path.startswith("/") else "/api/v1/" + path
        client.get(url).must_be(200)


@scenario("X-Forwarded-* headers are believed from trusted proxies alone")
def proxies(stage):
    headers = {"X-Forwarded-For": "203.0.113.9, 127.0.0.1", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "outside.example.org"}

    def seen(*flags):
        server = stage.server(*flags)
        client = server.client()
        receipt = server.client(None).request("POST", server.integration("webhook"), {"title": "x"}, headers).must_be(200).receipt[0]
        group = client.ask(f"alerts/{receipt}/")["alert_group_id"]
        client.api("POST", f"alert_groups/{group}/acknowledge/", headers=headers).must_be(200)
        entry = client.ask(f"alert_groups/{group}/timeline/")["results"][-1]
        server.stop()
        return entry["address"]
    expect_equal(seen(), "127.0.0.1", "without a trusted proxy")
    expect_equal(seen("--trusted-proxy", "10.0.0.0/8,::1"), "127.0.0.1", "from a stranger")
    expect_equal(seen("--trusted-proxy", "10.0.0.0/8,127.0.0.0/8"), "203.0.113.9", "from a trusted proxy")


@scenario("/health, /ready and /metrics; the API's description, and every GET that it lists")
def description(stage):
    server = stage.server()
    client, sender = server.client(), server.client(None)
    for path in ("/health", "/health/", "/ready"):
        sender.get(path).must_be(200)
        expect_equal(sender.request("HEAD", path).must_be(200).body, b"", "HEAD")
    expect_in("Tocsin", sender.get("/").must_be(200).text, "what a browser finds at the root")
    receipt = sender.post(server.integration("alertmanager"), {"status": "firing"}).must_be(200).receipt[0]
    metrics = sender.get("/metrics").must_be(200)
    expect_in("text/plain", metrics.headers["content-type"], "the metrics' type")
    for part in ("# HELP ", "# TYPE ", "tocsin_ingest_alerts_total 1"):
        expect_in(part, metrics.text, "the metrics")

    group = client.ask(f"alerts/{receipt}/")["alert_group_id"]
    note = client.api("POST", "resolution_notes/", {"alert_group_id": group, "text": "x"}).must_be(201).json["id"]
    ids = {"alert_groups": group, "alerts": receipt, "resolution_notes": note, "catalog": "webhook"}
    client.api("POST", "teams/", {"name": "Ops"}).must_be(201)
    ids["signin_links"] = server.cli("user", "create", "new").must_work().last_word.rsplit("/", 1)[1]
    for name in ("integrations", "routes", "users", "organizations", "tokens", "teams"):
        ids[name] = client.ask(f"{name}/")["results"][0]["id"]
    document = client.ask("openapi.json")
    expect(document["openapi"].startswith("3."), "the version of OpenAPI")
    asked = 0
    for path, operations in document["paths"].items():
        expect_in("x-tocsin-addition", str(document), "additions are marked")
        if "get" not in operations:
            continue
        for name, value in ids.items():
            path = path.replace(f"{name}/{{id}}", f"{name}/{value}")
        if path.strip("/") == "session":  # of a browser: a token has none
            expect_equal(client.api("GET", "session/").status, 403, "a session by token")
            continue
        if path.strip("/") == "events":  # never ends; has scenarios of its own
            continue
        expect("{" not in path, f"no example for {path}")
        url = path if path.startswith("/api/v1") else "/api/v1/" + path.lstrip("/")
        answer = client.get(url)
        expect_equal(answer.status, 200, f"GET {url}")
        expect(answer.json is not None, f"GET {url} has a body")
        asked += 1
    expect(asked >= 15, f"the description lists {asked} GETs")
    for wanted in ("integrations", "routes", "alert_groups", "alerts", "resolution_notes", "users", "organizations"):
        expect(any(wanted in path for path in document["paths"]), f"the description lacks {wanted}")


@scenario("Over the API's rate: 429 with Retry-After and RateLimit-Reset")
def api_rate(stage):
    server = stage.server("--api-rate", "10", test_clock=True)
    client = server.client()
    statuses = [client.api("GET", "users/current/").status for _ in range(12)]
    expect_equal((statuses[:10], statuses[11]), ([200] * 10, 429), "the answers")
    refused = client.api("GET", "users/current/").must_be(429)
    expect_in("Request was throttled. Expected available in ", refused.json["detail"], "the answer")
    wait = int(refused.headers["retry-after"])
    expect_equal(refused.headers["ratelimit-reset"], str(wait), "both headers")
    server.clock.advance(f"{wait}s")
    client.api("GET", "users/current/").must_be(200)
