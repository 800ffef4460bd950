#!/usr/bin/env python3
"""Random templates against the real Jinja2, in rounds of 20,000, each with a seed of its own.

Usage: script/prove templates [--rounds N] [--seed S] [--minutes M]
Round k (of 10 unless told) has the seed S + k - 1. What differs is printed and kept, with its context, in
build/prove/templates-S/; the same command with the same seed goes on where it stopped, as long as the commit is the same.
"""
import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
import time

import record

PROJECT = record.PROJECT
ORACLE = PROJECT / "tests" / "differential" / "templates_oracle.py"
BINARY = PROJECT / "build" / "release" / "tocsin"
COUNT = 20_000


def one_round(seed, folder):
    """How many templates differ, and how many were passed over."""
    command = [sys.executable, str(ORACLE), "--binary", str(BINARY), "--jobs", os.environ.get("JOBS", str(os.cpu_count())),
               "--save", str(folder / f"{seed}.jsonl"), "random", "--seed", str(seed), "--count", str(COUNT)]
    run = subprocess.run(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    print(run.stdout, end="", flush=True)
    told = re.search(r"^(\d+) alike, (\d+) differ$", run.stdout, re.MULTILINE)
    if told is None:
        sys.exit(f"seed {seed}: nothing was compared")
    return int(told[2]), sum(int(number) for number in re.findall(r"^skipped (\d+):", run.stdout, re.MULTILINE))


def progress_of(file, fresh):
    """What was done of the same proof of the same commit, else nothing."""
    done = json.loads(file.read_text()) if file.exists() else fresh
    return done if done["commit"] == fresh["commit"] else fresh


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    parser.add_argument("--minutes", type=float, default=38)
    options = parser.parse_args()
    print(f"seed {options.seed}")
    folder = PROJECT / "build" / "prove" / f"templates-{options.seed}"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "progress.json"
    done = progress_of(file, {"commit": record.commit(), "rounds": 0, "differ": 0, "passed_over": 0})
    end = time.monotonic() + options.minutes * 60
    while done["rounds"] < options.rounds and time.monotonic() < end:
        differ, passed_over = one_round(options.seed + done["rounds"], folder)
        done.update(rounds=done["rounds"] + 1, differ=done["differ"] + differ, passed_over=done["passed_over"] + passed_over)
        file.write_text(json.dumps(done))
    if done["rounds"] < options.rounds:
        print(f"{options.rounds - done['rounds']} rounds are left: run it again with --seed {options.seed} to go on")
        return 1
    record.append("templates", options.seed, done["differ"] == 0,
                  f"{done['rounds']} rounds, {done['rounds'] * COUNT} templates, {done['differ']} differ, "
                  f"{done['passed_over']} passed over (docs/templates.md)")
    if done["differ"] == 0:
        shutil.rmtree(folder)
    return 1 if done["differ"] else 0


if __name__ == "__main__":
    sys.exit(main())
