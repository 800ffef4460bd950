"""What people do with alert groups, and what the ledger tells of it."""
from harness import expect, expect_equal, expect_in, scenario


def opened(server, title="Disk full", path=None, **more):
    """A new group: its id."""
    path = path or server.integration("webhook")
    answer = server.client(None).post(path, {"title": title, **more}).must_be(200)
    return server.client().ask(f"alerts/{answer.receipt[0]}/")["alert_group_id"]


def act(client, group, action, body=None, status=200):
    answer = client.api("POST", f"alert_groups/{group}/{action}/", body).must_be(status)
    if status == 200:
        expect_equal(answer.body, b"", f"the answer to {action}")
    return answer


def state(client, group):
    return client.ask(f"alert_groups/{group}/")["state"]


def timeline(client, group):
    return client.pages(f"alert_groups/{group}/timeline/")


@scenario("Acknowledge, resolve, silence and back: states, refusals, and who did it when from where")
def actions(stage):
    server = stage.server(test_clock=True)
    client = server.client()
    me = client.ask("users/current/")["id"]
    group = opened(server)
    steps = [("acknowledge", "acknowledged"), ("unacknowledge", "firing"), ("resolve", "resolved"), ("unresolve", "firing"),
             ("silence", "silenced"), ("unsilence", "firing"), ("silence", "silenced"), ("acknowledge", "acknowledged"),
             ("resolve", "resolved"), ("restart", "firing")]
    times = []
    for action, wanted in steps:
        server.clock.advance("10s")
        times.append(server.clock.now())
        act(client, group, action, {"delay": 3600} if action == "silence" else None)
        expect_equal(state(client, group), wanted, f"the state after {action}")
    told = [entry for entry in timeline(client, group) if entry["via"] == "api"]
    kinds = {"acknowledge": "acknowledged", "unacknowledge": "unacknowledged", "resolve": "resolved", "unresolve": "unresolved",
             "silence": "silenced", "unsilence": "unsilenced", "restart": "restarted"}
    seen = [(entry["kind"], entry["at"]) for entry in told]
    for (action, _), at in zip(steps, times):
        expect_in((kinds[action], at), seen, "the timeline")
    expect(all(entry["user_id"] == me and entry["address"] == "127.0.0.1" for entry in told), f"who and from where: {told}")
    shown = client.ask(f"alert_groups/{group}/")
    expect_equal((shown["acknowledged_at"], shown["resolved_at"], shown["silenced_at"]), (None, None, None), "a restarted group")

    act(client, group, "acknowledge")
    for action, said in (("acknowledge", "Can't acknowledge an acknowledged alert group"), ("unresolve", "Can't unresolve an unresolved alert group"),
                         ("unsilence", "Can't unsilence an unsilenced alert group")):
        expect_equal(act(client, group, action, status=400).json, {"detail": said}, f"the refusal of {action}")
    for body, said in (({}, "delay is required"), ({"delay": "soon"}, "invalid delay value"), ({"delay": -5}, "invalid delay value")):
        expect_equal(act(client, group, "silence", body, 400).json, {"detail": said}, f"a silence of {body}")


@scenario("A silence ends by itself, at its time and not before, and survives a restart")
def silence_ends(stage):
    server = stage.server(test_clock=True)
    client = server.client()
    path = server.integration("webhook")
    short, long, forever = (opened(server, title, path) for title in ("short", "long", "forever"))
    act(client, short, "silence", {"delay": 1800})
    act(client, long, "silence", {"delay": 7200})
    act(client, forever, "silence", {"delay": -1})
    server.clock.advance("1799s")
    expect_equal([state(client, g) for g in (short, long, forever)], ["silenced"] * 3, "a second before")
    server.clock.advance("2s")
    expect_equal([state(client, g) for g in (short, long, forever)], ["firing", "silenced", "silenced"], "a second after")
    entry = timeline(client, short)[-1]
    expect_equal((entry["kind"], entry["via"], entry["user_id"]), ("unsilenced", "system", None), "who ended it")

    before = server.clock.now()
    server.kill()
    server.start()
    client = server.client()
    expect_equal(state(client, long), "silenced", "after kill and restart")
    server.clock.set(max(before, server.clock.now()))
    server.clock.advance("5400s")
    expect_equal([state(client, g) for g in (long, forever)], ["firing", "silenced"], "after its time, in the second life")
    # Silenced anew: the first end does not count any more.
    act(client, long, "silence", {"delay": 600})
    act(client, long, "silence", {"delay": 6000})
    server.clock.advance("700s")
    expect_equal(state(client, long), "silenced", "silenced again for longer")
    server.clock.advance("5400s")
    expect_equal(state(client, long), "firing", "the longer silence is over")


@scenario("Attached groups follow, detached ones stand for themselves")
def attach(stage):
    server = stage.server()
    client, path = server.client(), server.integration("webhook")
    root, child, other = (opened(server, title, path) for title in ("root", "child", "other"))
    act(client, child, "attach", {"root_alert_group_id": root})
    expect_equal(client.ask(f"alert_groups/{root}/details/")["attached_alert_group_ids"], [child], "the root knows")
    expect_equal(client.ask(f"alert_groups/{child}/details/")["root_alert_group_id"], root, "the child knows")
    expect_equal(act(client, child, "acknowledge", status=400).json, {"detail": "Can't acknowledge an attached alert group"}, "the refusal")
    act(client, root, "acknowledge")
    expect_equal(state(client, child), "acknowledged", "the child follows")
    act(client, other, "attach", {"root_alert_group_id": child}, 400)
    act(client, root, "attach", {"root_alert_group_id": root}, 400)
    act(client, root, "resolve")
    expect_equal([state(client, g) for g in (root, child, other)], ["resolved", "resolved", "firing"], "after resolving the root")
    act(client, root, "unresolve")
    act(client, child, "unattach")
    expect_equal(client.ask(f"alert_groups/{root}/details/")["attached_alert_group_ids"], [], "nothing is attached")
    act(client, root, "resolve")
    expect_equal((state(client, root), state(client, child)), ("resolved", "firing"), "on their own again")
    for group, kinds in ((root, ["attached", "unattached"]), (child, ["attached", "unattached"])):
        found = [e["kind"] for e in timeline(client, group)]
        expect(all(kind in found for kind in kinds), f"the timeline tells of attachments: {found}")


@scenario("Resolution notes, in the API and on the timeline")
def notes(stage):
    server = stage.server()
    client = server.client()
    group = opened(server)
    note = client.api("POST", "resolution_notes/", {"alert_group_id": group, "text": " The disk was full. "}).must_be(201).json
    expect_equal((note["text"], note["source"], note["alert_group_id"]), ("The disk was full.", "Web", group), "the note")
    client.api("PUT", f"resolution_notes/{note['id']}/", {"text": "A log had grown."}).must_be(200)
    expect_equal([n["text"] for n in client.ask(f"resolution_notes/?alert_group_id={group}")["results"]], ["A log had grown."], "the notes")
    client.api("DELETE", f"resolution_notes/{note['id']}/").must_be(204)
    client.api("GET", f"resolution_notes/{note['id']}/").must_be(404)
    kinds = [e["kind"] for e in timeline(client, group) if e["kind"].startswith("note")]
    expect_equal(kinds, ["note added", "note changed", "note removed"], "the timeline")
    for body, field in (({"alert_group_id": group, "text": ""}, "text"), ({"alert_group_id": "IAAAAAAAAAAAA", "text": "x"}, "alert_group_id")):
        expect_in(field, client.api("POST", "resolution_notes/", body).must_be(400).json, "the mistake")


@scenario("Wipe empties a group for good, delete removes it")
def wipe_and_delete(stage):
    server = stage.server()
    client, path = server.client(), server.integration("webhook")
    group, gone = opened(server, "a secret-4711", path), opened(server, "to be deleted", path)
    alert = client.ask(f"alerts/?alert_group_id={group}")["results"][0]["id"]
    client.api("DELETE", f"alert_groups/{group}/").must_be(204)
    shown = client.ask(f"alert_groups/{group}/")
    expect_equal((shown["state"], shown["title"]), ("resolved", None), "a wiped group")
    expect("secret-4711" not in client.api("GET", f"alerts/{alert}/").text, "the payload is there")
    expect("secret-4711" not in client.api("GET", f"alert_groups/{group}/timeline/").text, "the timeline tells it")
    client.api("DELETE", f"alert_groups/{gone}/", {"mode": "delete"}).must_be(204)
    client.api("GET", f"alert_groups/{gone}/").must_be(404)
    expect_equal(client.ask(f"alerts/?alert_group_id={gone}")["count"], 0, "alerts of a deleted group")
    # The problem comes again: a group of its own.
    again = opened(server, "a secret-4711", path)
    expect(again != group, "a wiped group takes alerts")


@scenario("Many at once, and everything by the command line as well")
def bulk_and_command_line(stage):
    server = stage.server()
    client, path = server.client(), server.integration("webhook")
    groups = [opened(server, f"problem {i}", path) for i in range(5)]
    answer = client.api("POST", "alert_groups/bulk/", {"action": "acknowledge", "alert_group_ids": [*groups, "IAAAAAAAAAAAA"]}).must_be(200).json
    expect_equal([r["done"] for r in answer["results"]], [True] * 5 + [False], "the outcomes")
    expect_equal(client.ask("alert_groups/counts/"), {"firing": 0, "acknowledged": 5, "silenced": 0, "resolved": 0}, "the counts")
    for words, wanted in ((["unacknowledge"], "firing"), (["silence", "--for", "30m"], "silenced"), (["unsilence"], "firing"),
                          (["resolve"], "resolved"), (["unresolve"], "firing")):
        server.cli(words[0], *groups[:1], *words[1:]).must_work()
        expect_equal(state(client, groups[0]), wanted, f"after tocsin {words[0]}")
    refused = server.cli("unsilence", groups[0])
    expect(refused.code != 0 and groups[0] in refused.err, "the refusal names the group")
    server.cli("note", groups[0], "by hand").must_work()
    shown = server.cli("group", groups[0]).must_work().out
    for part in ("note added", "by hand", "cli", "silenced", "resolved"):
        expect_in(part, shown, "tocsin group")
    for words, told in ((["attach", "--to", groups[1]], "is attached"), (["unattach"], "stands for itself again"),
                        (["delete", "--wipe"], "is wiped"), (["delete"], "is deleted")):
        expect_in(f"{groups[0]} (number 1) {told}", server.cli(words[0], groups[0], *words[1:]).must_work().out, words[0])
