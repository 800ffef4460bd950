"""What every scenario stands on: the real server in a folder of its own, its command line, HTTP, raw sockets, its clock.

A scenario is a function marked `@scenario("what it shows")` that takes a Stage; `run.py` finds and runs it. What a
Stage started is ended with it, and the server's log is shown when the scenario fails.
"""
import base64
import contextlib
import gzip
import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time
import urllib.parse

PROJECT = pathlib.Path(__file__).resolve().parent.parent.parent
BINARY = os.environ.get("TOCSIN_BINARY", str(PROJECT / "build" / "release" / "tocsin"))
PATIENCE = float(os.environ.get("TOCSIN_PATIENCE", "20"))  # seconds that anything may take before it counts as missing

SCENARIOS = []


class Failed(AssertionError):
    """What was expected, and what came."""


class Skipped(Exception):
    """Something that the scenario needs is not on this machine."""


def scenario(what, alone=False, limit=120):
    """Marks a scenario. `alone`: nothing else runs beside it. `limit`: seconds after which it counts as failed."""
    def mark(function):
        SCENARIOS.append({"name": function.__name__.replace("_", "-"), "what": what, "function": function,
                          "alone": alone, "limit": limit})
        return function
    return mark


def expect(truth, what):
    if not truth:
        raise Failed(what)


def expect_equal(found, wanted, what):
    if found != wanted:
        raise Failed(f"{what}: expected {wanted!r}, found {found!r}")


def expect_in(part, whole, what):
    if part not in whole:
        raise Failed(f"{what}: expected {part!r} in {whole if len(str(whole)) < 3000 else str(whole)[:3000] + '…'!r}")


def eventually(ask, what, seconds=None):
    """The first true answer of `ask`; asked again and again until then."""
    end = time.monotonic() + (seconds or PATIENCE)
    answer = ask()
    while not answer:
        if time.monotonic() > end:
            raise Failed(f"{what}: not within {seconds or PATIENCE:g} seconds (last answer: {answer!r})")
        time.sleep(0.02)
        answer = ask()
    return answer


class Answer:
    """An HTTP answer. Header names are in lower case."""

    def __init__(self, status, headers, body):
        self.status, self.body = status, body
        self.headers = {name.lower(): value for name, value in headers}

    @property
    def text(self):
        return self.body.decode("utf-8", "replace")

    @property
    def json(self):
        try:
            return json.loads(self.body)
        except ValueError:
            raise Failed(f"the answer {self.status} is not JSON: {self.text[:500]}") from None

    @property
    def receipt(self):
        """The ids of the alerts that the answer speaks of."""
        ids = self.headers.get("x-tocsin-receipt", "")
        return ids.split(",") if ids else []

    def must_be(self, *statuses):
        if self.status not in statuses:
            raise Failed(f"expected {' or '.join(map(str, statuses))}, found {self.status}: {self.text[:1000]}")
        return self


class Client:
    """One keep-alive connection, made again when the server has closed it. Not for two threads at once."""

    def __init__(self, port, token=None, tls=None, host="127.0.0.1"):
        self.port, self.token, self.tls, self.host = port, token, tls, host
        self._connection = None

    def close(self):
        if self._connection:
            self._connection.close()
        self._connection = None

    def request(self, method, path, body=None, headers=None, timeout=PATIENCE):
        headers = dict(headers or {})
        if isinstance(body, (dict, list)):
            body = json.dumps(body).encode()
            headers.setdefault("Content-Type", "application/json")
        elif isinstance(body, str):
            body = body.encode()
        if self.token and not any(name.lower() == "authorization" for name in headers):
            headers["Authorization"] = self.token
        if path.startswith("http"):
            parts = urllib.parse.urlsplit(path)
            path = parts.path + ("?" + parts.query if parts.query else "")
        for attempt in (1, 2):
            fresh = self._connection is None
            if fresh:
                make = http.client.HTTPSConnection if self.tls else http.client.HTTPConnection
                self._connection = make(self.host, self.port, timeout=timeout, **({"context": self.tls} if self.tls else {}))
            try:
                self._connection.request(method, path, body, headers)
                answer = self._connection.getresponse()
                return Answer(answer.status, answer.getheaders(), answer.read())
            except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
                self.close()
                if fresh or attempt == 2:
                    raise
            except (OSError, http.client.HTTPException):
                self.close()
                raise
        return None

    def get(self, path, **more):
        return self.request("GET", path, **more)

    def post(self, path, body=None, headers=None):
        return self.request("POST", path, body, headers)

    def api(self, method, path, body=None, **more):
        return self.request(method, "/api/v1/" + path, body, **more)

    def ask(self, path):
        """The JSON of a GET that must succeed."""
        return self.api("GET", path).must_be(200).json

    def pages(self, path):
        """Every result of a list, page by page along `next`."""
        found, url = [], "/api/v1/" + path
        while url:
            page = self.get(url).must_be(200).json
            found += page["results"]
            url = page["next"]
        return found


class Clock:
    """The server's test clock."""

    def __init__(self, path):
        self.path = path

    def say(self, line):
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(60)
            connection.connect(str(self.path))
            connection.sendall(line.encode() + b"\n")
            answer = connection.makefile().readline().strip()
        expect(not answer.startswith("error"), f"the test clock, told '{line}', says: {answer}")
        return answer

    def now(self):
        return self.say("now")

    def set(self, time_text):
        return self.say("set " + time_text)

    def advance(self, length):
        """Moves on, then waits until nothing is left to do."""
        now = self.say("advance " + length)
        self.idle()
        return now

    def idle(self):
        expect_equal(self.say("idle"), "idle", "the server comes to rest")


class Ran:
    """What a command printed, and its exit code."""

    def __init__(self, run):
        self.code, self.out, self.err = run.returncode, run.stdout, run.stderr

    @property
    def json(self):
        try:
            return json.loads(self.out)
        except ValueError:
            raise Failed(f"the output is not JSON: {self.out[:500]}") from None

    @property
    def last_word(self):
        words = self.out.split()
        return words[-1] if words else ""

    def must_work(self):
        expect(self.code == 0, f"a command failed with {self.code}: {self.err or self.out}")
        return self


def clean_environment(more=None):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TOCSIN_")}
    environment.update(more or {})
    return environment


def run_tocsin(*arguments, environment=None, given=None, cwd=None):
    run = subprocess.run([BINARY, *map(str, arguments)], input=given, capture_output=True, text=True, cwd=cwd,
                         env=clean_environment(environment), timeout=60)
    return Ran(run)


class Server:
    """A tocsin server with its data folder. Started by the Stage; may be killed and started again on the same data."""

    def __init__(self, stage, data, flags=(), environment=None, test_clock=False, tls=None):
        self.stage, self.data, self.flags = stage, pathlib.Path(data), list(flags)
        self.environment = dict(environment or {})
        self.log_path = stage.folder / f"{self.data.name}.log"
        self.tls = tls
        self.port = 0
        self.process = None
        self.clock = Clock(stage.folder / f"{self.data.name}.clock") if test_clock else None
        self._token = None

    def start(self, wait=True, prepare=None):
        """`prepare` runs in the child before the server does."""
        command = [BINARY, "serve", "--data", str(self.data), "--listen", f"127.0.0.1:{self.port}", *map(str, self.flags)]
        environment = clean_environment(self.environment)
        if self.clock:
            command += ["--test-clock", str(self.clock.path)]
            environment["TOCSIN_TEST"] = "1"
        self._said = self.log_path.open("ab")
        mark = self.log_path.stat().st_size if self.log_path.exists() else 0
        self.process = subprocess.Popen(command, stdout=self._said, stderr=self._said, env=environment,
                                        preexec_fn=prepare)
        if wait:
            self.wait_ready(mark)
        return self

    def wait_ready(self, mark=0):
        def listening():
            expect(self.process.poll() is None, f"the server ended at its start with {self.process.poll()}")
            for line in self.log()[mark:].splitlines():
                if " listens on " in line:
                    url = line.split(" listens on ", 1)[1].split()[0]
                    return urllib.parse.urlsplit(url if "://" in url else "http://" + url).port
            return None
        self.port = eventually(listening, "the server says where it listens")

        def ready():
            with contextlib.suppress(OSError, http.client.HTTPException):
                return self.client(None).get("/ready").status == 200
            return False
        eventually(ready, "the server is ready")

    def log(self):
        return self.log_path.read_text("utf-8", "replace") if self.log_path.exists() else ""

    def is_alive(self):
        return self.process is not None and self.process.poll() is None

    def signal(self, number):
        self.process.send_signal(number)

    def stop(self, seconds=40):
        """Ends gracefully; the exit code."""
        if not self.is_alive():
            return self.process.returncode if self.process else None
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise Failed(f"the server does not end within {seconds} seconds of SIGTERM") from None

    def kill(self):
        """As a power cut ends it."""
        if self.is_alive():
            self.process.kill()
        if self.process:
            self.process.wait()

    def restart(self):
        self.stop()
        return self.start()

    def client(self, token=""):
        """A new connection; with the admin's token unless another (or None) is given."""
        return Client(self.port, self.token if token == "" else token, self.tls)

    @property
    def token(self):
        if self._token is None:
            self._token = self.cli("token", "create", "--name", "scenario").must_work().last_word
        return self._token

    def cli(self, *arguments, **more):
        """A command on this server's data folder."""
        words = list(arguments)
        number = next((i for i, word in enumerate(words) if str(word).startswith("-")), len(words))
        return run_tocsin(*words[:number], "--data", self.data, *words[number:], **more)

    def integration(self, kind="webhook", name=None):
        """Makes one by command line and gives the path of its URL."""
        name = name or f"{kind} {time.monotonic_ns()}"
        url = self.cli("integration", "create", "--type", kind, "--name", name).must_work().last_word
        return urllib.parse.urlsplit(url).path

    def raw(self, request, seconds=5, shut=False):
        """Sends bytes, and gives whatever comes back until the peer closes or is silent for `seconds`."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=seconds) as connection:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                for part in request if isinstance(request, (list, tuple)) else [request]:
                    connection.sendall(part)
                if shut:
                    connection.shutdown(socket.SHUT_WR)
            got = b""
            with contextlib.suppress(TimeoutError, ConnectionResetError):
                while part := connection.recv(65536):
                    got += part
                    if is_complete(got):
                        break
            return got


def is_complete(answer):
    """Is it a whole HTTP answer with a Content-Length?"""
    head, mark, body = answer.partition(b"\r\n\r\n")
    if not mark:
        return False
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            return len(body) >= int(value)
    return head.startswith((b"HTTP/1.1 204", b"HTTP/1.1 304"))


class Stage:
    """A folder of its own, and everything that a scenario started in it."""

    def __init__(self, name):
        # Short, because the path of a Unix socket is.
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix=f"tocsin-{name[:20]}-"))
        self.servers, self.processes = [], []

    def server(self, *flags, start=True, name=None, **more):
        server = Server(self, self.folder / (name or f"data{len(self.servers)}"), flags, **more)
        self.servers.append(server)
        return server.start() if start else server

    def run(self, name, command, **more):
        """A process beside the server, its output in NAME.log."""
        log = (self.folder / f"{name}.log").open("wb")
        process = subprocess.Popen(list(map(str, command)), stdout=log, stderr=log, **more)
        self.processes.append((name, process))
        return process

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def close(self, keep=False):
        for _, process in self.processes:
            if process.poll() is None:
                process.kill()
                process.wait()
        for server in self.servers:
            server.kill()
        if not keep:
            shutil.rmtree(self.folder, ignore_errors=True)

    def tails(self, lines=40):
        """The end of every log."""
        parts = []
        for path in sorted(self.folder.glob("*.log")):
            end = path.read_text("utf-8", "replace").splitlines()[-lines:]
            if end:
                parts.append(f"--- {path.name}\n" + "\n".join(end))
        return "\n".join(parts)


def need(program):
    path = shutil.which(program)
    if path is None:
        raise Skipped(f"{program} is not installed")
    return path


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def alertmanager_body(name="DiskSpaceLow", status="firing", instances=("db-1",), **labels):
    """A notification as Alertmanager sends it, of about 1.5 KB for two instances."""
    common = {"alertname": name, "cluster": "eu-1", "severity": "warning", **labels}
    alerts = [{"status": status, "labels": {**common, "instance": f"{each}:9100", "mountpoint": "/var"},
               "annotations": {"summary": "Less than 10% of disk space left", "runbook_url": "https://runbooks.example.org/disk"},
               "startsAt": "2026-01-15T03:12:00Z", "endsAt": "0001-01-01T00:00:00Z",
               "generatorURL": "http://prometheus.example.org:9090/graph?g0.expr=disk", "fingerprint": f"8a1f0c3d5e7b9a{i:02d}"}
              for i, each in enumerate(instances)]
    return {"receiver": "tocsin", "status": status, "alerts": alerts, "groupLabels": {"alertname": name, "cluster": "eu-1"},
            "commonLabels": common, "commonAnnotations": alerts[0]["annotations"] if alerts else {},
            "externalURL": "http://alertmanager.example.org:9093", "version": "4",
            "groupKey": f"{{}}:{{alertname=\"{name}\", cluster=\"eu-1\"}}", "truncatedAlerts": 0}


def gzipped(text):
    return gzip.compress(text.encode() if isinstance(text, str) else text)


def basic(user, password):
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def trusting(certificate):
    """A TLS context that trusts just this certificate."""
    context = ssl.create_default_context(cafile=str(certificate))
    context.check_hostname = False
    return context
