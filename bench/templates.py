#!/usr/bin/python3
"""Renderings a second of the templates of bench/templates, beside the real Jinja2 with precompiled templates.

Usage: script/bench templates [--json FILE] [--rounds N] [--seconds S] [--only PREFIX]
Both sides run in turns on one processor that they are pinned to: a round of Jinja2 (Debian's python3-jinja2 in the
environment of tests/differential/make_oracle.py), a round of Tocsin, for S seconds each. Templates are compiled and
contexts parsed before; Tocsin renders into a buffer that it keeps. Outputs are compared byte for byte first. Rates are
renderings by second of processor time (user and system) of the side's own process, so that other work on the machine
counts little; figures are medians of N rounds. `ratio` is Tocsin's rate by Jinja2's; `compile_us` what compiling takes.
Exits with 1 when an output differs, a ratio is under 10 or their geometric mean under 20.
"""
import argparse
import json
import math
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import time

DEBIAN = "/usr/bin/python3"
if sys.executable != DEBIAN and os.path.exists(DEBIAN):
    os.execv(DEBIAN, [DEBIAN, *sys.argv])

PROJECT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT / "tests" / "differential"))
import jinja2  # noqa: E402
import make_oracle  # noqa: E402

LEAST, LEAST_MEAN, GOAL_MEAN, COMPILE_GOAL_US = 10, 20, 30, 100


class Tocsin:
    """The program template_bench over one case."""

    def __init__(self, program, case):
        self.process = subprocess.Popen([program, case], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")

    def ask(self, command):
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            sys.exit("template_bench ended")
        return json.loads(line)

    def rate(self, what, seconds):
        figures = self.ask(f"{what} {seconds}")
        return figures["count"] / figures["seconds"]

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def rate(render, seconds):
    """How often Python does it a second."""
    count, spent, batch, start = 0, 0, 1, time.process_time()
    while spent < seconds:
        for _ in range(batch):
            render()
        count += batch
        spent = time.process_time() - start
        if spent < seconds / 100:
            batch *= 2
    return count / spent


def measure(path, options):
    case = json.loads(path.read_text(encoding="utf-8"))
    compiled = make_oracle.build_env(case["now"]).from_string(case["template"])
    context = case["context"]
    tocsin = Tocsin(options.program, path)
    text = compiled.render(**context)
    if tocsin.ask("output") != text:
        sys.exit(f"{case['name']}: the outputs differ")
    rounds = []
    for _ in range(options.rounds):
        rounds.append({"jinja2": rate(lambda: compiled.render(**context), options.seconds), "tocsin": tocsin.rate("render", options.seconds)})
    compile_rate = statistics.median(tocsin.rate("compile", options.seconds / 5) for _ in range(options.rounds))
    tocsin.close()
    figures = {side: statistics.median(each[side] for each in rounds) for side in ("jinja2", "tocsin")}
    return {"name": case["name"], "jinja2_rate": round(figures["jinja2"]), "tocsin_rate": round(figures["tocsin"]),
            "ratio": round(figures["tocsin"] / figures["jinja2"], 1), "render_us": round(1e6 / figures["tocsin"], 2),
            "compile_us": round(1e6 / compile_rate, 1)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", metavar="FILE")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=0.5)
    parser.add_argument("--only", metavar="PREFIX", default="")
    parser.add_argument("--program", help=argparse.SUPPRESS, default=str(PROJECT / "build" / "release" / "template_bench"))
    options = parser.parse_args()
    if not pathlib.Path(options.program).exists() or options.program == parser.get_default("program"):
        subprocess.run([str(PROJECT / "script" / "build"), "release", "template_bench"], check=True, stdout=subprocess.DEVNULL)
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    os.environ["TZ"] = "UTC"
    time.tzset()
    print(f"{'template':<26}{'jinja2/s':>12}{'tocsin/s':>12}{'ratio':>8}{'render us':>11}{'compile us':>12}")
    rows = []
    for path in sorted((PROJECT / "bench" / "templates").glob(f"{options.only}*.json")):
        rows.append(row := measure(path, options))
        print(f"{row['name']:<26}{row['jinja2_rate']:>12,}{row['tocsin_rate']:>12,}{row['ratio']:>8}{row['render_us']:>11}{row['compile_us']:>12}", flush=True)
    mean = round(math.exp(statistics.fmean(math.log(row["ratio"]) for row in rows)), 1)
    result = {"templates": rows, "geometric_mean": mean, "least_ratio": min(row["ratio"] for row in rows),
              "python": platform.python_version(), "jinja2": jinja2.__version__, "goal": mean >= GOAL_MEAN,
              "compile_goal": all(row["compile_us"] < COMPILE_GOAL_US for row in rows)}
    print(f"geometric mean {mean} (goal {GOAL_MEAN}, floor {LEAST_MEAN}), least {result['least_ratio']} (floor {LEAST}); "
          f"Python {result['python']}, Jinja2 {result['jinja2']}")
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(result, indent=1) + "\n")
    if result["least_ratio"] < LEAST or mean < LEAST_MEAN:
        sys.exit("under a floor")


if __name__ == "__main__":
    main()
