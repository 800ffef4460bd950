#!/usr/bin/env python3
"""Durable alerts a second, beside an empty endpoint of the same binary and a bare epoll server.

Usage: script/bench ingest [--json FILE] [--rounds N] [--seconds S] [--connections N]
wrk posts Alertmanager notifications of 1.5 KB over 64 connections; one in twenty opens a new alert group, the others
join one of 200. A round is: bare server, empty endpoint (`POST /bench/empty`: reads the body, answers "Ok."), alerts
(interpreted, grouped, committed before the answer), each for S seconds, the server anew on an empty folder. Figures
are medians of N rounds. The run is void unless the empty endpoint reaches 0.6 of the bare server; it fails unless
the ledger holds as many alerts as were answered with 200.
"""
import argparse
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys

PROJECT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT / "tests" / "scenario"))
import harness  # noqa: E402

SETTLED, FRESH = 200, 20
EMPTY_OF_BARE = 0.6
TARGET = 0.2


def load(port, path, options, fresh, seed):
    """wrk's figures over one path."""
    command = ["wrk", "--threads", "2", "--connections", str(options.connections), "--duration", f"{options.seconds}s",
               "--timeout", "10s", "--script", str(PROJECT / "bench" / "alerts.lua"), f"http://127.0.0.1:{port}{path}", "--",
               path, str(SETTLED), str(fresh), str(seed)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    figures = json.loads(re.search(r"FIGURES (\{.*\})", run.stdout)[1])
    if figures["refused"] or figures["broken"] or not figures["requests"]:
        sys.exit(f"{path}: {figures['refused']} answers were not 200, {figures['broken']} connections broke")
    figures["rate"] = figures["requests"] / figures["microseconds"] * 1e6
    return figures


def bare(stage, options, seed):
    port = harness.free_port()
    server = stage.run("bare", [options.bare, port, "2"])
    probe = harness.Client(port)
    harness.eventually(lambda: answers(probe), "the bare server answers")
    figures = load(port, "/", options, FRESH, seed)
    server.kill()
    server.wait()
    return figures


def answers(client):
    try:
        return client.post("/", b"{}").status == 200
    except OSError:
        return False


def accepted(server):
    found = re.search(r'tocsin_ingest_requests_total\{outcome="accepted"\} ([0-9.e+]+)', server.client(None).get("/metrics").text)
    return int(float(found[1])) if found else 0


def count(server, figures, connections):
    """Alerts in the ledger; they must be the 200s that the server sent, and those the ones that wrk read."""
    # wrk hangs up on what is in flight: the ledger may be a moment ahead of the answers.
    client = server.client()
    harness.eventually(lambda: client.ask("alerts/?perpage=1")["count"] == accepted(server), "answers for all that is stored")
    stored = client.ask("alerts/?perpage=1")["count"]
    told = accepted(server)
    if stored != told:
        sys.exit(f"the ledger holds {stored} alerts, and {told} were answered with 200")
    # What was in flight when wrk hung up was answered, and not read.
    if not figures["requests"] <= told <= figures["requests"] + connections:
        sys.exit(f"{told} alerts were answered with 200, and wrk counted {figures['requests']}")
    return stored


def one_round(number, options):
    stage = harness.Stage("bench")
    try:
        bare_figures = bare(stage, options, number)
        server = stage.server("--bench-endpoint", "--ingest-rate", "10000000", "--ingest-burst", "10000000", "--log-level", "error")
        path = server.integration("alertmanager")
        empty = load(server.port, "/bench/empty", options, FRESH, number)
        alerts = load(server.port, path, options, FRESH, number)
        stored = count(server, alerts, options.connections)
        groups = server.client().ask("alert_groups/?perpage=1")["count"]
        return {"bare": bare_figures, "empty": empty, "alerts": alerts, "stored": stored, "groups": groups}
    finally:
        stage.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", metavar="FILE")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--bare", help=argparse.SUPPRESS, default=str(PROJECT / "build" / "release" / "bare_server"))
    options = parser.parse_args()
    if not pathlib.Path(options.bare).exists():
        subprocess.run([str(PROJECT / "script" / "build"), "release", "bare_server"], check=True, stdout=subprocess.DEVNULL)
    harness.need("wrk")
    rounds = []
    for number in range(1, options.rounds + 1):
        each = one_round(number, options)
        rounds.append(each)
        print(f"round {number}: bare {each['bare']['rate']:.0f}/s, empty {each['empty']['rate']:.0f}/s, alerts {each['alerts']['rate']:.0f}/s "
              f"(p50 {each['alerts']['p50']:.1f} ms, p99 {each['alerts']['p99']:.1f} ms), {each['stored']} stored in {each['groups']} groups", flush=True)

    def median(of, what):
        return statistics.median(each[of][what] for each in rounds)
    result = {"rate": round(median("alerts", "rate"), 1), "empty_rate": round(median("empty", "rate"), 1),
              "bare_rate": round(median("bare", "rate"), 1)}
    result["ratio"] = round(result["rate"] / result["empty_rate"], 4)
    result["empty_of_bare"] = round(result["empty_rate"] / result["bare_rate"], 4)
    result.update({"p50_ms": round(median("alerts", "p50"), 2), "p99_ms": round(median("alerts", "p99"), 2),
                   "empty_p50_ms": round(median("empty", "p50"), 2), "empty_p99_ms": round(median("empty", "p99"), 2),
                   "rounds": len(rounds), "seconds": options.seconds, "connections": options.connections, "processors": os.cpu_count(),
                   "stored": sum(each["stored"] for each in rounds), "groups": sum(each["groups"] for each in rounds),
                   "void": result["empty_of_bare"] < EMPTY_OF_BARE})
    text = json.dumps(result, indent=1)
    if options.json:
        pathlib.Path(options.json).write_text(text + "\n")
    print(text)
    if result["void"]:
        sys.exit(f"void: the empty endpoint reaches {result['empty_of_bare']} of the bare server, not {EMPTY_OF_BARE}")
    if result["ratio"] < TARGET:
        print(f"below the target: {result['ratio']} of the empty endpoint, not {TARGET}")


if __name__ == "__main__":
    main()
