# Sourced by the scripts beside it: the project's folder, messages, and the tools that go by several names.
# shellcheck shell=bash

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
jobs=${JOBS:-$(nproc)}

# Ends the script with a message of one line.
die() {
  echo "$(basename "$0"): $*" >&2
  exit 2
}

# Prints the comment at the head of the script as its help.
help_of() {
  awk 'NR > 1 { if (!/^#/) exit; sub(/^# ?/, ""); print }' "$1"
}

# The first of the commands that is there.
first_of() {
  local name
  for name in "$@"; do
    if command -v "$name" >/dev/null; then
      echo "$name"
      return
    fi
  done
  return 1
}

need() {
  command -v "$1" >/dev/null || die "$1 is not installed: run script/bootstrap"
}
