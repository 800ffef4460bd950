"""From nothing to a group on the screen, with the command line alone."""
import json
import re
import stat

from harness import eventually, expect, expect_equal, expect_in, free_port, run_tocsin, scenario


def commands():
    """Every command, by the path that help lists: `token create` and the like."""
    def below(words):
        text = run_tocsin(*words, "--help").must_work().out
        part = re.split(r"(?im)^subcommands:\s*$", text)
        if len(part) < 2:
            return [words]
        names = re.findall(r"(?m)^  ([a-z][a-z-]*)\b", part[1])
        expect(names, f"help of `tocsin {' '.join(words)}` lists no subcommands: {text}")
        return [found for name in names for found in below([*words, name])]
    return below([])


@scenario("Help is complete, and mistakes on the command line are named")
def command_line(stage):
    expect(re.match(r"tocsin \d+\.\d+", run_tocsin("--version").must_work().out), "the version")
    found = commands()
    for wanted in (["serve"], ["token", "create"], ["integration", "create"], ["send"], ["groups"], ["group"],
                   ["template", "render"], ["template", "batch"]):
        expect_in(wanted, found, "the commands that help lists")
    for words in found:
        text = run_tocsin(*words, "--help").must_work().out
        expect(len(text) > 150, f"help of `tocsin {' '.join(words)}` says little: {text}")
        expect("--output" in text or words in (["serve"], ["template", "batch"]), f"`tocsin {' '.join(words)}` has no --output")
    for wrong, named in ((["nonsense"], "nonsense"), (["groups", "--nonsense"], "--nonsense"), (["token", "create"], "--name"),
                         ([], "")):
        ran = run_tocsin(*wrong)
        expect(ran.code not in (0, None) and ran.err, f"`tocsin {' '.join(wrong)}` should fail, and say why")
        expect_in(named, ran.err, f"`tocsin {' '.join(wrong)}` names what is wrong")
    expect("test-clock" not in run_tocsin("serve", "--help").out, "hidden flags are shown")


@scenario("An empty folder: token and integration first, then the server, then an alert")
def first_start(stage):
    server = stage.server(start=False)
    server.port = free_port()
    made = server.cli("token", "create", "--name", "first").must_work()
    expect(re.fullmatch("[0-9a-f]{64}", made.last_word), f"the token is the last word: {made.out}")
    key = server.data / "master.key"
    expect_equal(stat.S_IMODE(key.stat().st_mode), 0o600, "rights of the master key")
    expect_equal(stat.S_IMODE(server.data.stat().st_mode) & 0o077, 0, "rights of others on the data folder")
    url = server.cli("integration", "create", "--type", "webhook", "--name", "Production").must_work().last_word
    expect(re.search("/integrations/v1/webhook/[A-Za-z0-9]{25}/$", url), f"the URL is the last word: {url}")

    server.start()
    client = server.client(made.last_word)
    path = url[url.index("/integrations"):]
    answer = server.client(None).post(path, {"title": "Backup failed"}).must_be(200)
    expect_equal(answer.text, '"Ok."', "the answer to an alert")
    expect_equal(len(answer.receipt), 1, "alerts in the receipt")
    groups = client.ask("alert_groups/")["results"]
    expect_equal([(g["title"], g["state"], g["alerts_count"]) for g in groups], [("Backup failed", "firing", 1)], "the groups")
    listed = server.cli("groups").must_work().out
    expect_in("Backup failed", listed, "tocsin groups")
    expect_in(groups[0]["id"], listed, "tocsin groups")
    shown = server.cli("group", groups[0]["id"]).must_work().out
    for part in ("Backup failed", "firing", "registered", "web.title"):
        expect_in(part, shown, "tocsin group")
    expect_equal(server.stop(), 0, "the exit code")
    secrets = [made.last_word, path.rstrip("/").rsplit("/", 1)[1]]
    for file in server.data.iterdir():
        content = file.read_bytes()
        for secret in secrets:
            expect(secret.encode() not in content, f"{file.name} holds a token in clear text")


@scenario("--output json everywhere gives JSON that says the same")
def json_output(stage):
    server = stage.server()
    token = server.cli("token", "create", "--name", "j", "--output", "json").must_work().json
    expect_equal(server.client(token["token"]).api("GET", "users/current/").status, 200, "the token in JSON works")
    made = server.cli("integration", "create", "--type", "alertmanager", "--name", "AM", "--output", "json").must_work().json
    expect_in("/integrations/v1/alertmanager/", made["url"], "the URL in JSON")
    payload = stage.write("payload.json", json.dumps({"status": "firing", "groupLabels": {"alertname": "DiskFull"}}))
    sent = server.cli("send", "--integration", "AM", payload, "--output", "json").must_work().json
    given = server.cli("send", "--to", made["url"], "--output", "json", given=payload.read_text()).must_work().json
    for each in (sent, given):
        expect_in("A", json.dumps(each), "the receipt")
    groups = server.cli("groups", "--output", "json").must_work().json
    groups = groups["results"] if isinstance(groups, dict) else groups
    expect_equal([g["title"] for g in groups], ["DiskFull"], "groups in JSON")
    group = server.cli("group", groups[0]["id"], "--output", "json").must_work().json
    expect(group.get("timeline"), "a group in JSON has a timeline")
    for words in (["token", "list"], ["integration", "list"]):
        expect(server.cli(*words, "--output", "json").must_work().json, f"tocsin {' '.join(words)}")
    for words in (["catalog", "list"], ["catalog", "show", "alertmanager"], ["config", "show"]):
        expect(run_tocsin(*words, "--output", "json").must_work().json, f"tocsin {' '.join(words)}")
    rendered = run_tocsin("template", "render", "--payload", str(payload), "{{ payload.groupLabels.alertname }}").must_work()
    expect_equal(rendered.out.strip(), "DiskFull", "tocsin template render")
    good = stage.write("good.j2", "{{ payload.groupLabels.alertname }}")
    bad = stage.write("bad.j2", "{{ payload.groupLables.alertname }}")
    run_tocsin("template", "check", "--payload", str(payload), str(good)).must_work()
    checked = run_tocsin("template", "check", "--payload", str(payload), str(good), str(bad), "--output", "json")
    expect_equal(checked.code, 1, "the exit code of template check with a finding")
    expect_equal([len(each["findings"]) for each in json.loads(checked.out)], [0, 1], "findings of template check")
    expect_in("groupLabels", json.loads(checked.out)[1]["findings"][0]["hint"], "the hint of template check")
    lines = json.dumps({"id": "1", "template": "{{ payload.a }}", "context": {"payload": {"a": 7}}}) + "\n" + \
        json.dumps({"id": "2", "template": "{{ payload", "context": {}}) + "\n"
    answers = [json.loads(line) for line in run_tocsin("template", "batch", given=lines).must_work().out.splitlines()]
    expect_equal(answers[0], {"id": "1", "output": "7"}, "template batch")
    expect_equal((answers[1]["id"], answers[1]["error"]["kind"]), ("2", "syntax"), "template batch of an error")


@scenario("Commands beside a running server take effect within a second")
def commands_beside_the_server(stage):
    server = stage.server()
    client = server.client()
    path = server.integration("webhook", "Beside")
    eventually(lambda: server.client(None).post(path, {"title": "x"}).status == 200, "a new URL takes alerts", 1)
    token = server.cli("token", "create", "--name", "beside", "--output", "json").must_work().json
    eventually(lambda: server.client(token["token"]).api("GET", "users/current/").status == 200, "a new token is known", 1)
    server.cli("token", "revoke", token["id"]).must_work()
    eventually(lambda: server.client(token["token"]).api("GET", "users/current/").status == 403, "a revoked token is refused", 1)
    group = client.ask("alert_groups/")["results"][0]["id"]
    server.cli("acknowledge", group).must_work()
    eventually(lambda: client.ask(f"alert_groups/{group}/")["state"] == "acknowledged", "an acknowledgement is seen", 1)
    entry = client.ask(f"alert_groups/{group}/timeline/")["results"][-1]
    expect_equal((entry["kind"], entry["via"]), ("acknowledged", "cli"), "the timeline says from where")
    server.cli("integration", "delete", "Beside").must_work()
    eventually(lambda: server.client(None).post(path, {"title": "x"}).status == 403, "a deleted URL takes no alerts", 1)


def refusal(*flags, environment=None, file=None, stage=None, data="data"):
    """What a server that must not start says."""
    words = ["serve", "--data", stage.folder / data, "--listen", "127.0.0.1:0", *flags]
    if file is not None:
        words += ["--config", stage.write("tocsin.toml", file)]
    ran = run_tocsin(*words, environment=environment)
    expect(ran.code != 0, f"the server started in spite of {flags or environment or file}")
    return ran.err


@scenario("Configuration errors name the key and its place")
def configuration_errors(stage):
    cases = [
        (dict(file="public_ulr = 'http://x'\n"), ["public_ulr", "tocsin.toml"]),
        (dict(file="body_limit = 'much'\n"), ["body_limit", "much", "tocsin.toml"]),
        (dict(file="listen = \n"), ["tocsin.toml", "1"]),
        (dict(environment={"TOCSIN_NONSENSE": "1"}), ["TOCSIN_NONSENSE"]),
        (dict(environment={"TOCSIN_BODY_LIMIT": "-3"}), ["TOCSIN_BODY_LIMIT", "-3"]),
        (dict(environment={"TOCSIN_LOG_LEVEL": "loud"}), ["TOCSIN_LOG_LEVEL", "loud"]),
    ]
    for what, parts in cases:
        said = refusal(stage=stage, **what)
        for part in parts:
            expect_in(part, said, f"what is said of {what}")
    for flags, part in ((["--public-url", "ftp://x"], "--public-url"), (["--body-timeout", "soon"], "--body-timeout"),
                        (["--tls-cert", "/nowhere"], "--tls-key"), (["--trusted-proxy", "nonsense"], "nonsense"),
                        (["--tls-cert", "/nowhere.pem", "--tls-key", "/nowhere.key"], "/nowhere"),
                        (["--config", "/nowhere.toml"], "/nowhere.toml"), (["--catalog", "/nowhere"], "/nowhere")):
        expect_in(part, refusal(*flags, stage=stage), f"what is said of {flags}")
    said = refusal("--header-limit", "x", "--body-limit", "y", stage=stage)
    for part in ("--header-limit", "--body-limit"):
        expect_in(part, said, "all mistakes are told at once")
    said = refusal("--test-clock", stage.folder / "c", stage=stage)
    expect_in("TOCSIN_TEST", said, "the test clock is refused")
    said = run_tocsin("serve", "--data", stage.folder / "d", "--listen", "0.0.0.0:0", "--test-clock", stage.folder / "c",
                      environment={"TOCSIN_TEST": "1"}).err
    expect_in("loopback", said, "the test clock is refused on an open address")
    (stage.folder / "file").write_text("x")
    expect_in("file", refusal(stage=stage, data="file"), "a data folder that is a file")


@scenario("Flags win over the environment, the environment over the file")
def configuration_order(stage):
    file = stage.write("tocsin.toml", "public_url = 'http://of.file'\ningest_burst = 4711\nlog_level = 'debug'\n")
    def link(*flags, environment=None):
        server = stage.server("--config", file, *flags, environment=environment)
        made = server.client().api("POST", "integrations/", {"type": "webhook"}).must_be(201).json
        expect_equal(server.client().ask(f"integrations/{made['id']}/intake/")["effective_rate_burst"], 4711, "what only the file says")
        server.stop()
        return made["link"]
    expect(link().startswith("http://of.file/"), "the file's value")
    expect(link(environment={"TOCSIN_PUBLIC_URL": "http://of.environment"}).startswith("http://of.environment/"), "the environment's")
    expect(link("--public-url", "http://of.flag/sub/", environment={"TOCSIN_PUBLIC_URL": "http://of.environment"})
           .startswith("http://of.flag/sub/integrations/"), "the flag's value")


@scenario("Two servers never share a data folder, and a port in use is told")
def one_server_a_folder(stage):
    server = stage.server()
    second = run_tocsin("serve", "--data", server.data, "--listen", "127.0.0.1:0")
    expect(second.code != 0, "a second server started on the same folder")
    expect_in(str(server.data), second.err, "it says which folder")
    other = run_tocsin("serve", "--data", stage.folder / "other", "--listen", f"127.0.0.1:{server.port}")
    expect(other.code != 0, "a second server started on the same port")
    expect_in(str(server.port), other.err, "it says which port")
    expect(server.is_alive(), "the first server lives")
