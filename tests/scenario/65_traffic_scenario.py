"""Sources and people at the same time, at random; then everything that must always hold is looked at."""
import concurrent.futures
import contextlib
import random
import sqlite3
import time

from harness import eventually, expect, expect_equal, scenario

KEYS, WORKERS, SECONDS = 6, 16, 5
LAST_WORD = {"registered": "firing", "acknowledged": "acknowledged", "unacknowledged": "firing", "resolved": "resolved",
             "unresolved": "firing", "silenced": "silenced", "unsilenced": "firing", "restarted": "firing"}


def traffic(server, url, seed, until):
    """Posts and acts until the time is over; the number of alerts that were acknowledged."""
    chance, client, sender, posted = random.Random(seed), server.client(), server.client(None), 0
    while time.monotonic() < until:
        kind = chance.random()
        if kind < 0.7:
            body = {"alert_uid": f"key {chance.randrange(KEYS)}", "state": "ok" if chance.random() < 0.25 else "alerting"}
            sender.post(url, body).must_be(200)
            posted += 1
            continue
        groups = client.ask("alert_groups/?perpage=20")["results"]
        if groups:
            group = chance.choice(groups)["id"]
            action = chance.choice(["acknowledge", "unacknowledge", "resolve", "unresolve", "silence", "unsilence", "restart"])
            # A refusal is right where another was quicker.
            client.api("POST", f"alert_groups/{group}/{action}/", {"delay": chance.choice([-1, 1, 3600])}).must_be(200, 400)
    return posted


def ends_within_a_minute(server):
    """Silences that are to end soon, by the ledger's file: those of an hour wait longer."""
    with contextlib.closing(sqlite3.connect(f"file:{server.data}/tocsin.db?mode=ro", uri=True)) as ledger:
        return ledger.execute("SELECT count(*) FROM job WHERE due_at < ?", [(time.time() + 60) * 1e6]).fetchone()[0]


def check_group(client, group):
    """One group against its own timeline and alerts; its details."""
    details = client.ask(f"alert_groups/{group['id']}/details/")
    alerts = client.ask(f"alerts/?alert_group_id={group['id']}&perpage=1")["count"]
    expect_equal(group["alerts_count"], alerts, f"alerts of {group['id']}")
    story = [LAST_WORD[e["kind"]] for e in client.pages(f"alert_groups/{group['id']}/timeline/?perpage=100") if e["kind"] in LAST_WORD]
    expect(story, f"{group['id']} has a story")
    # Unsilenced on the way to something else: the last word decides.
    expect_equal(group["state"], story[-1], f"the state of {group['id']} by its timeline {story[-6:]}")
    return details


@scenario("Random sources and people: one open group a problem, counts and timelines that agree, numbers without gaps", limit=180)
def random_traffic(stage):
    seed = random.randrange(1_000_000)
    server = stage.server("--ingest-rate", "1000000", "--ingest-burst", "1000000", "--api-rate", "1000000")
    client, url = server.client(), server.integration("webhook")
    until = time.monotonic() + SECONDS
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        posted = sum(pool.map(lambda number: traffic(server, url, f"{seed}/{number}", until), range(WORKERS)))
    eventually(lambda: ends_within_a_minute(server) == 0, "silences of one second end")
    groups = client.pages("alert_groups/?perpage=100")
    expect_equal(sum(g["alerts_count"] for g in groups), posted, f"alerts (seed {seed})")
    recent = groups[:150]
    details = [check_group(client, group) for group in recent]
    takers = [d["grouping_key"] for d in details if d["takes_alerts"]]
    expect_equal(len(takers), len(set(takers)), f"open groups a key (seed {seed}): {sorted(takers)}")
    firing = [d["grouping_key"] for d, g in zip(details, recent) if g["state"] == "firing" and d["takes_alerts"]]
    expect(set(firing) <= set(takers), "firing groups take alerts")
    numbers = sorted(d["number"] for d in details)
    expect_equal(numbers, list(range(len(groups) - len(recent) + 1, len(groups) + 1)), "numbers without gaps")
