"""When something is wrong around the server: the disk is full, the key is gone, the ledger is of another time."""
import concurrent.futures
import contextlib
import os
import resource
import signal
import sqlite3
import time

from harness import eventually, expect, expect_equal, expect_in, run_tocsin, scenario


def limit_files(size):
    """In a child: no file may grow past the size, as on a full disk; told by an error, not by a signal."""
    def apply():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    return apply


@scenario("A full disk: no alert is acknowledged that is not stored, and the server goes on when there is room")
def full_disk(stage):
    # A file of settings and a token are made while there is room.
    server = stage.server()
    path, token = server.integration("webhook"), server.token
    server.stop()
    server.start(prepare=limit_files(2 * 2**20))
    sender, acknowledged, refused = server.client(None), {}, []
    for number in range(400):
        answer = sender.post(path, {"alert_uid": "one", "name": str(number), "padding": "x" * 20_000})
        if answer.status == 200:
            acknowledged[str(number)] = answer.receipt[0]
        else:
            refused.append(answer)
            if len(refused) == 20:
                break
    expect(acknowledged and len(refused) == 20, f"{len(acknowledged)} acknowledged, {len(refused)} refused")
    expect({answer.status for answer in refused} <= {500, 503, 507}, f"the refusals: {[a.status for a in refused]}")
    expect(server.is_alive(), "the server died")
    server.client(None).get("/health").must_be(200)
    expect_equal(server.client(token).ask("alert_groups/")["count"], 1, "it can still be read")
    server.stop()
    server.start()
    client = server.client(token)
    stored = {a["payload"]["name"]: a["id"] for a in client.pages("alerts/?perpage=100")}
    lost = [name for name, receipt in acknowledged.items() if stored.get(name) != receipt]
    expect(not lost, f"{len(lost)} of {len(acknowledged)} acknowledged alerts are lost")
    expect_equal(client.ask("alert_groups/")["results"][0]["alerts_count"], len(stored), "the group counts what is there")
    server.client(None).post(path, {"alert_uid": "one", "name": "again"}).must_be(200)


@scenario("Without its master key a ledger is not opened, and no new key is made over it")
def lost_key(stage):
    server = stage.server()
    path = server.integration("webhook")
    server.stop()
    key = server.data / "master.key"
    content = key.read_bytes()
    elsewhere = stage.folder / "kept.key"
    for what, change in (("missing", key.unlink), ("empty", lambda: key.write_bytes(b"")), ("cut", lambda: key.write_bytes(content[:9])),
                         ("another", lambda: key.write_bytes(os.urandom(len(content)).hex().encode()[:len(content)]))):
        change()
        ran = run_tocsin("serve", "--data", server.data, "--listen", "127.0.0.1:0") if what != "another" else \
            run_tocsin("token", "list", "--data", server.data)
        expect(ran.code != 0, f"a ledger is opened although its key is {what}: {ran.out}")
        expect_in("key", ran.err, f"what is said of a key that is {what}")
        expect(not key.exists() or key.read_bytes() != content, "the test's own key")
    key.unlink()
    elsewhere.write_bytes(content)
    elsewhere.chmod(0o600)
    server.environment["TOCSIN_MASTER_KEY_FILE"] = str(elsewhere)
    server.start()
    server.client(None).post(path, {"title": "with the key from elsewhere"}).must_be(200)
    expect(not key.exists(), "a second key was made")


@scenario("A ledger of a newer version, or something that is no ledger, is refused and left as it is")
def foreign_ledger(stage):
    server = stage.server()
    server.integration("webhook")
    server.stop()
    ledger = server.data / "tocsin.db"
    with sqlite3.connect(ledger) as database:
        tables = {row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        version = database.execute("PRAGMA user_version").fetchone()[0]
        named = next((t for t in tables if "migration" in t or "schema" in t), None)
        if named:
            columns = [row[1] for row in database.execute(f"PRAGMA table_info({named})")]
            values = [9999 if "version" in c or c in ("id", "number") else "from the future" for c in columns]
            database.execute(f"INSERT INTO {named} VALUES ({','.join('?' * len(columns))})", values)
        else:
            database.execute(f"PRAGMA user_version = {version + 1000}")
        database.commit()
        before = list(database.iterdump())
    database.close()
    ran = run_tocsin("serve", "--data", server.data, "--listen", "127.0.0.1:0")
    expect(ran.code != 0, "a ledger of a newer version is opened")
    expect_in("newer", ran.err, "what is said")
    with contextlib.closing(sqlite3.connect(ledger)) as database:
        expect(list(database.iterdump()) == before, "the ledger was changed")
    for path in server.data.glob("tocsin.db*"):
        path.unlink()
    ledger.write_bytes(b"this is no database" * 1000)
    ran = run_tocsin("serve", "--data", server.data, "--listen", "127.0.0.1:0")
    expect(ran.code != 0, "something that is no ledger is opened")
    expect_in("tocsin.db", ran.err, "what is said names the file")
    expect_equal(ledger.read_bytes(), b"this is no database" * 1000, "what is no ledger")


@scenario("Commands write beside a server under load, and neither waits long for the other", alone=True)
def commands_under_load(stage):
    server = stage.server("--ingest-rate", "1000000", "--ingest-burst", "1000000")
    path = server.integration("webhook")
    group = server.client().ask(f"alerts/{server.client(None).post(path, {'alert_uid': 'g'}).receipt[0]}/")["alert_group_id"]
    ending = time.monotonic() + 4

    def work(number):
        sender, slowest, count = server.client(None), 0.0, 0
        while time.monotonic() < ending:
            start = time.monotonic()
            sender.post(path, {"alert_uid": f"g{number % 3}", "n": count}).must_be(200)
            slowest, count = max(slowest, time.monotonic() - start), count + 1
        return slowest, count

    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        working = [pool.submit(work, number) for number in range(12)]
        commands, longest = 0, 0.0
        while time.monotonic() < ending - 1:
            start = time.monotonic()
            server.cli("acknowledge" if commands % 2 == 0 else "unacknowledge", group).must_work()
            longest, commands = max(longest, time.monotonic() - start), commands + 1
        outcomes = [each.result() for each in working]
    expect(commands >= 5, f"only {commands} commands in three seconds")
    expect(longest < 5, f"a command took {longest:.1f} s")
    expect(max(slowest for slowest, _ in outcomes) < 5, f"an alert took {max(s for s, _ in outcomes):.1f} s")
    kinds = [e["kind"] for e in server.client().pages(f"alert_groups/{group}/timeline/?perpage=100") if e["via"] == "cli"]
    expect_equal(len(kinds), commands, "each command is on the timeline")


@scenario("Time that jumps forward by a year, and silences that end on the way")
def time_jumps(stage):
    server = stage.server(test_clock=True)
    client, path = server.client(), server.integration("webhook")
    groups = []
    for number in range(40):
        receipt = server.client(None).post(path, {"alert_uid": str(number)}).must_be(200).receipt[0]
        groups.append(client.ask(f"alerts/{receipt}/")["alert_group_id"])
    for number, group in enumerate(groups):
        client.api("POST", f"alert_groups/{group}/silence/", {"delay": 60 * (number + 1)}).must_be(200)
    server.clock.advance(f"{20 * 60 + 1}s")
    eventually(lambda: client.ask("alert_groups/counts/")["firing"] == 20, "the first twenty silences are over")
    server.kill()
    server.start()
    client = server.client()
    expect_equal(client.ask("alert_groups/counts/")["silenced"], 20, "the others are kept over a kill")
    server.clock.advance("365d")
    expect_equal(client.ask("alert_groups/counts/"), {"firing": 40, "acknowledged": 0, "silenced": 0, "resolved": 0}, "after a year")
    ends = [sum(e["kind"] == "unsilenced" for e in client.pages(f"alert_groups/{g}/timeline/")) for g in groups]
    expect_equal(ends, [1] * 40, "each silence ended once")
