#!/usr/bin/env python3
"""The fuzz targets, long: each starts from the seeds of tests/fuzz/corpus and from what it found before.

Usage: script/prove fuzz [--minutes M] [--target NAME] [--seed S]
  --minutes  for each target (default 30)
  --target   one target only: json, jinja, jinja_parse, pattern, http, connection
  --seed     of the random changes (default: drawn)
It runs by slices of a minute. What was done is kept in build/fuzz/proof/, so that the same command goes on where it was
stopped. A target that is done, or found something, gets its line in docs/proofs.md; what it found is in build/fuzz/found/.
"""
import argparse
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import time

import record

PROJECT = record.PROJECT
BUILD = PROJECT / "build" / "fuzz"
SEEDS = PROJECT / "tests" / "fuzz" / "corpus"
FOUND = BUILD / "found"
STATE = BUILD / "proof"
SLICE = 60


def targets(wanted):
    found = sorted(path for path in BUILD.rglob("fuzz_*") if path.is_file() and os.access(path, os.X_OK))
    return [path for path in found if wanted in (None, path.name.removeprefix("fuzz_"))]


def run_slice(target, name, seconds, seed):
    """Runs so long; gives the exit code and how many inputs were tried."""
    corpus = BUILD / "corpus" / name
    for folder in (corpus, FOUND, STATE):
        folder.mkdir(parents=True, exist_ok=True)
    words = PROJECT / "tests" / "fuzz" / f"{name.split('_')[0]}.dict"
    log = STATE / f"{name}.log"
    command = ["nice", str(target), f"-max_total_time={seconds}", f"-seed={seed}", "-timeout=20", "-rss_limit_mb=2048",
               "-max_len=16384", "-verbosity=0", "-print_funcs=0", "-print_final_stats=1", f"-artifact_prefix={FOUND}/{name}-"]
    command += [f"-dict={words}"] if words.exists() else []
    command += [str(corpus)] + ([str(SEEDS / name)] if (SEEDS / name).is_dir() else [])
    with log.open("w") as file:
        code = subprocess.run(command, stdout=file, stderr=subprocess.STDOUT).returncode
    tried = re.search(r"number_of_executed_units:\s*(\d+)", log.read_text(errors="replace"))
    return code, int(tried.group(1)) if tried else 0


def load(path, seed):
    if path.exists():
        return json.loads(path.read_text())
    return {"seed": seed, "seconds": 0.0, "inputs": 0}


def prove(target, minutes, seed):
    """True, when the target ran its time and found nothing."""
    name = target.name.removeprefix("fuzz_")
    path = STATE / f"{name}.json"
    state = load(path, seed or random.randrange(1, 2**31))
    code = 0
    while code == 0 and state["seconds"] < minutes * 60 - 1:
        start = time.monotonic()
        seconds = int(min(SLICE, minutes * 60 - state["seconds"])) or 1
        # Each slice goes another way from the same beginnings.
        code, inputs = run_slice(target, name, seconds, (state["seed"] + int(state["seconds"])) % 2**31)
        state["seconds"] += time.monotonic() - start
        state["inputs"] += inputs
        path.write_text(json.dumps(state))
        print(f"fuzz {name}: {state['seconds'] / 60:.1f} of {minutes:g} minutes, {state['inputs']} inputs", flush=True)
    figures = f"{name}: {state['seconds'] / 60:.0f} minutes, {state['inputs']} inputs"
    if code != 0:
        figures += f", failed (see build/fuzz/found/{name}-* and build/fuzz/proof/{name}.log)"
    record.append("fuzz", state["seed"], code == 0, figures)
    path.unlink()
    return code == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--target")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rounds", type=int, help="not used")
    options = parser.parse_args()
    subprocess.run([str(PROJECT / "script" / "build"), "fuzz"], check=True, stdout=subprocess.DEVNULL)
    chosen = targets(options.target)
    if not chosen:
        print(f"there is no target {options.target}", file=sys.stderr)
        return 2
    results = [prove(target, options.minutes, options.seed) for target in chosen]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
    sys.exit(main())
