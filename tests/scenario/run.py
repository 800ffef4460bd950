#!/usr/bin/env python3
"""Runs the scenarios: the real server, from outside.

Usage: tests/scenario/run.py [NAME...] [--list] [--jobs N] [--keep]
  NAMEs   only the scenarios whose name holds one of these texts
  --jobs  how many at a time (default: processors + 1)
  --keep  leave the folders of failed scenarios
TOCSIN_BINARY names another binary than build/release/tocsin. Ends with `N passed, N failed`.
"""
import argparse
import concurrent.futures
import importlib.util
import os
import pathlib
import subprocess
import sys
import time
import traceback

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "prove")]
import harness  # noqa: E402

SKIPPED = 77


def load():
    for path in sorted(HERE.glob("*_scenario.py")):
        spec = importlib.util.spec_from_file_location(path.stem, path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    names = [each["name"] for each in harness.SCENARIOS]
    assert len(names) == len(set(names)), "two scenarios have one name"
    return harness.SCENARIOS


def run_here(name, keep):
    """Runs one scenario in this process; the exit code says how it went."""
    found = next(each for each in load() if each["name"] == name)
    stage = harness.Stage(name)
    good = False
    try:
        found["function"](stage)
        good = True
        return 0
    except harness.Skipped as why:
        good = True
        print(f"skipped: {why}")
        return SKIPPED
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)
        place = next((f for f in reversed(frames) if f.filename.endswith("_scenario.py")), frames[-1])
        print(f"{pathlib.Path(place.filename).name}:{place.lineno}: {place.line}")
        print(f"{type(error).__name__}: {error}" if not isinstance(error, harness.Failed) else str(error))
        if not isinstance(error, (harness.Failed, OSError)):
            traceback.print_exc(file=sys.stdout)
        print(stage.tails())
        return 1
    finally:
        stage.close(keep=keep and not good)
        if keep and not good:
            print(f"kept: {stage.folder}")


def run_apart(each, keep):
    """Runs one scenario in a process of its own: exit code, output, seconds."""
    command = [sys.executable, str(HERE / "run.py"), "--here", each["name"]] + (["--keep"] if keep else [])
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)
    try:
        output, _ = process.communicate(timeout=each["limit"])
        code = process.returncode
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, 9)
        output, _ = process.communicate()
        code, output = 1, output + f"\nnot done within {each['limit']} seconds"
    return code, output, time.monotonic() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--jobs", type=int, default=(os.cpu_count() or 1) + 1)
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--here", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here:
        return run_here(options.here, options.keep)
    chosen = [each for each in load() if not options.names or any(name in each["name"] for name in options.names)]
    if options.list:
        for each in chosen:
            print(f"{each['name']:32} {each['what']}")
        return 0
    if not pathlib.Path(harness.BINARY).exists():
        print(f"there is no {harness.BINARY}: run script/build release")
        print("0 passed, 1 failed")
        return 1
    passed = failed = skipped = 0

    def report(each, outcome):
        nonlocal passed, failed, skipped
        code, output, seconds = outcome
        verdict = {0: "ok", SKIPPED: "skipped"}.get(code, "FAILED")
        passed, failed, skipped = passed + (code == 0), failed + (code not in (0, SKIPPED)), skipped + (code == SKIPPED)
        print(f"{verdict:8}{each['name']:32} {seconds:5.1f} s  {each['what']}", flush=True)
        if output.strip() and code != 0:
            print("    " + "\n    ".join(output.strip().splitlines()), flush=True)

    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        together = [each for each in chosen if not each["alone"]]
        # The slow ones first, so that no single one is left for the end.
        together.sort(key=lambda each: -each["limit"])
        waiting = {pool.submit(run_apart, each, options.keep): each for each in together}
        for done in concurrent.futures.as_completed(waiting):
            report(waiting[done], done.result())
    for each in chosen:
        if each["alone"]:
            report(each, run_apart(each, options.keep))
    if skipped:
        print(f"{skipped} skipped")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
