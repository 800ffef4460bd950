#!/usr/bin/env python3
"""Unit tests of the rooms with threads under ThreadSanitizer.

Usage: script/prove thread-sanitizer [--rounds N] [--seed S] [--minutes M]
Builds build/tsan and runs every unit test of the rooms that have threads, N times (default 3).
"""
import argparse
import os
import pathlib
import subprocess
import sys
import time

import record

PROJECT = record.PROJECT
BUILD = PROJECT / "build" / "tsan"
ROOMS = ["base", "clock", "wire", "jinja", "store", "engine", "api", "server"]


def build():
    subprocess.run(["cmake", "-S", str(PROJECT), "-B", str(BUILD), "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Debug",
                    "-DTOCSIN_SANITIZE=thread", "-DCMAKE_CXX_FLAGS=-O1 -Wno-tsan"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["ninja", "-C", str(BUILD)], check=True, stdout=subprocess.DEVNULL)


def run(test, log):
    environment = dict(os.environ, TSAN_OPTIONS="halt_on_error=0 exitcode=66 second_deadlock_stack=1")
    with log.open("w") as file:
        return subprocess.run([str(test), "--no-version"], cwd=PROJECT, env=environment, stdout=file,
                              stderr=subprocess.STDOUT, timeout=1800).returncode


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=0, help="not used: threads are the randomness")
    parser.add_argument("--minutes", type=float, default=38)
    options = parser.parse_args()
    end = time.monotonic() + options.minutes * 60
    build()
    tests = [BUILD / f"test_{room}" for room in ROOMS if (BUILD / f"test_{room}").exists()]
    rounds, failed = 0, []
    while rounds < options.rounds and time.monotonic() < end:
        rounds += 1
        for test in tests:
            log = BUILD / f"{test.name}.log"
            if run(test, log) != 0:
                failed.append(test.name)
                print(f"{test.name}: failed, see {log.relative_to(PROJECT)}")
    figures = f"{len(tests)} test programs, {rounds} rounds" + (f"; failed: {', '.join(sorted(set(failed)))}" if failed else "")
    record.append("thread-sanitizer", "-", not failed, figures)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
    sys.exit(main())
