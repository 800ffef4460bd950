"""Which group an alert joins: what comes back, what moves, what fails."""
import json

from harness import alertmanager_body, expect, expect_equal, expect_in, scenario


def groups(client, query=""):
    """(title, state, alerts) of every group, oldest first."""
    return [(g["title"], g["state"], g["alerts_count"]) for g in reversed(client.pages("alert_groups/" + query))]


def make(client, kind="webhook", **more):
    """An integration by API: id and URL."""
    made = client.api("POST", "integrations/", {"type": kind, **more}).must_be(201).json
    return made["id"], made["link"]


def group_of(client, answer):
    return client.ask(f"alerts/{answer.must_be(200).receipt[0]}/")["alert_group_id"]


@scenario("Firing, acknowledged, silenced and reopened groups take alerts; a resolved one gives way to a new group")
def joining(stage):
    server = stage.server()
    client, sender = server.client(), server.client(None)
    _, url = make(client, "alertmanager")
    body, over = alertmanager_body(), alertmanager_body(status="resolved")
    first = group_of(client, sender.post(url, body))
    for action in ("acknowledge", "unacknowledge", "silence"):
        client.api("POST", f"alert_groups/{first}/{action}/", {"delay": -1}).must_be(200)
        expect_equal(group_of(client, sender.post(url, body)), first, f"an alert after {action}")
    client.api("POST", f"alert_groups/{first}/unsilence/").must_be(200)
    client.api("POST", f"alert_groups/{first}/resolve/").must_be(200)
    client.api("POST", f"alert_groups/{first}/unresolve/").must_be(200)
    expect_equal(group_of(client, sender.post(url, body)), first, "an alert after it was reopened")
    expect_equal(group_of(client, sender.post(url, over)), first, "the end of a reopened group")
    expect_equal(client.ask(f"alert_groups/{first}/")["state"], "resolved", "a reopened group, resolved by the source")
    second = group_of(client, sender.post(url, body))
    expect(second != first, "a resolved group took a firing alert")
    expect_equal(client.ask("alert_groups/")["count"], 2, "groups")
    # While a newer group is open for the problem, the old one may come back, but takes nothing.
    client.api("POST", f"alert_groups/{first}/unresolve/")
    expect_equal(group_of(client, sender.post(url, body)), second, "the newer group goes on")


@scenario("A resolve without a firing group opens nothing that needs anybody")
def resolve_without_firing(stage):
    server = stage.server()
    client, sender = server.client(), server.client(None)
    integration, url = make(client, "alertmanager")
    answer = sender.post(url, alertmanager_body(status="resolved")).must_be(200)
    expect_equal(len(answer.receipt), 1, "the alert is kept")
    expect_equal(client.ask(f"alerts/{answer.receipt[0]}/")["payload"]["status"], "resolved", "its payload")
    expect_equal([g[1] for g in groups(client)], ["resolved"], "the group")
    told = list(client.pages(f"alert_groups/{group_of(client, answer)}/timeline/"))
    expect("unresolved" not in [e["kind"] for e in told], f"the timeline: {told}")
    expect(all(e["via"] == "source" and e["address"] == "127.0.0.1" for e in told), f"where it came from: {told}")
    # A source that may not resolve: its resolve is an alert as others.
    client.api("PATCH", f"integrations/{integration}/intake/", {"resolves_from_source": False}).must_be(200)
    body = alertmanager_body("Other")
    group = group_of(client, sender.post(url, body))
    expect_equal(group_of(client, sender.post(url, alertmanager_body("Other", status="resolved"))), group, "it joins")
    expect_equal(client.ask(f"alert_groups/{group}/")["state"], "firing", "it does not resolve")


@scenario("Legacy formats: a group resolves when each of its series is resolved")
def resolved_by_counting(stage):
    server = stage.server()
    client, sender = server.client(), server.client(None)
    _, url = make(client, "grafana")

    def alert(zone, status):
        return {"status": status, "labels": {"alertname": "Latency", "zone": zone}}
    group = group_of(client, sender.post(url, {"alerts": [alert("a", "firing"), alert("b", "firing")]}))
    sender.post(url, {"alerts": [alert("a", "resolved")]}).must_be(200)
    expect_equal(client.ask(f"alert_groups/{group}/")["state"], "firing", "one of two is resolved")
    sender.post(url, {"alerts": [alert("b", "resolved")]}).must_be(200)
    shown = client.ask(f"alert_groups/{group}/")
    expect_equal((shown["state"], shown["alerts_count"]), ("resolved", 4), "both are resolved")


@scenario("Routes: the first that matches, regex and Jinja2; a change of routes does not split a group")
def routes(stage):
    server = stage.server()
    client, sender = server.client(), server.client(None)
    integration, url = make(client)
    default = client.ask(f"integrations/{integration}/")["default_route"]["id"]

    def add(kind, expression, **more):
        body = {"integration_id": integration, "routing_type": kind, "routing_regex": expression, "escalation_chain_id": None, **more}
        return client.api("POST", "routes/", body).must_be(201).json["id"]
    jinja = add("jinja2", "{{ payload.severity == 'critical' }}")
    regex = add("regex", '"team": "(shop|till)"')

    def route_of(**payload):
        group = group_of(client, sender.post(url, {"alert_uid": json.dumps(payload), **payload}))
        return client.ask(f"alert_groups/{group}/")["route_id"]
    expect_equal(route_of(severity="critical", team="shop"), jinja, "both match, the first wins")
    expect_equal(route_of(severity="low", team="till"), regex, "the regular expression")
    expect_equal(route_of(severity="low"), default, "the default route")
    body = {"alert_uid": "stays", "team": "shop"}
    group = group_of(client, sender.post(url, body))
    client.api("DELETE", f"routes/{regex}/").must_be(204)
    expect_equal(group_of(client, sender.post(url, body)), group, "the same group after its route is gone")
    moved = add("regex", "stays", position=0)
    expect_equal(group_of(client, sender.post(url, body)), group, "the same group under another route")
    expect_equal(group_of(client, sender.post(url, {**body, "state": "ok"})), group, "its end finds it")
    expect_equal(client.ask(f"alert_groups/{group}/")["state"], "resolved", "resolved")
    expect_in(moved, client.api("GET", f"alerts/?alert_group_id={group}").text + client.api("GET", "routes/").text, "the route")


@scenario("A template that fails: key and title fall back, the error is shown, nothing is lost or scattered")
def failing_templates(stage):
    server = stage.server()
    client, sender = server.client(), server.client(None)
    integration, url = make(client, templates={"grouping_key": "{{ payload.a.b.c }}", "web": {"title": "{{ 1 / payload.zero }}"}})
    answers = [sender.post(url, {"alert_uid": "u", "zero": 0, "n": n}).must_be(200) for n in range(5)]
    found = {group_of(client, answer) for answer in answers}
    expect_equal(len(found), 1, "groups")
    shown = client.ask(f"alert_groups/{found.pop()}/")
    expect(shown["title"] and "zero" not in shown["title"], f"the title: {shown['title']}")
    trace = json.dumps(client.ask(f"alerts/{answers[0].receipt[0]}/")["trace"])
    for part in ("payload.a.b.c", "division by zero"):
        expect_in(part, trace, "the trace")
    shown = client.ask(f"integrations/{integration}/intake/")
    expect_equal(shown["template_errors"], 5, "errors that the integration counts")
    expect(shown["last_template_error"], "the integration shows its last error")
    # A template that never ends is stopped.
    bomb = "{% for a in payload.l %}{% for b in payload.l %}{% for c in payload.l %}{% for d in payload.l %}x{% endfor %}{% endfor %}{% endfor %}{% endfor %}"
    client.api("PUT", f"integrations/{integration}/", {"templates": {"grouping_key": None, "web": {"title": bomb}}}).must_be(200)
    answer = sender.post(url, {"alert_uid": "bomb", "l": list(range(300))}).must_be(200)
    expect(client.ask(f"alert_groups/{group_of(client, answer)}/")["title"], "a title")
    # One that takes long, and ends, gives what it says.
    long = "{% for a in payload.l %}{% for b in payload.l %}{% endfor %}{% endfor %}Long of {{ payload.l | length }}"
    client.api("PUT", f"integrations/{integration}/", {"templates": {"web": {"title": long}}}).must_be(200)
    answer = sender.post(url, {"alert_uid": "long", "l": list(range(300))}).must_be(200)
    expect_equal(client.ask(f"alert_groups/{group_of(client, answer)}/")["title"], "Long of 300", "the title")
    # A template may not change what is stored.
    client.api("PUT", f"integrations/{integration}/", {"templates": {"web": {"title": "{% set _ = payload.pop('alert_uid') %}{{ payload.keys() | list }}"}}}).must_be(200)
    answer = sender.post(url, {"alert_uid": "kept", "n": 1})
    expect_equal(client.ask(f"alerts/{answer.must_be(200).receipt[0]}/")["payload"], {"alert_uid": "kept", "n": 1}, "the payload")


@scenario("An acknowledge signal acknowledges, but never what is resolved")
def acknowledge_signal(stage):
    server = stage.server()
    client, sender = server.client(), server.client(None)
    _, url = make(client, templates={"acknowledge_signal": "{{ payload.ack }}"})
    group = group_of(client, sender.post(url, {"alert_uid": "a"}))
    sender.post(url, {"alert_uid": "a", "ack": True}).must_be(200)
    shown = client.ask(f"alert_groups/{group}/")
    expect_equal((shown["state"], shown["acknowledged_by"]), ("acknowledged", None), "acknowledged by the source")
    sender.post(url, {"alert_uid": "a", "state": "ok", "ack": True}).must_be(200)
    expect_equal(client.ask(f"alert_groups/{group}/")["state"], "resolved", "resolved by the source")
