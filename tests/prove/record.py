"""Appends a line to docs/proofs.md: date, proof, commit, seed, figures. Shared by the proofs."""
import datetime
import pathlib
import subprocess

PROJECT = pathlib.Path(__file__).resolve().parent.parent.parent
RECORD = PROJECT / "docs" / "proofs.md"
HEAD = """# Proofs

What `script/prove NAME` found, newest last. A proof holds until the rooms it covers change.

| date | proof | commit | seed | result | figures |
|---|---|---|---|---|---|
"""


def commit():
    """The short hash of HEAD, with `+` when the tree differs from it."""
    name = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=PROJECT, capture_output=True, text=True).stdout.strip()
    dirty = subprocess.run(["git", "status", "--porcelain", "--untracked-files=no", "src", "catalog"], cwd=PROJECT,
                           capture_output=True, text=True).stdout.strip()
    return (name or "?") + ("+" if dirty else "")


def append(proof, seed, passed, figures):
    """Writes the line and prints it."""
    if not RECORD.exists():
        RECORD.write_text(HEAD)
    date = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M")
    line = f"| {date} | {proof} | {commit()} | {seed} | {'passed' if passed else 'FAILED'} | {figures} |"
    with RECORD.open("a") as file:
        file.write(line + "\n")
    print(line)
