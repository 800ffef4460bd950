"""What comes in at an integration's URL: every content type, receipts, rate limits, many at once."""
import concurrent.futures
import json
import socket
import subprocess
import zlib

from harness import alertmanager_body, expect, expect_equal, expect_in, gzipped, need, run_tocsin, scenario


def alert_of(client, answer):
    """The alert that a receipt speaks of; it must be there at once."""
    answer.must_be(200)
    expect_equal(len(answer.receipt), 1, "alerts in the receipt")
    return client.ask(f"alerts/{answer.receipt[0]}/")


@scenario("curl with every content type: each becomes a payload, found by its receipt right after the 200")
def content_types(stage):
    curl = need("curl")
    server = stage.server()
    client, path = server.client(), server.integration("webhook")
    url = f"http://127.0.0.1:{server.port}{path}"

    def send(*words, given=None):
        run = subprocess.run([curl, "-sS", "-i", *words], input=given, capture_output=True, timeout=20)
        head, _, body = run.stdout.decode().rpartition("\r\n\r\n")
        expect(head.split("\r\n\r\n")[-1].startswith("HTTP/1.1 200"), f"curl {words}: {run.stdout.decode()} {run.stderr.decode()}")
        expect_equal(body, '"Ok."', "the body of the answer")
        receipt = next(line.split(": ")[1] for line in head.split("\r\n") if line.lower().startswith("x-tocsin-receipt:"))
        return client.ask(f"alerts/{receipt}/")["payload"]

    text = '{"title": "a", "n": 12345678901234567890, "f": 1.0, "u": "é\\u20ac"}'
    wanted = {"title": "a", "n": 12345678901234567890, "f": 1.0, "u": "é€"}
    for kind in ("application/json", "application/json; charset=utf-8", "text/plain", "application/xml", "", "nonsense",
                 "application/vnd.github+json", "application/x-www-form-urlencoded"):
        expect_equal(send("-H", f"Content-Type: {kind}", "--data-binary", text, url), wanted, f"JSON as {kind!r}")
    expect_equal(send("-d", text, url), wanted, "JSON by curl -d")
    expect_equal(send("-d", text, url.rstrip("/")), wanted, "without the trailing slash")
    expect_equal(send("-H", "Accept: text/plain", "-d", text, url), wanted, "whatever is accepted")
    expect_equal(send("-H", "Content-Type:", "--data-binary", "\ufeff" + text, url), wanted, "with a byte order mark")
    expect_equal(send("-d", "title=Disk+full&host=db%2D1&empty=", url), {"title": "Disk full", "host": "db-1", "empty": ""}, "a form")
    expect_equal(send("-F", "title=Disk full", "-F", "host=db-1", url), {"title": "Disk full", "host": "db-1"}, "multipart")
    expect_equal(send("-H", "Content-Type: text/plain", "--data-binary", "Disk full\non db-1", url), {"message": "Disk full\non db-1"}, "text")
    for body in ("[1, 2]", '"text"', "7", "true", "null"):
        expect_equal(send("-H", "Content-Type: application/json", "-d", body, url), json.loads(body), f"JSON that is no object: {body}")
    expect_equal(send("-H", "Transfer-Encoding: chunked", "-H", "Content-Type: application/json", "-T", "-", "-X", "POST", url,
                      given=text.encode()), wanted, "chunked")
    expect_equal(send("--http1.0", "-d", text, url), wanted, "HTTP/1.0")
    expect_equal(send("-H", "Expect: 100-continue", "-d", json.dumps({"title": "x" * 100_000}), url), {"title": "x" * 100_000}, "100-continue")
    groups = client.pages("alert_groups/?perpage=100")
    expect(all(g["title"] for g in groups), f"every group has a title: {[g['title'] for g in groups]}")


@scenario("gzip and deflate bodies, chunked in small pieces, several requests in one packet")
def codings(stage):
    server = stage.server()
    client, path = server.client(), server.integration("webhook")
    text = json.dumps({"title": "packed"})
    sender = server.client(None)
    raw_deflate = zlib.compressobj(wbits=-15)
    for coding, body in (("gzip", gzipped(text)), ("x-gzip", gzipped(text)), ("deflate", zlib.compress(text.encode())),
                         ("deflate", raw_deflate.compress(text.encode()) + raw_deflate.flush()), ("identity", text.encode())):
        answer = sender.post(path, body, {"Content-Encoding": coding, "Content-Type": "application/json"})
        expect_equal(alert_of(client, answer)["payload"], {"title": "packed"}, f"a body in {coding}")
    pieces = b"".join(b"%x;ext=1\r\n%s\r\n" % (len(text[i:i + 3]), text[i:i + 3].encode()) for i in range(0, len(text), 3))
    head = f"POST {path} HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    answer = server.raw([head] + [pieces[i:i + 1] for i in range(len(pieces))] + [b"0\r\nTrailer: x\r\n\r\n"])
    expect(answer.startswith(b"HTTP/1.1 200"), f"chunks byte by byte: {answer!r}")
    one = f"POST {path} HTTP/1.1\r\nHost: t\r\nContent-Length: {len(text)}\r\n".encode()
    last = one + b"Connection: close\r\n\r\n" + text.encode()
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall((one + b"\r\n" + text.encode()) * 4 + last)
        got = b""
        while part := connection.recv(65536):
            got += part
    expect_equal(got.count(b"HTTP/1.1 200 OK"), 5, "answers to five requests in one packet")


@scenario("Every body that an Alertmanager or Grafana URL may get makes a readable group")
def odd_bodies_everywhere(stage):
    server = stage.server()
    client, sender = server.client(), server.client(None)
    for kind in ("alertmanager", "grafana_alerting", "grafana", "formatted_webhook", "webhook"):
        path = server.integration(kind)
        for body in ("[]", "[1]", "null", "true", '"disk full"', "7", "{}", '{"alerts": null}', '{"alerts": [null]}', "plain text"):
            answer = sender.post(path, body, {"Content-Type": "text/plain"}).must_be(200)
            for receipt in answer.receipt:
                alert = client.ask(f"alerts/{receipt}/")
                group = client.ask(f"alert_groups/{alert['alert_group_id']}/")
                expect(group["title"], f"{kind} given {body}: the group has no title")
                expect(not json.dumps(alert["trace"]).count('"error"'), f"{kind} given {body}: a template failed: {alert['trace']}")


@scenario("The page of an integration's URL says what it is for, and is self-contained")
def the_page(stage):
    server = stage.server()
    path = server.integration("alertmanager", "Production <b>")
    secret = path.rstrip("/").rsplit("/", 1)[1]
    for url in (path, path.rstrip("/")):
        page = server.client(None).get(url).must_be(200)
        expect_in("text/html", page.headers["content-type"], "the page's type")
        for part in ("Alertmanager", "curl"):
            expect_in(part, page.text, "the page")
        expect("Production <b>" not in page.text, "the name is not escaped")
        expect(secret not in page.text, "the page shows the secret")
        for part in ("<script", "<link", "<img", "@import", "http://cdn", "https://cdn"):
            expect(part not in page.text, f"the page is not self-contained: {part}")
    head = server.client(None).request("HEAD", path).must_be(200)
    expect_equal(head.body, b"", "HEAD has no body")
    expect_in("POST", server.client(None).request("OPTIONS", path).must_be(200).headers["allow"], "OPTIONS")
    expect_equal(server.client().ask("alert_groups/")["count"], 0, "groups made by looking at the page")
    server.client(None).get(path[:-3] + "/").must_be(403)


@scenario("Over the rate: 429 with Retry-After, counted, shown, and over when it says")
def rate_limit(stage):
    server = stage.server("--ingest-rate", "2", "--ingest-burst", "5", test_clock=True)
    client, sender = server.client(), server.client(None)
    path, other = server.integration("webhook", "Busy"), server.integration("webhook", "Quiet")
    statuses = [sender.post(path, {"title": str(i)}).status for i in range(8)]
    expect_equal(statuses, [200] * 5 + [429] * 3, "the answers")
    refused = sender.post(path, {"title": "more"}).must_be(429)
    wait = int(refused.headers["retry-after"])
    expect(1 <= wait <= 2, f"Retry-After is {wait}")
    expect_in("Busy", refused.text, "the answer says which integration")
    sender.post(other, {"title": "other"}).must_be(200)
    busy = client.ask("integrations/?name=Busy")["results"][0]["id"]
    shown = client.ask(f"integrations/{busy}/intake/")
    expect_equal((shown["accepted"], shown["refused_rate"]), (5, 4), "what the integration shows")
    expect(shown["last_refused_at"], "when the last was refused")
    metrics = sender.get("/metrics").must_be(200).text
    expect_in('tocsin_ingest_requests_total{outcome="rate_limited"} 4', metrics, "the metric")
    server.clock.advance(f"{wait}s")
    sender.post(path, {"title": "later"}).must_be(200)
    # A batch costs what it holds.
    server.clock.advance("60s")
    many = server.integration("grafana", "Batches")
    body = {"alerts": [{"labels": {"n": str(i)}} for i in range(4)]}
    expect_equal([sender.post(many, body).status for _ in range(2)], [200, 429], "batches of four")


@scenario("64 posts of one problem at the same instant open one group")
def at_the_same_instant(stage):
    server = stage.server()
    client, path = server.client(), server.integration("alertmanager")
    senders = [server.client(None) for _ in range(64)]
    for sender in senders:
        sender.get("/health")
    with concurrent.futures.ThreadPoolExecutor(64) as pool:
        for round_number in range(5):
            body = alertmanager_body(f"Problem{round_number}")
            answers = list(pool.map(lambda sender: sender.post(path, body), senders))
            receipts = {answer.must_be(200).receipt[0] for answer in answers}
            expect_equal(len(receipts), 64, "different receipts")
    groups = client.ask("alert_groups/")["results"]
    expect_equal(sorted((g["title"], g["alerts_count"]) for g in groups),
                 [(f"Problem{i} (eu-1)", 64) for i in range(5)], "the groups")
    expect_equal(sorted(client.ask(f"alert_groups/{g['id']}/details/")["number"] for g in groups), [1, 2, 3, 4, 5],
                 "their numbers have no gaps")


@scenario("A batch is committed whole, and its receipt says how many")
def batch_receipts(stage):
    server = stage.server()
    client, path = server.client(), server.integration("grafana")
    answer = server.client(None).post(path, {"alerts": [{"labels": {"alertname": f"a{i % 7}", "i": str(i)}} for i in range(150)]})
    expect_equal((answer.must_be(200).headers["x-tocsin-receipt-count"], len(answer.receipt)), ("150", 100), "a large receipt")
    expect_equal(client.ask("alerts/")["count"], 150, "alerts")
    expect_equal(client.ask("alert_groups/")["count"], 7, "groups")
    none = server.client(None).post(path, {"alerts": []}).must_be(200)
    expect("x-tocsin-receipt" not in none.headers, "a body without alerts has no receipt")


@scenario("The demo alert, and types that a folder adds or overrides")
def catalogue(stage):
    folder = stage.folder / "types"
    stage.write("types/pump/manifest.json", json.dumps({"name": "Pump station", "description": "Pumps", "format": "plain"}))
    stage.write("types/pump/templates/web.title.j2", "Pump {{ payload.pump }}\n")
    stage.write("types/pump/templates/grouping_key.j2", "{{ payload.pump }}\n")
    stage.write("types/pump/example.json", '{"pump": 7}')
    stage.write("types/webhook/templates/web.title.j2", "Ours: {{ payload.title }}\n")
    server = stage.server("--catalog", folder)
    client, sender = server.client(), server.client(None)
    slugs = [t["id"] if "id" in t else t["slug"] for t in client.pages("catalog/")]
    for slug in ("alertmanager", "grafana_alerting", "grafana", "webhook", "formatted_webhook", "manual", "pump"):
        expect_in(slug, slugs, "the catalogue")
    made = server.cli("integration", "create", "--type", "pump", "--name", "P", "--catalog", folder).must_work().last_word
    sender.post(made[made.index("/integrations"):], {"pump": 3}).must_be(200)
    made = client.api("POST", "integrations/", {"type": "webhook", "name": "W"}).must_be(201).json
    sender.post(made["link"], {"title": "t"}).must_be(200)
    expect_equal(sorted(g["title"] for g in client.ask("alert_groups/")["results"]), ["Ours: t", "Pump 3"], "titles")
    made = client.api("POST", "integrations/", {"type": "alertmanager", "name": "AM"}).must_be(201).json
    client.api("POST", f"integrations/{made['id']}/demo_alert/").must_be(200, 201)
    client.api("POST", f"integrations/{made['id']}/demo_alert/").must_be(200, 201)
    demos = [g for g in client.ask("alert_groups/")["results"] if g["integration_id"] == made["id"]]
    expect_equal([g["title"] for g in demos], ["DiskSpaceLow (eu-1)"] * 2, "each demo alert opens a group of its own")
    stage.write("types/pump/templates/nonsense.j2", "x")
    server.stop()
    broken = run_tocsin("serve", "--data", server.data, "--listen", "127.0.0.1:0", "--catalog", folder)
    expect(broken.code != 0, "a broken catalogue starts")
    expect_in("nonsense", broken.err, "what is wrong with the catalogue")


@scenario("Strange texts and numbers come back as they were sent")
def strange_payloads(stage):
    server = stage.server()
    client, sender, path = server.client(), server.client(None), server.integration("webhook")
    deep = "0"
    for _ in range(200):
        deep = f'{{"d":[{deep}]}}'
    texts = ['{"title":"a\\u0000b"}', '{"a\\u0000":1,"a":2}', '{"title":"\\ud83d\\ude00 \\u2028 \\ufeff"}', '{"n":1e308,"m":-0.0,"k":1E+2,"j":0.1}',
             '{"n":123456789012345678901234567890}', '{"":{"":[]}}', '{"a":1,"a":2}', deep, '{"title":"' + "é" * 300_000 + '"}',
             '[' + ",".join(["1"] * 100_000) + ']', '{"title":"<script>alert(1)</script>&amp;"}', '{"title":"' + "x\\n" * 50 + '"}',
             '{"title":{"nested":true},"message":["list"]}', '{"state":["ok"],"alert_uid":{"a":1}}', '{"alert_uid":0}', '{"alert_uid":"  "}']
    for text in texts:
        alert = alert_of(client, sender.post(path, text, {"Content-Type": "application/json"}))
        expect_equal(alert["payload"], json.loads(text), f"the payload {text[:60]}")
        group = client.ask(f"alert_groups/{alert['alert_group_id']}/")
        expect(group["title"] and len(group["title"]) <= 502, f"the title of {text[:60]}: {group['title'][:100]}")
    # A half of a pair has no place in UTF-8: refused or replaced, but answered, and the API's JSON stays sound.
    for text in ('{"title":"\\ud83d"}', '{"title":"\\ude00\\ud83d","alert_uid":"h"}', '{"\\ud800":1}'):
        answer = sender.post(path, text, {"Content-Type": "application/json"}).must_be(200, 400)
        if answer.status == 200:
            client.ask(f"alerts/{answer.receipt[0]}/")
    large = json.dumps({"title": "large", "rows": [{"n": n, "text": "x" * 90} for n in range(80_000)]})
    expect(len(large) > 9_000_000, "nine megabytes")
    alert = alert_of(client, sender.post(path, large, {"Content-Type": "application/json"}))
    expect_equal(len(alert["payload"]["rows"]), 80_000, "a body of nine megabytes")
    sender.post(path, "x" * (10 * 2**20 + 1)).must_be(413)
    shown = server.cli("groups").must_work().out
    expect("\0" not in shown and "large" in shown, "tocsin groups")
    client.pages("alert_groups/?perpage=100")
