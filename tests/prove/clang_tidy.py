#!/usr/bin/env python3
"""clang-tidy over every source of src/, with the checks of .clang-tidy.

Usage: script/prove clang-tidy [--rounds N] [--seed S] [--minutes M]
A source that passed is not looked at again until it, a header that it includes, its compile command or .clang-tidy changes;
the rest continues where it stopped. JOBS=N limits how many run at once.
"""
import argparse
import concurrent.futures
import hashlib
import json
import os
import pathlib
import shlex
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


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else "gone"


def compile_commands():
    """Of each source, as CMake wrote them."""
    return {pathlib.Path(entry["file"]): entry for entry in json.loads((BUILD / "compile_commands.json").read_text())}


def read_files(entry):
    """The project's files that the compiler reads for a source: itself and what it includes."""
    words = shlex.split(entry["command"])
    del words[words.index("-o"):words.index("-o") + 2]
    run = subprocess.run([word for word in words if word != "-c"] + ["-MM"], cwd=entry["directory"], capture_output=True,
                         text=True, check=True)
    names = run.stdout.replace("\\\n", " ").split(":", 1)[1].split()
    files = {pathlib.Path(entry["directory"], name).resolve() for name in names}
    return sorted(file for file in files if file.is_relative_to(PROJECT))


def proof_of(entry):
    """What holds as long as the source's finding does: the digests of everything that it was made from."""
    files = {str(file.relative_to(PROJECT)): digest(file) for file in [*read_files(entry), PROJECT / ".clang-tidy"]}
    return {"command": entry["command"], "files": files}


def holds(proof, entry):
    return (proof is not None and proof["command"] == entry["command"]
            and all(digest(PROJECT / name) == made for name, made in proof["files"].items()))


def check(tool, source, entry):
    """Exit code, findings, and the proof: made first, so that a change meanwhile counts as one after it."""
    try:
        proof = proof_of(entry)
    except subprocess.CalledProcessError as broken:
        return 1, broken.stderr, None
    run = subprocess.run([tool, "-p", str(BUILD), "--quiet", str(source)], cwd=PROJECT, capture_output=True, text=True)
    return run.returncode, run.stdout + (run.stderr if run.returncode and not run.stdout else ""), proof


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
    known = json.loads(DONE.read_text()) if DONE.exists() else {}
    commands = compile_commands()
    sources = [s for s in sorted((PROJECT / "src").rglob("*.cpp")) if s in commands and not s.name.endswith("_test.cpp")]
    names = {source: str(source.relative_to(PROJECT)) for source in sources}
    waiting = [s for s in sources if not holds(known.get(names[s]), commands[s])]
    end = time.monotonic() + options.minutes * 60
    bad, left = [], 0
    with concurrent.futures.ThreadPoolExecutor(int(os.environ.get("JOBS", os.cpu_count()))) as pool:
        def work(source):
            return None if time.monotonic() > end else check(tool, source, commands[source])
        for source, outcome in zip(waiting, pool.map(work, waiting)):
            if outcome is None:
                left += 1
                continue
            code, findings, proof = outcome
            if code == 0:
                known[names[source]] = proof
                DONE.write_text(json.dumps(known, indent=1))
            else:
                bad.append(names[source])
                print(findings, flush=True)
    if left:
        print(f"{left} sources are left: run it again to go on")
        return 1
    record.append("clang-tidy", "-", not bad, f"{len(sources)} sources, {len(bad)} with findings")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
