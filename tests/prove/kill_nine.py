#!/usr/bin/env python3
"""kill -9 under load: every alert that got a 200 is there afterwards, none twice, and the groups' counts agree.

Usage: script/prove kill-nine [--rounds N] [--seed S] [--minutes M]
Each round (default 50) loads one long-lived data folder over 32 connections, kills the server at a random moment,
starts it again and looks. The folder and the progress are in build/prove/kill-nine-SEED; the same command with the
same seed goes on where it stopped.
"""
import argparse
import http.client
import json
import pathlib
import random
import shutil
import sqlite3
import sys
import threading
import time

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent), str(pathlib.Path(__file__).resolve().parent.parent / "scenario")]
import harness  # noqa: E402
import record  # noqa: E402

CONNECTIONS = 32
GROUPS = 15
FLAGS = ("--api-rate", "10000000", "--ingest-rate", "1000000", "--ingest-burst", "10000000", "--log-level", "warning")


class Sender:
    """One connection that posts alerts, each once and with a name of its own, until the server is gone."""

    def __init__(self, server, urls, name, seed):
        self.server, self.urls, self.name, self.random = server, urls, name, random.Random(seed)
        self.sent = set()  # every alert that may be there
        self.acknowledged = {}  # name of an alert -> id in the receipt
        self.whole = []  # the names of each batch: all there, or none
        self.thread = threading.Thread(target=self.work)

    def work(self):
        client, number = self.server.client(None), 0
        while True:
            number += 1
            batch = self.random.random() < 0.1
            names = [f"{self.name}-{number}-{i}" for i in range(3 if batch else 1)]
            group = f"{self.name.split('/')[0]} {self.random.randrange(GROUPS)}"
            alerts = [{"labels": {"alertname": group}, "alert_uid": group, "name": name} for name in names]
            self.sent.update(names)
            if batch:
                self.whole.append(names)
            try:
                answer = client.post(self.urls["grafana" if batch else "webhook"], {"alerts": alerts} if batch else alerts[0])
            except (OSError, http.client.HTTPException):
                return  # whether it arrived is not known: either is right
            if answer.status == 200:
                self.acknowledged.update(zip(names, answer.receipt))
                if len(answer.receipt) != len(names):
                    raise harness.Failed(f"a receipt for {len(names)} alerts names {len(answer.receipt)}")


def alerts_of(client, integration):
    """Of an integration: id by name of every alert, as the API lists them; and what does not agree."""
    found, wrong = {}, []
    for group in client.pages(f"alert_groups/?integration_id={integration}&perpage=100"):
        alerts = client.pages(f"alerts/?alert_group_id={group['id']}&perpage=100")
        if len(alerts) != group["alerts_count"]:
            wrong.append(f"group {group['id']} counts {group['alerts_count']} alerts and has {len(alerts)}")
        for alert in alerts:
            name = alert["payload"]["name"]
            if name in found:
                wrong.append(f"{name} is there twice")
            found[name] = alert["id"]
    return found, wrong


def titles_open(client, integration):
    """How many open groups each title has."""
    titles = {}
    for group in client.pages(f"alert_groups/?integration_id={integration}&state=new&perpage=100"):
        titles[group["title"]] = titles.get(group["title"], 0) + 1
    return titles


def check(client, integrations, senders):
    """What is wrong after a round, and the number of alerts that are there."""
    found, wrong = {}, []
    for integration in integrations:
        part, mistakes = alerts_of(client, integration)
        found.update(part)
        wrong += mistakes
        wrong += [f"{count} open groups have the title {title}" for title, count in titles_open(client, integration).items() if count > 1]
    for sender in senders:
        wrong += [f"{name} was acknowledged and is not there" for name, receipt in sender.acknowledged.items() if found.get(name) != receipt]
        wrong += [f"the batch of {names[0]} is there in part" for names in sender.whole if len({name in found for name in names}) > 1]
    strangers = set(found) - set().union(*(sender.sent for sender in senders))
    wrong += [f"{name} was never sent" for name in strangers]
    return wrong, len(found)


def one_round(server, number, seed, connections=CONNECTIONS):
    """Loads, kills, looks into the file, starts again, looks through the API: (mistakes, acknowledged, stored)."""
    chance = random.Random(f"{seed}/{number}")
    client = server.client()
    made = {kind: client.api("POST", "integrations/", {"type": kind, "name": f"round {number} {kind}"}).must_be(201).json
            for kind in ("webhook", "grafana")}
    urls = {kind: each["link"] for kind, each in made.items()}
    senders = [Sender(server, urls, f"r{number}/{i}", f"{seed}/{number}/{i}") for i in range(connections)]
    for sender in senders:
        sender.thread.start()
    time.sleep(0.2 + chance.random() * 1.5)
    server.kill()
    for sender in senders:
        sender.thread.join()
    wrong = unsound(server.data)
    server.start()
    mistakes, stored = check(server.client(), [each["id"] for each in made.values()], senders)
    return wrong + mistakes, sum(len(sender.acknowledged) for sender in senders), stored


def unsound(data):
    """What SQLite finds wrong with the ledger's file; nothing when it is sound."""
    with sqlite3.connect(f"file:{data / 'tocsin.db'}?mode=ro", uri=True) as ledger:
        return [row[0] for row in ledger.execute("PRAGMA integrity_check").fetchall() if row[0] != "ok"] + \
            [f"a broken reference in {row[0]}" for row in ledger.execute("PRAGMA foreign_key_check").fetchall()]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    parser.add_argument("--minutes", type=float, default=38)
    options = parser.parse_args()
    print(f"seed {options.seed}")
    folder = record.PROJECT / "build" / "prove" / f"kill-nine-{options.seed}"
    folder.mkdir(parents=True, exist_ok=True)
    progress = folder / "progress.json"
    done = json.loads(progress.read_text()) if progress.exists() else {"rounds": 0, "acknowledged": 0, "stored": 0, "wrong": []}
    end = time.monotonic() + options.minutes * 60
    stage = harness.Stage("kill-nine")
    try:
        server = harness.Server(stage, folder / "data", FLAGS)
        stage.servers.append(server)
        server.start()
        while done["rounds"] < options.rounds and time.monotonic() < end:
            number = done["rounds"] + 1
            wrong, acknowledged, stored = one_round(server, number, options.seed)
            done = {"rounds": number, "acknowledged": done["acknowledged"] + acknowledged, "stored": done["stored"] + stored,
                    "wrong": done["wrong"] + [f"round {number}: {each}" for each in wrong[:20]]}
            progress.write_text(json.dumps(done))
            print(f"round {number}: {acknowledged} acknowledged, {stored} stored, {len(wrong)} wrong", flush=True)
            for each in wrong[:5]:
                print("  " + each, flush=True)
    finally:
        stage.close()
    if done["rounds"] < options.rounds:
        print(f"{options.rounds - done['rounds']} rounds are left: run it again with --seed {options.seed} to go on")
        return 1
    record.append("kill-nine", options.seed, not done["wrong"],
                  f"{done['rounds']} rounds, {done['acknowledged']} alerts acknowledged, {len(done['wrong'])} lost, doubled or miscounted")
    if not done["wrong"]:
        shutil.rmtree(folder)
    return 1 if done["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main())
