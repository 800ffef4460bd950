#!/usr/bin/env python3
"""Memory of the server: idle, with 10,000 idle connections, after large bodies, after 100,000 alert groups.

Usage: script/bench memory [--json FILE] [--groups N] [--connections N]
Figures are resident set sizes (VmRSS) in MB of 2^20 bytes. Targets: idle under 40; the connections under 200 more.
"""
import argparse
import concurrent.futures
import json
import os
import pathlib
import resource
import socket
import sys

PROJECT = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(PROJECT / "tests" / "scenario"), str(PROJECT / "bench")]
import harness  # noqa: E402
import ingest  # noqa: E402

IDLE_TARGET, CONNECTIONS_TARGET = 40, 200


def resident(server, what="VmRSS"):
    for line in pathlib.Path(f"/proc/{server.process.pid}/status").read_text().splitlines():
        if line.startswith(what + ":"):
            return round(int(line.split()[1]) / 1024, 1)
    raise SystemExit(f"no {what}")


def connect(server, count):
    """Keep-alive connections that have each had one answer."""
    request = b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    connections = []
    for _ in range(count):
        connection = socket.create_connection(("127.0.0.1", server.port), timeout=30)
        connection.sendall(request)
        connections.append(connection)
    for connection in connections:
        answer = b""
        while not harness.is_complete(answer):
            answer += connection.recv(4096)
    return connections


def send_large(server, count):
    """Bodies of 9 MB of small values, four at a time."""
    path = server.integration("webhook", "Large")
    items = [{"name": f"item {i}", "value": i, "labels": {"a": str(i), "c": [1, 2, 3]}} for i in range(110_000)]
    body = json.dumps({"title": "large", "items": items}).encode()
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: server.client(None).post(path, body).must_be(200), range(count)))


def fill(server, groups):
    """Posts alerts, each of a problem of its own, until there are so many groups."""
    path = server.integration("alertmanager")
    client, there, number = server.client(), 0, 0
    options = argparse.Namespace(connections=32, seconds=3)
    while there < groups:
        number += 1
        ingest.load(server.port, path, options, 1, f"m{number}")
        there = client.ask("alert_groups/?perpage=1")["count"]
    return there


def raise_file_limit(wanted):
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if hard != resource.RLIM_INFINITY and hard < wanted:
        raise SystemExit(f"only {hard} open files are allowed here, and {wanted} are needed")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", metavar="FILE")
    parser.add_argument("--groups", type=int, default=100_000)
    parser.add_argument("--connections", type=int, default=10_000)
    options = parser.parse_args()
    raise_file_limit(options.connections + 200)
    stage = harness.Stage("memory")
    try:
        server = stage.server("--ingest-rate", "10000000", "--ingest-burst", "10000000", "--idle-timeout", "10m", "--log-level", "error")
        server.integration("webhook")
        result = {"idle_mb": resident(server)}
        connections = connect(server, options.connections)
        result.update({"connections": len(connections), "with_connections_mb": resident(server)})
        result["connections_mb"] = round(result["with_connections_mb"] - result["idle_mb"], 1)
        for connection in connections:
            connection.close()
        send_large(server, 16)
        result["after_large_bodies_mb"] = resident(server)
        result["groups"] = fill(server, options.groups)
        result.update({"with_groups_mb": resident(server), "peak_mb": resident(server, "VmHWM"),
                       "ledger_mb": round(sum(f.stat().st_size for f in server.data.iterdir() if f.is_file()) / 2**20, 1)})
        server.restart()
        server.client().ask("alert_groups/")
        result["with_groups_after_restart_mb"] = resident(server)
    finally:
        stage.close()
    result.update({"processors": os.cpu_count(), "idle_ok": result["idle_mb"] < IDLE_TARGET,
                   "connections_ok": result["connections_mb"] < CONNECTIONS_TARGET})
    text = json.dumps(result, indent=1)
    if options.json:
        pathlib.Path(options.json).write_text(text + "\n")
    print(text)
    if not (result["idle_ok"] and result["connections_ok"]):
        sys.exit("over a target")


if __name__ == "__main__":
    main()
