"""Running it: TLS, reloads, stopping under load."""
import concurrent.futures
import http.client
import signal
import socket
import ssl
import subprocess
import threading
import time

from harness import Client, Failed, eventually, expect, expect_equal, need, scenario, trusting


def certificate(stage, name):
    """A certificate and its key, signed by itself."""
    openssl = need("openssl")
    cert, key = stage.folder / f"{name}.pem", stage.folder / f"{name}.key"
    subprocess.run([openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                    "-keyout", key, "-out", cert, "-subj", f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1"],
                   check=True, capture_output=True)
    return cert, key


def shown_certificate(port):
    context = ssl._create_unverified_context()
    with socket.create_connection(("127.0.0.1", port), timeout=10) as plain, context.wrap_socket(plain) as secured:
        return ssl.DER_cert_to_PEM_cert(secured.getpeercert(binary_form=True))


@scenario("HTTPS, and a new certificate at SIGHUP without a lost connection")
def tls(stage):
    first, first_key = certificate(stage, "first")
    second, second_key = certificate(stage, "second")
    cert, key = stage.write("live.pem", first.read_text()), stage.write("live.key", first_key.read_text())
    server = stage.server("--tls-cert", cert, "--tls-key", key, tls=trusting(first))
    client = server.client()
    made = client.api("POST", "integrations/", {"type": "webhook"}).must_be(201).json
    expect(made["link"].startswith("https://"), f"the link: {made['link']}")
    client.post(made["link"], {"title": "secured"}).must_be(200)
    plain = server.raw(b"GET /health HTTP/1.1\r\nHost: t\r\n\r\n")
    expect(plain == b"" or b"400" in plain.split(b"\r\n")[0], f"plain HTTP on a TLS port: {plain!r}")

    cert.write_text(second.read_text())
    key.write_text(second_key.read_text())
    server.signal(signal.SIGHUP)
    eventually(lambda: shown_certificate(server.port).strip() == second.read_text().strip(), "the new certificate is shown")
    client.api("GET", "users/current/").must_be(200)  # the old connection goes on
    Client(server.port, server.token, trusting(second)).api("GET", "users/current/").must_be(200)
    cert.write_text("nonsense")
    server.signal(signal.SIGHUP)
    eventually(lambda: "could not be read again" in server.log(), "the log tells of the bad certificate")
    expect_equal(shown_certificate(server.port).strip(), second.read_text().strip(), "the good certificate stays")


class Load:
    """Posts unique alerts over many connections until told to end; keeps what was acknowledged."""

    def __init__(self, server, path, connections):
        self.server, self.path = server, path
        self.acknowledged, self.refused, self.lock, self.ended = {}, 0, threading.Lock(), threading.Event()
        self.threads = [threading.Thread(target=self.work, args=(i,)) for i in range(connections)]
        for thread in self.threads:
            thread.start()

    def work(self, worker):
        client, number = self.server.client(None), 0
        while not self.ended.is_set():
            number += 1
            name = f"{worker}-{number}"
            try:
                answer = client.post(self.path, {"alert_uid": f"group {number % 10}", "name": name})
            except (OSError, http.client.HTTPException):
                client.close()
                if not self.server.is_alive():
                    return
                continue
            with self.lock:
                if answer.status == 200:
                    self.acknowledged[name] = answer.receipt[0]
                else:
                    self.refused += 1

    def end(self):
        self.ended.set()
        for thread in self.threads:
            thread.join()


def check_nothing_lost(client, acknowledged):
    stored = {}
    for alert in client.pages("alerts/?perpage=100"):
        name = alert["payload"]["name"]
        if name in stored:
            raise Failed(f"the alert {name} is there twice")
        stored[name] = alert["id"]
    lost = [name for name, receipt in acknowledged.items() if stored.get(name) != receipt]
    expect(not lost, f"{len(lost)} of {len(acknowledged)} acknowledged alerts are lost: {lost[:5]}")
    counted = sum(g["alerts_count"] for g in client.pages("alert_groups/?perpage=100"))
    expect_equal(counted, len(stored), "alerts by the counts of the groups")


@scenario("SIGTERM under load: requests in flight are answered, nothing acknowledged is lost")
def graceful_stop(stage):
    server = stage.server("--api-rate", "100000")
    path = server.integration("webhook")
    load = Load(server, path, 16)
    eventually(lambda: len(load.acknowledged) > 300, "the load runs")
    start = time.monotonic()
    code = server.stop()
    took = time.monotonic() - start
    load.end()
    expect_equal(code, 0, "the exit code")
    expect(took < 10, f"stopping took {took:.1f} seconds")
    server.start()
    check_nothing_lost(server.client(), load.acknowledged)


@scenario("A slow request in flight at SIGTERM is still answered")
def in_flight_at_the_end(stage):
    server = stage.server()
    path = server.integration("webhook")
    body = b'{"title": "slow"}'
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.sendall(f"POST {path} HTTP/1.1\r\nHost: t\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body[:5])
        server.client(None).get("/health").must_be(200)
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            stopping = pool.submit(server.stop)
            eventually(lambda: "stopping" in server.log(), "the server stops")
            connection.sendall(body[5:])
            answer = connection.recv(4096)
            expect(answer.startswith(b"HTTP/1.1 200"), f"the answer: {answer!r}")
            expect_equal(stopping.result(), 0, "the exit code")
    server.start()
    expect_equal(server.client().ask("alert_groups/")["results"][0]["title"], "slow", "the alert")
