#!/usr/bin/python3
"""Records what Python 3.11 and pytz say about dates, for src/clock/clock_cases_test.cpp.

Usage: tests/differential/clock_oracle.py [--seed N] [--each N] > tests/cases/clock/oracle.tsv
  --seed N  of the random inputs (default 1)
  --each N  random inputs of each kind (default 120)

A line is a case: operation, arguments, expected, separated by tabs; `\\\\`, `\\t`, `\\n` and `\\r` are escaped. A date is
`year,month,day,hour,minute,second,microsecond,offset,zone` (`-` for no offset), a duration `days,seconds,microseconds`.
To try more: record into another file and name it in TOCSIN_CLOCK_CASES when running test_clock. Needs python3-tz.
"""
import argparse
import os
import random
import re
import time
from datetime import datetime, timedelta, timezone

import pytz

os.environ["TZ"] = "UTC"
time.tzset()

ISO_DJANGO = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})[T ](\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[\.,](\d{1,6})\d{0,6})?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?$")
ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
DIRECTIVES = "aAbBcdfHIjmMpSUuVwWxXyYzZG%"
GLIBC = "aAbBcCdDeFfgGhHIjklmMnpPrRsStTuUVwWxXyYzZ%"
ZONES = ["UTC", "utc", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia",
         "America/St_Johns", "Africa/Casablanca", "Asia/Tehran", "EST5EDT", "GMT", "Etc/GMT+5", "europe/london", "Asia/Nowhere",
         "America/Sao_Paulo", "Antarctica/Troll", "Asia/Pyongyang", "MST", "Factory", "localtime", "posix/UTC", ""]


def line(*fields):
    print("\t".join("".join(ESCAPES.get(c, c) for c in str(f)) for f in fields))


def outcome(work):
    try:
        return work()
    except Exception as error:                                     # the exception is the answer
        message = error.args[0] if isinstance(error, KeyError) else str(error)
        # pytz has a KeyError of its own.
        name = "KeyError" if isinstance(error, KeyError) else type(error).__name__
        return f"{name}: {message}"


def shown(when):
    return "None" if when is None else f"{when}|{when.tzname()}"


def parse_datetime(text):
    """datetime.fromisoformat, then the pattern of Django 4.2; None for a text that neither takes."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    found = ISO_DJANGO.match(text)
    if not found:
        return None
    year, month, day, hour, minute, second, fraction, offset = found.groups()
    zone = None
    if offset == "Z":
        zone = timezone.utc
    elif offset:
        minutes = 60 * int(offset[1:3]) + (int(offset[-2:]) if len(offset) > 3 else 0)
        if offset[0] == "-":
            minutes = -minutes
        name = ("-" if minutes < 0 else "+") + "%02d%02d" % divmod(abs(minutes), 60)
        try:
            zone = timezone(timedelta(minutes=minutes), name)
        except ValueError:
            return None
    try:
        return datetime(int(year), int(month), int(day), int(hour), int(minute), int(second or 0),
                        int((fraction or "0").ljust(6, "0")), zone)
    except ValueError:
        return None


def field_date(when):
    offset = "-" if when.tzinfo is None else int(when.utcoffset().total_seconds())
    return ",".join(map(str, (when.year, when.month, when.day, when.hour, when.minute, when.second, when.microsecond,
                              offset, when.tzname() or "")))


def field_delta(delta):
    return f"{delta.days},{delta.seconds},{delta.microseconds}"


class Inputs:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def pick(self, choices):
        return self.random.choice(choices)

    def date(self, aware=None):
        r = self.random
        year = r.choice([1, 2, 69, 1899, 1900, 1969, 1970, 2000, 2024, 9999, r.randint(1, 9999), r.randint(1970, 2037)])
        when = datetime(year, 1, 1) + timedelta(days=r.randint(0, 364), seconds=r.randint(0, 86399))
        when = when.replace(microsecond=r.choice([0, 0, 1, 500000, 999999, r.randint(0, 999999)]))
        if aware if aware is not None else r.random() < 0.5:
            seconds = r.choice([0, 3600, -3600, 19800, -12600, 86340, -86340, 60 * r.randint(-1439, 1439), r.randint(-86399, 86399)])
            when = when.replace(tzinfo=timezone(timedelta(seconds=seconds)))
        return when

    def delta(self):
        r = self.random
        days = r.choice([0, 0, 1, -1, 999999999, -999999999, r.randint(-10, 10), r.randint(-10**9 + 1, 10**9 - 1)])
        return timedelta(days, r.choice([0, 86399, r.randint(0, 86399)]), r.choice([0, 0, 999999, r.randint(0, 999999)])) \
            if days != 999999999 else timedelta(days)

    def mutated(self, text, alphabet):
        r = self.random
        text = list(text)
        for _ in range(r.choice([0, 0, 0, 1, 1, 2, 3])):
            at = r.randint(0, len(text))
            change = r.random()
            if change < 0.4:
                text.insert(at, r.choice(alphabet))
            elif change < 0.7:
                del text[at:at + 1]
            else:
                text[at:at + 1] = r.choice(alphabet)
        return "".join(text)

    def iso(self):
        r = self.random
        when = self.date()
        style = r.choice(["iso", "iso", "basic", "week", "weekbasic", "loose", "loose"])
        offset = r.choice(["", "", "Z", "+02:00", "-0930", "+05", " +0200", " Z", "+01:30:15", "z", "-00:00", "+23:59", "+24:00", "+0199"])
        if style == "iso":
            text = when.isoformat(r.choice("T  xé"))
            return text if when.tzinfo else text + offset
        if style == "loose":
            text = "%04d-%d-%d%s%d:%d" % (when.year, when.month, when.day, r.choice("T "), when.hour, when.minute)
            return text + r.choice(["", ":5", ":%d" % when.second, ":07.%d" % r.randint(0, 10**12), ":07,5", ":7."]) + offset
        text = {"basic": when.strftime("%m%d"), "week": when.strftime("-W%V-%u"), "weekbasic": when.strftime("W%V%u")}[style]
        text = "%04d" % when.year + r.choice([text, text, text[:-1], text[:-2]])
        clock = when.strftime(r.choice(["%H", "%H:%M", "%H%M", "%H%M%S", "%H:%M:%S", "%H:%M:%S.%f", "%H%M%S,%f"]))
        return text + r.choice(["", r.choice("T -W") + clock + offset])

    def format(self):
        r = self.random
        common = ["%Y-%m-%d %H:%M:%S", "%d/%m/%y", "%a %b %d %Y %I:%M %p", "%Y-%m-%dT%H:%M:%S.%f%z", "%c", "%x %X", "%G-W%V-%u",
                  "%Y %U %w", "%Y %W %a", "%Y%m%d%H%M%S", "%H:%M / %d-%m-%Y", "%B %d, %Y", "%j %Y", "%d%b%Y", "%z %Z"]
        if r.random() < 0.5:
            return r.choice(common)
        parts = []
        for letter in r.sample(DIRECTIVES, r.randint(1, 5)):
            parts.append("%" + letter)
            parts.append(r.choice(["", " ", "-", ":", "/", ".", "T", "é", "  ", "\n", "(", "%%"]))
        return "".join(parts)


def isoformat_cases(inputs):
    text = inputs.iso()
    if "\0" not in text:
        text = inputs.mutated(text, "0123456789-:TZ+., W٣２é \n")
        found = parse_datetime(text)
        # CPython keeps fractions of a second of an offset; ours does not.
        if not (found and found.utcoffset() and found.utcoffset().microseconds):
            line("iso", text, shown(found))


def strptime_cases(inputs):
    form = inputs.format()
    when = inputs.date(aware=True)
    text = when.strftime(form.replace("%Y", "%04d" % when.year).replace("%G", "%04d" % when.year))
    if inputs.random.random() < 0.3:
        text = re.sub(r"\b0", "", text)
    if inputs.random.random() < 0.3:
        text = inputs.pick([text.upper(), text.lower()])
    text = inputs.mutated(text, "0123456789-: +Z/٣ apU\n")
    form = inputs.mutated(form, "%dYm HMzZ .é") if inputs.random.random() < 0.2 else form
    found = outcome(lambda: datetime.strptime(text, form))
    if isinstance(found, datetime) and found.utcoffset() and found.utcoffset().microseconds:
        return
    line("strptime", text, form, found if isinstance(found, str) else shown(found))


def strftime_cases(inputs):
    parts = []
    for _ in range(inputs.random.randint(1, 4)):
        flags = inputs.pick(["", "", "", "", "-", "_", "0", "^", "#", "_^", "-#", "^#", "0#"])
        width = inputs.pick(["", "", "", "", "1", "3", "6", "012"])
        parts.append("%" + flags + width + inputs.pick(["", "", "", "E", "O"]) + inputs.pick(GLIBC + "qQNiv!年 "))
        parts.append(inputs.pick(["", " ", "|", "年"]))
    form = "".join(parts) + inputs.pick(["", "", "", "%"])
    when = inputs.date()
    # A name that glibc does not know with `E` it still makes upper case for `#`; ours does not.
    if re.search(r"#[-_0^#0-9]*E[bh]", form):
        return
    # Python replaces %f, %z and %Z itself before it asks the C library; after flags they are the library's.
    if re.search(r"%[-_0^#]*[0-9]*[EO]*[-_0^#0-9EO]+[fzZs]", form) or "%z" in form and when.tzinfo and when.utcoffset().seconds % 60:
        return
    line("strftime", field_date(when), form, outcome(lambda: when.strftime(form)))


def zone_cases(inputs):
    when = inputs.date().replace(day=1, year=inputs.random.randint(1902, 2036)) if inputs.random.random() < 0.9 else inputs.date()
    name = inputs.pick(ZONES) if inputs.random.random() < 0.5 else inputs.pick(pytz.all_timezones)
    if not 1901 < when.year < 2037 and name not in ("UTC", "utc", "GMT", "EST", "Asia/Nowhere"):
        return
    line("zone", field_date(when), name, outcome(lambda: shown(when.astimezone(pytz.timezone(name)))))


def timestamp_cases(inputs):
    when = inputs.date()
    line("timestamp", field_date(when), outcome(lambda: float.hex(when.timestamp())))
    r = inputs.random
    number = r.choice([r.randint(-62135596900, 253402300900), r.uniform(-62135596900, 253402300900), r.uniform(0, 4e9),
                       round(r.uniform(0, 4e9), 3), r.randint(0, 4 * 10**9) + r.choice([0.5, 0.0000005, 0.9999995, 0.99999951]),
                       r.choice([1, -1]) * 10 ** r.randint(9, 18), r.choice([1, -1]) * 10.0 ** r.randint(9, 25)])
    kind = "fromint" if isinstance(number, int) else "fromfloat"
    line(kind, number if kind == "fromint" else float.hex(number), outcome(lambda: shown(datetime.fromtimestamp(number))))


def delta_cases(inputs):
    r = inputs.random
    a, b = inputs.delta(), r.choice([inputs.delta(), inputs.delta(), timedelta(0)])
    whole = r.choice([0, 1, -1, 3, -7, r.randint(-10**6, 10**6), 10**9, 2**62])
    real = r.choice([0.0, 0.5, -1.5, 1e-9, 1 / 3, r.uniform(-10, 10), r.gauss(0, 1) * 10 ** r.randint(-12, 12), 1e300, 5e-324, 1e-20,
                     float("nan"), float("inf")])
    x, y = field_delta(a), field_delta(b)
    line("delta_text", x, f"{a}|{a!r}|{float.hex(a.total_seconds())}")
    for name, work in (("add", lambda: a + b), ("sub", lambda: a - b), ("mod", lambda: a % b)):
        line("delta_" + name, x, y, outcome(lambda: field_delta(work())))
    line("delta_ratio", x, y, outcome(lambda: float.hex(a / b)))
    quotient = outcome(lambda: a // b)
    if isinstance(quotient, str) or -2**63 <= quotient < 2**63:
        line("delta_floor", x, y, quotient)
    line("delta_neg", x, outcome(lambda: field_delta(-a)))
    line("delta_abs", x, outcome(lambda: field_delta(abs(a))))
    for name, work in (("times", lambda: a * whole), ("over", lambda: a / whole), ("floorint", lambda: a // whole)):
        line("delta_" + name, x, whole, outcome(lambda: field_delta(work())))
    line("delta_timesreal", x, float.hex(real), outcome(lambda: field_delta(a * real)))
    line("delta_overreal", x, float.hex(real), outcome(lambda: field_delta(a / real)))
    unit = r.choice([1, 60, 3600, 86400, 604800])
    amount = r.choice([r.randint(-100, 100), r.randint(-10**12, 10**12), 10**18])
    line("delta_of", amount, unit, outcome(lambda: field_delta(timedelta(seconds=amount * unit))))


def date_cases(inputs):
    a, b, by = inputs.date(), inputs.date(), inputs.delta()
    line("shift", field_date(a), field_delta(by), outcome(lambda: str(a + by)))
    line("difference", field_date(a), field_date(b), outcome(lambda: field_delta(a - b)))
    line("less", field_date(a), field_date(b), outcome(lambda: a < b))
    line("equal", field_date(a), field_date(a.astimezone(timezone.utc)) if a.tzinfo and 2 < a.year < 9998 else field_date(b),
         True if a.tzinfo and 2 < a.year < 9998 else a == b)
    line("repr", field_date(a), repr(a))
    spec = inputs.pick(["auto", "hours", "minutes", "seconds", "milliseconds", "microseconds", "days"])
    separator = inputs.pick(["T", " ", "é"])
    line("isoformat", field_date(a), separator, spec, outcome(lambda: a.isoformat(separator, spec)))


def field_cases(inputs):
    r = inputs.random
    fields = [r.choice([0, 1, 2023, 2024, 9999, 10000]), r.choice([0, 1, 2, 4, 12, 13]), r.choice([0, 1, 28, 29, 30, 31, 32]),
              r.choice([0, 23, 24, -1]), r.choice([0, 59, 60]), r.choice([0, 59, 60]), r.choice([0, 999999, 1000000])]
    keep = r.randint(1, 7)
    fields = [fields[i] if r.random() < 0.5 or i == keep else v for i, v in enumerate([2024, 2, 3, 4, 5, 6, 7])]
    line("fields", ",".join(map(str, fields)) + ",-,", outcome(lambda: "fine" if datetime(*fields) else ""))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--each", type=int, default=120)
    arguments = parser.parse_args()
    print(f"# made by tests/differential/clock_oracle.py --seed {arguments.seed} --each {arguments.each}")
    inputs = Inputs(arguments.seed)
    kinds = [(isoformat_cases, 4), (strptime_cases, 4), (strftime_cases, 3), (zone_cases, 2), (timestamp_cases, 1), (delta_cases, 1),
             (date_cases, 1), (field_cases, 1)]
    for make, times in kinds:
        for _ in range(arguments.each * times):
            make(inputs)


if __name__ == "__main__":
    main()
