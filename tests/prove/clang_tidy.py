#!/usr/bin/env python3
"""clang-tidy over every source of src/, with the checks of .clang-tidy.

Usage: script/prove clang-tidy [--rounds N] [--seed S] [--minutes M]
Sources that passed and have not changed since (nor any header) are not looked at again; the rest continues where it stopped.
"""
import argparse
import concurrent.futures
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time

import record

PROJECT = record.PROJECT
BUILD = PROJECT / "build" / "tidy"
DONE = BUILD / "passed.json"


def prepare():
    subprocess.run(["cmake", "-S", str(PROJECT), "-B", str(BUILD), "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Debug",
                    "-DCMAKE_CXX_COMPILER=" + (shutil.which("clang++-16") or "clang++")], check=True, stdout=subprocess.DEVNULL)
    # Sources that are made at build time must be there.
    subprocess.run(["ninja", "-C", str(BUILD), "embedded_catalog.cpp"], check=False, stdout=subprocess.DEVNULL)


def digest(*paths):
    made = hashlib.sha256()
    for path in paths:
        made.update(path.read_bytes())
    return made.hexdigest()


def check(tool, source):
    run = subprocess.run([tool, "-p", str(BUILD), "--quiet", str(source)], cwd=PROJECT, capture_output=True, text=True)
    return run.returncode, run.stdout + (run.stderr if run.returncode and not run.stdout else "")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0, help="not used")
    parser.add_argument("--minutes", type=float, default=38)
    options = parser.parse_args()
    tool = shutil.which("clang-tidy-16") or shutil.which("clang-tidy")
    if not tool:
        sys.exit("clang-tidy is not installed: run script/bootstrap")
    prepare()
    headers = digest(PROJECT / ".clang-tidy", *sorted((PROJECT / "src").rglob("*.hpp")))
    known = json.loads(DONE.read_text()) if DONE.exists() else {}
    sources = [s for s in sorted((PROJECT / "src").rglob("*.cpp")) if not s.name.endswith("_test.cpp")]
    keys = {source: headers + digest(source) for source in sources}
    waiting = [s for s in sources if known.get(str(s.relative_to(PROJECT))) != keys[s]]
    end = time.monotonic() + options.minutes * 60
    bad, left = [], 0
    with concurrent.futures.ThreadPoolExecutor(int(os.environ.get("JOBS", os.cpu_count()))) as pool:
        def work(source):
            return None if time.monotonic() > end else check(tool, source)
        for source, outcome in zip(waiting, pool.map(work, waiting)):
            name = str(source.relative_to(PROJECT))
            if outcome is None:
                left += 1
            elif outcome[0] == 0:
                known[name] = keys[source]
            else:
                bad.append(name)
                print(outcome[1])
    DONE.write_text(json.dumps(known, indent=1))
    if left:
        print(f"{left} sources are left: run it again to go on")
        return 1
    record.append("clang-tidy", "-", not bad, f"{len(sources)} sources, {len(bad)} with findings")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
