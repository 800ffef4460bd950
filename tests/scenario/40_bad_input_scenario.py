"""Requests that are wrong in every way that was thought of: a clear answer to each, and the server alive after it.

The table is bad_requests.jsonl, a case a line:
  case    what is wrong          raw     what is sent, byte for byte (Latin-1)
  head    or: first line and headers, to which Content-Length and the empty line are added; with
  body    (Latin-1)              encode  gzip, gzip-cut, gzip-spoilt: how the body is packed
  status  expected; a list: any of them; 0: closed without an answer
  part    what the answer's body holds     shut   true: the client closes its side after sending
`<WEBHOOK>` stands for a URL's path, `<TOKEN>` for an API token, `<300xab>` for `ab` 300 times.
"""
import gzip
import json
import pathlib
import re

from harness import expect, expect_equal, Failed, scenario

TABLE = pathlib.Path(__file__).with_name("bad_requests.jsonl")


def cases():
    return [json.loads(line) for line in TABLE.read_text().splitlines()]


class Maker:
    """Turns a case into bytes."""

    def __init__(self, webhook, token):
        self.words = {"<WEBHOOK>": webhook, "<TOKEN>": token,
                      "<WEBHOOK-AS-ALERTMANAGER>": webhook.replace("/webhook/", "/alertmanager/")}

    def text(self, template):
        for word, meaning in self.words.items():
            template = template.replace(word, meaning)
        return re.sub(r"<(\d+)x((?:[^>]|\r\n)+)>", lambda found: found[2] * int(found[1]), template)

    def body(self, case):
        body = self.text(case.get("body", "")).encode("latin-1")
        packed = gzip.compress(body, mtime=0)
        return {"": body, "gzip": packed, "gzip-cut": packed[:-12],
                "gzip-spoilt": packed[:-8] + bytes([packed[-8] ^ 1]) + packed[-7:]}[case.get("encode", "")]

    def bytes_of(self, case):
        if "raw" in case:
            return self.text(case["raw"]).encode("latin-1")
        body = self.body(case)
        return self.text(case["head"]).encode("latin-1") + b"Content-Length: %d\r\n\r\n" % len(body) + body


def check(case, answer):
    """What is wrong with the answer; nothing if it is right."""
    wanted = case["status"] if isinstance(case["status"], list) else [case["status"]]
    if not answer:
        return None if 0 in wanted else "closed without an answer"
    status = int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/1.1 ") else -1
    if status not in wanted:
        return f"expected {case['status']}, found {answer[:300]!r}"
    body = answer.partition(b"\r\n\r\n")[2].decode("utf-8", "replace")
    return None if case["part"] in body else f"expected {case['part']!r} in {body[:300]!r}"


@scenario("Malformed requests each get a clear answer, and the server lives", limit=150)
def bad_input(stage):
    server = stage.server("--header-timeout", "1s", "--body-timeout", "1s", "--log-level", "debug")
    webhook = server.integration("webhook")
    secret = webhook.rstrip("/").rsplit("/", 1)[1]
    maker = Maker(webhook, server.token)
    table = cases()
    expect(len(table) >= 60, f"the table has {len(table)} cases")
    health = server.client(None)
    wrong = []
    for case in table:
        mistake = check(case, server.raw(maker.bytes_of(case), seconds=4, shut=case.get("shut", False)))
        if mistake:
            wrong.append(f"{case['case']}: {mistake}")
        expect(server.is_alive(), f"the server died of: {case['case']}")
        expect_equal(health.get("/health").status, 200, f"health after: {case['case']}")
    if wrong:
        raise Failed(f"{len(wrong)} of {len(table)} cases:\n  " + "\n  ".join(wrong))
    stored = server.client().ask("alert_groups/")["count"]
    expect_equal(stored, 0, "alert groups made of malformed requests")
    log = server.log()
    expect(secret not in log, "the log holds an integration's token")
    expect(server.token not in log, "the log holds an API token")


@scenario("Slow and idle connections are closed in their time")
def slow_connections(stage):
    server = stage.server("--header-timeout", "1s", "--body-timeout", "1s", "--idle-timeout", "1s")
    # Kept alive after a good request, then idle: closed without a word.
    answer = server.raw(b"GET /health HTTP/1.1\r\nHost: t\r\n\r\n", seconds=3)
    expect(answer.startswith(b"HTTP/1.1 200"), "health answers")
    expect_equal(server.raw(b"", seconds=4), b"", "a connection on which nothing is said")
