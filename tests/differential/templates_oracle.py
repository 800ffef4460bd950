#!/usr/bin/python3
"""Compares `tocsin template batch` with the real Jinja2 in OnCall's environment (make_oracle.py beside this file).

Usage: tests/differential/templates_oracle.py [options] random [--seed N] [--count N]
       tests/differential/templates_oracle.py [options] cases FILE.jsonl
       tests/differential/templates_oracle.py record AREA < CASES.jsonl > RECORDED.jsonl
  random  templates and payloads of template_generator.py; the seed is of the clock unless given, and printed
  cases   lines of {"template", "context"}
  record  the answers of the real Jinja2 as cases for tests/cases/jinja/

Output, kind and message of errors, and lines of syntax errors must be the same, but for what docs/templates.md lists.
Prints what differs, what was passed over and why, and `N alike, N differ`; exits with 1 when something differs.
Needs python3-jinja2, python3-regex, python3-tz of Debian 12: with another Python nothing is compared.
"""
import argparse
import concurrent.futures
import hashlib
import json
import os
import re
import subprocess
import sys
import time

from template_generator import Generator, Variations

HERE = os.path.dirname(os.path.abspath(__file__))
GROUP = {"assertion": "syntax", "pysyntax": "syntax"}
CHUNK = 1000
ORACLE_VERSION = "3.11"  # its words are in many messages

# What docs/templates.md lists, by what the real Jinja2 answers.
SKIPPED_TEMPLATES = {
    "half a character": re.compile(r"\\u[dD][89a-fA-F]"),
    "fuzzy matching": re.compile(r"\{[eids]<=?"),
}
SKIPPED = {
    "an address in memory": re.compile(r"(?i)0x[0-9a-f]{6,}|[0-9a-f]{6,}x0|(built-in method|generator object) |<function "),
    "half a character": re.compile("[\ud800-\udfff]|surrogates not allowed"),
    "a complex number": re.compile(r"complex|\d[+-][\d.e+-]+j\)"),
}


def oracle(cases):
    data = "".join(json.dumps(case) + "\n" for case in cases)
    environment = {"PATH": os.environ["PATH"], "PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(["/usr/bin/python3", os.path.join(HERE, "make_oracle.py"), "run"], input=data.encode(), stdout=subprocess.PIPE, env=environment, check=True)
    return [json.loads(line) for line in done.stdout.decode().split("\n") if line]


def engine(binary, cases):
    data = "".join(json.dumps(case) + "\n" for case in cases)
    done = subprocess.run([binary, "template", "batch"], input=data.encode(), stdout=subprocess.PIPE)
    if done.returncode < 0:
        at = cases[done.stdout.count(b"\n")]
        raise SystemExit(f"CRASH (signal {-done.returncode}) at {json.dumps(at)}")
    return [json.loads(line) for line in done.stdout.decode().split("\n") if line]


def reason_to_skip(case, want, got):
    """Why the two need not agree, or None."""
    if "skip" in want:
        return want["skip"]
    if want.get("error") in ("recursion", "memory"):
        return "a limit of Python"
    if got.get("error", {}).get("kind") == "budget":
        return "a budget"
    if "error" in want and got.get("error", {}).get("message", "").startswith("sequence item"):
        return "a filter block that gives no text fails at once"
    for reason, pattern in SKIPPED_TEMPLATES.items():
        if pattern.search(case["template"]):
            return reason
    if re.search(r"operand type\(s\) for -: .*'dict_(keys|items)'", got.get("error", {}).get("message", "")):
        return "a difference of dict views"
    if "complex numbers" in got.get("error", {}).get("message", ""):
        return "a complex number"
    if re.search(r"\bsum\b", case["template"]) and "expected" in want and "output" in got:
        return "a sum of floats, which is Python 3.12's"
    said = want.get("expected", "") + want.get("message", "")
    for reason, pattern in SKIPPED.items():
        if pattern.search(said):
            return reason
    return None


def differs(want, got):
    if "expected" in want:
        return got.get("output") != want["expected"]
    if "error" not in got:
        return True
    error = got["error"]
    if GROUP.get(error["kind"], error["kind"]) != GROUP.get(want["error"], want["error"]):
        return {error["kind"], want["error"]} != {"regex", "index"}  # a group that there can't be, or that there isn't
    if error["kind"] == "pysyntax" or want["error"] == "pysyntax":  # found while parsing here, after it there
        return False
    if want["error"] == "regex":  # the two regex libraries word their complaints differently
        return False
    # Webhook contexts are dicts of a class of OnCall's own there.
    message = re.sub(r"(__main__\.)?_QuoteSafeDict", "dict", want["message"])
    # Pieces of output, and lines of the code that Jinja2 generates, are counted there only.
    message = re.sub(r"sequence item \d+(?=: expected str)| \(<template>, line \d+\)$", "", message)
    return re.sub(r"sequence item \d+(?=: expected str)", "", error["message"]) != message or ("lineno" in want and error.get("line") != want["lineno"])


def shown(case, want, got):
    answer = lambda text, kind, message, line: repr(text if text is not None else (kind, message, line))[:700]
    error = got.get("error", {})
    return (f"{case['template']!r}\n   context {json.dumps(relevant(case), ensure_ascii=False)[:500]}\n"
            f"   want {answer(want.get('expected'), want.get('error'), want.get('message'), want.get('lineno'))}\n"
            f"   got  {answer(got.get('output'), error.get('kind'), error.get('message'), error.get('line'))}")


def relevant(case):
    """The part of the context that the template names."""
    words = set(re.findall(r"[^\W\d]\w*", case["template"]))
    return {key: value for key, value in case["context"].items() if key in words}


def compared(binary, cases):
    """The differing cases with both answers, and the count of those skipped by reason."""
    skipped, different = {}, []
    for case, want, got in zip(cases, oracle(cases), engine(binary, cases), strict=True):
        if not differs(want, got):
            continue
        reason = reason_to_skip(case, want, got)
        if reason is None:
            different.append((case, want, got))
        else:
            skipped[reason] = skipped.get(reason, 0) + 1
    # What another process answers otherwise shows addresses, however disguised.
    steady = []
    for each, again in zip(different, oracle([case for case, _, _ in different]), strict=True):
        if all(again.get(key) == each[1].get(key) for key in ("expected", "error", "message")):
            steady.append(each)
        else:
            skipped["an address in memory"] = skipped.get("an address in memory", 0) + 1
    return steady, skipped


def compare_all(arguments, chunks):
    different, skipped, count = [], {}, 0
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        waiting = []
        for chunk in chunks:
            count += len(chunk)
            waiting.append(pool.submit(compared, arguments.binary, chunk))
        for each in waiting:
            found, passed_over = each.result()
            different += found
            for reason, number in passed_over.items():
                skipped[reason] = skipped.get(reason, 0) + number
    different.sort(key=lambda each: len(each[0]["template"]))
    for case, want, got in different[:arguments.show]:
        print(shown(case, want, got))
    if arguments.save:
        with open(arguments.save, "w", encoding="utf-8") as file:
            for case, _, _ in different:
                file.write(json.dumps({**case, "context": relevant(case)}, ensure_ascii=False) + "\n")
    for reason, number in sorted(skipped.items()):
        print(f"skipped {number}: {reason}")
    print(f"{count - len(different)} alike, {len(different)} differ")
    return len(different)


def random_chunks(seed, count):
    """By turns new templates and variations of the recorded ones."""
    sources = [Generator(seed), Variations(seed)]
    for turn, start in enumerate(range(0, count, CHUNK)):
        yield [sources[turn % 2].case(number) for number in range(start, min(start + CHUNK, count))]


def record(area):
    cases = [json.loads(line) for line in sys.stdin.read().split("\n") if line]
    for case, want in zip(cases, oracle(cases), strict=True):
        if "skip" in want:
            continue
        kept = {key: case[key] for key in ("template", "context", "now", "limit", "mode") if key in case}
        name = hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()[:12]
        answer = {key: value for key, value in want.items() if not key.startswith("_")}
        print(json.dumps({"id": f"{area}-{name}", "area": area, **kept, **answer}, ensure_ascii=False))


def oracle_fits():
    version = subprocess.run(["/usr/bin/python3", "-c", "import sys; print(*sys.version_info[:2], sep='.')"], stdout=subprocess.PIPE, check=True).stdout.decode().strip()
    if version != ORACLE_VERSION:
        print(f"nothing compared: the reference is Python {ORACLE_VERSION}, here is {version}")
    return version == ORACLE_VERSION


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=os.path.join(HERE, "../../build/release/tocsin"))
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--show", type=int, default=20, help="how many differences to print")
    parser.add_argument("--save", help="a file for the cases that differ")
    modes = parser.add_subparsers(dest="mode", required=True)
    at_random = modes.add_parser("random")
    at_random.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000_007)
    at_random.add_argument("--count", type=int, default=20_000)
    modes.add_parser("cases").add_argument("file")
    modes.add_parser("record").add_argument("area")
    arguments = parser.parse_args()
    if not oracle_fits():
        return
    if arguments.mode == "record":
        return record(arguments.area)
    if arguments.mode == "random":
        print(f"seed {arguments.seed}, {arguments.count} templates", flush=True)
        chunks = random_chunks(arguments.seed, arguments.count)
    else:
        with open(arguments.file, encoding="utf-8", newline="\n") as file:
            chunks = [[{"id": number, "context": {}, **json.loads(line)} for number, line in enumerate(file) if line.strip()]]
    sys.exit(1 if compare_all(arguments, chunks) else 0)


if __name__ == "__main__":
    main()
