#!/usr/bin/python3
"""Records what Python 3.11 and MarkupSafe say about values, for src/value/value_cases_test.cpp.

Usage: tests/differential/value_oracle.py [--seed N] [--each N] [--only NAME] > tests/cases/value/oracle.jsonl
  --seed N     of the random inputs (default 1)
  --each N     scales the number of random inputs (default 60)
  --only NAME  one kind of case (operators, compare, repr, slices, methods, formats, percent, fields, rounds, json, dicts)

A line is a case: ["operation", [arguments], "expected"]. Expected is the repr of the result, or `Class: message` of
what was raised. Arguments are JSON; {"t": []} is a tuple, {"d": [[key, value]]} a dict, {"m": ""} Markup.
To try more: record into another file and name it in TOCSIN_VALUE_CASES when running test_value. Needs python3-markupsafe.
"""
import argparse
import json
import math
import operator
import random
import signal
import string
import sys

import markupsafe

WORDS = ["", "a", "b", "ab", "abc", "Hello World", "hello", "x", "12", "-3", "1.5", "foo bar  baz", "  pad ", "a,b,,c", "a\tb\t", "key",
         "one\ntwo\r\nthree\rfour", "<b>&\"'", "it's", 'say "hi"', "both ' and \"", "back\\slash", "{}", "%s", "camelCase", "UPPER",
         "Title Case", "ß", "straße", "ŉ", "İstanbul", "ΑΣ ΣΑΣ. Σ", "ǆ ǅ Ǆ", "ﬁn", "é", "e\u0301a", "日本語", "🚀🔥", "a🔥b", "٣٤", "²①Ⅷ½", "ͅ",
         "a\u00adb", "\u200b", "\u3000x\u2003", "\x1c\x1d\x85", "a\u2028b\x0bc", "\x00", "\x7f", "\ue000", "\U000e0001", "\ufeff", "ᾳ ᾼ",
         "_id", "1a", "ªº", "a'b c-d e.f", "they're bill's", "ŉA ǰB", "ﬃ", "ὈΔΥΣΣΕΎΣ", "a\u0345b", "\u2160\u2170", "Ⓐⓐ", "ա ֊և"]
INTS = [0, 1, -1, 2, 3, -3, 7, 10, -10, 16, 42, 100, 255, 999, 1000, 1234567, 2**31, 2**53, 2**53 + 1, -2**53 - 1, 2**62, 2**63 - 1,
        -2**63, 2**63, -2**63 - 1, 2**64, 10**18, 10**19, 10**25, -10**30, 3**70, 9100000000000000000, 10**40 + 1]
REALS = [0.0, -0.0, 0.5, 1.0, -1.0, 1.5, 2.5, -2.5, 0.1, 0.3, 1e16, 1e15, 123456789.125, 1e-5, 0.0001, 9.999e-5, 1e22, 1e21, 1e100, 1e308, 5e-324,
         2.2250738585072014e-308, 1.7976931348623157e308, 2.0**53, 2.0**63, -2.0**63, 2.0**64, 9.1e18, math.inf, -math.inf, math.nan,
         0.05, 2.675, 1.005, 1e23, 12345.678, 99.995, 1234567.891]
TEXT_POOL = "abcXYZ019 _-.,:;!/\\'\"<>&%{}[]()\t\n\r\x00\x1f\x7f\x85\xa0\xad\u0301\u0345ßéÉİıſµŉǅΣσςǰﬁﬀ日本\u2028\u3000²½٣Ⅷ①\ufffd\ue000\uffff🚀𝔘𐐀𐐨\U000e0001"


class Timeout(Exception):
    pass


def on_alarm(*_):
    raise Timeout()


def encoded(v):
    """The JSON form of an argument."""
    if isinstance(v, markupsafe.Markup):
        return {"m": str(v)}
    if isinstance(v, tuple):
        return {"t": [encoded(x) for x in v]}
    if isinstance(v, list):
        return [encoded(x) for x in v]
    if isinstance(v, dict):
        return {"d": [[encoded(k), encoded(x)] for k, x in v.items()]}
    return v


def has_surrogate(text):
    return any("\ud800" <= c <= "\udfff" for c in text)


def case(name, arguments, work):
    try:
        signal.setitimer(signal.ITIMER_REAL, 1)
        result = work()
        signal.setitimer(signal.ITIMER_REAL, 0)
        if isinstance(result, complex) or type(result).__name__ in ("bytes", "dict_items"):
            return
        if isinstance(result, str) and has_surrogate(result):
            return
        expected = repr(result)
    except (Timeout, MemoryError):
        return
    except Exception as e:
        if "complex" in str(e):
            return
        signal.setitimer(signal.ITIMER_REAL, 0)
        if "too large" in str(e) and "float" not in str(e) or "too many digits" in str(e) or "sys.set_int" in str(e):
            return
        # Mistakes in JSON are told in our own words.
        expected = "ValueError: JSON" if isinstance(e, json.JSONDecodeError) else f"{type(e).__name__}: {e}"
    if len(expected) < 3000 and not has_surrogate(expected):
        print(json.dumps([name, [encoded(a) for a in arguments], expected], ensure_ascii=False, separators=(",", ":")))


class Inputs:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def pick(self, values):
        return self.random.choice(values)

    def text(self):
        r = self.random
        kind = r.random()
        if kind < 0.5:
            return self.pick(WORDS)
        if kind < 0.6:
            return self.pick(WORDS) + self.pick(WORDS)
        if kind < 0.8:
            return "".join(r.choice(TEXT_POOL) for _ in range(r.randint(0, 12)))
        if kind < 0.95:
            return "".join(r.choice("ab ,.") for _ in range(r.randint(0, 20)))
        code = self.pick([r.randint(0, 0x2FF), r.randint(0, 0xD7FF), r.randint(0xE000, 0x1FFFF), r.randint(0x20000, 0x10FFFF)])
        return chr(code) + self.pick(["", "a", "A"])

    def integer(self):
        r = self.random
        kind = r.random()
        if kind < 0.4:
            return self.pick(INTS)
        if kind < 0.7:
            return r.randint(-20, 20)
        return r.choice([1, -1]) * r.getrandbits(r.choice([8, 16, 31, 32, 53, 62, 63, 64, 65, 96, 130, 300]))

    def real(self):
        r = self.random
        kind = r.random()
        if kind < 0.4:
            return self.pick(REALS)
        if kind < 0.6:
            return round(r.uniform(-1000, 1000), r.randint(0, 6))
        if kind < 0.8:
            return r.uniform(-1, 1) * 10.0 ** r.randint(-30, 30)
        return math.ldexp(r.getrandbits(53), r.randint(-1100, 960))

    def number(self):
        return self.pick([self.integer, self.integer, self.real, lambda: self.pick([True, False])])()

    def scalar(self):
        return self.pick([self.text, self.text, self.number, self.number, lambda: None])()

    def value(self, depth=2):
        r = self.random
        if depth == 0 or r.random() < 0.6:
            v = self.scalar()
            return markupsafe.Markup(v) if isinstance(v, str) and r.random() < 0.08 else v
        items = [self.value(depth - 1) for _ in range(r.randint(0, 4))]
        kind = r.random()
        if kind < 0.4:
            return items
        if kind < 0.7:
            return tuple(items)
        return {self.key(): item for item in items}

    def key(self):
        return self.pick([self.text, self.text, self.text, self.integer, self.number, lambda: None,
                          lambda: (self.integer(), self.text())])()


OPERATORS = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "//": operator.floordiv, "%": operator.mod,
             "**": operator.pow}
COMPARISONS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "in": lambda a, b: a in b}


def operators(inputs, each):
    r = inputs.random
    for _ in range(each * 12):
        sign = inputs.pick(list(OPERATORS))
        a, b = (inputs.number(), inputs.number()) if r.random() < 0.75 else (inputs.value(1), inputs.value(1))
        if sign == "%" and isinstance(a, str):
            continue
        if sign == "**" and isinstance(a, (int, float)) and isinstance(b, int) and abs(b) > 1:
            b = b % 41 * (1 if b > 0 else -1) if isinstance(a, int) else b
        if sign == "*" and any(isinstance(x, int) and x > 50 for x in (a, b)) and not all(isinstance(x, (int, float)) for x in (a, b)):
            continue
        case("op", [sign, a, b], lambda: OPERATORS[sign](a, b))
    for _ in range(each):
        a = inputs.number() if r.random() < 0.7 else inputs.value(1)
        case("neg", [a], lambda: -a)
        case("pos", [a], lambda: +a)
        case("len", [a], lambda: len(a))
        case("bool", [a], lambda: bool(a))


def related(inputs, a):
    """Something near a: an equal number of another kind, a changed copy, a neighbour."""
    r = inputs.random
    if isinstance(a, (int, float)) and not isinstance(a, bool):
        try:
            return r.choice([lambda: a, lambda: float(a), lambda: int(a), lambda: a + 1, lambda: -a, lambda: a + 0.5])()
        except (OverflowError, ValueError):
            return a
    if isinstance(a, (list, tuple)) and a:
        copy = [related(inputs, x) if r.random() < 0.3 else x for x in a]
        copy = copy[:-1] if r.random() < 0.2 else copy
        return type(a)(copy)
    if isinstance(a, dict):
        return {k: v for k, v in reversed(list(a.items())) if r.random() < 0.9}
    return a


def compare(inputs, each):
    for _ in range(each * 6):
        a = inputs.number() if inputs.random.random() < 0.4 else inputs.value(2)
        b = related(inputs, a) if inputs.random.random() < 0.6 else inputs.value(2)
        sign = inputs.pick(list(COMPARISONS))
        case("cmp", [sign, a, b], lambda: COMPARISONS[sign](a, b))
        try:
            same = a == b and hash(a) == hash(b)
            case("samekey", [a, b], lambda: same)
        except TypeError:
            pass


def printing(inputs, each):
    for _ in range(each * 3):
        v = inputs.value(3)
        case("repr", [v], lambda: v)
        case("str", [v], lambda: str(v))
    for _ in range(each * 2):
        v = inputs.real()
        case("repr", [v], lambda: v)
    for _ in range(each):
        v = inputs.text()
        case("escape", [v], lambda: markupsafe.escape(v))


def slices(inputs, each):
    r = inputs.random
    bound = lambda: inputs.pick([None, None, 0, 1, -1, r.randint(-12, 12), r.randint(-3, 3), 2**63, -2**70, True, 1.0, "a"][: r.choice([9, 9, 9, 12])])
    for _ in range(each * 4):
        v = inputs.value(1) if r.random() < 0.4 else inputs.text()
        if isinstance(v, dict):
            continue
        start, stop, step = bound(), bound(), inputs.pick([None, None, 1, -1, 2, -2, 3, 0, 2**65, -2**63])
        case("slice", [v, start, stop, step], lambda: v[start:stop:step])
        if isinstance(v, (str, list, tuple)):
            i = r.randint(-14, 14)
            case("index", [v, i], lambda: v[i])


NO_ARGUMENTS = ["capitalize", "casefold", "isalnum", "isalpha", "isascii", "isdecimal", "isdigit", "isidentifier", "islower", "isnumeric",
                "isprintable", "isspace", "istitle", "isupper", "lower", "swapcase", "title", "upper"]
WITH_ARGUMENTS = ["center", "count", "endswith", "expandtabs", "find", "index", "join", "ljust", "lstrip", "partition", "removeprefix",
                  "removesuffix", "replace", "rfind", "rindex", "rjust", "rpartition", "rsplit", "rstrip", "split", "splitlines",
                  "startswith", "strip", "zfill"]


def method_arguments(inputs, name, text):
    r = inputs.random

    def part():
        if text and r.random() < 0.7:
            start = r.randint(0, len(text))
            return text[start:start + r.randint(0, 3)]
        return inputs.pick(["", " ", ",", "a", "ab", "\n", inputs.text()])

    def anything(v):
        return inputs.scalar() if r.random() < 0.06 else v

    optional = lambda make: [make()] if r.random() < 0.5 else []
    place = lambda: inputs.pick([None, 0, 1, -1, 2, r.randint(-9, 15), 2**70])
    if name in ("center", "ljust", "rjust"):
        return [anything(r.randint(-2, 25))] + optional(lambda: anything(inputs.pick(["*", "é", "🔥", "ab", ""])))
    if name == "zfill":
        return [anything(r.randint(-2, 12))]
    if name in ("count", "find", "index", "rfind", "rindex"):
        return [anything(part())] + (optional(place) if r.random() < 0.7 else [place(), place()])
    if name in ("startswith", "endswith"):
        affix = part() if r.random() < 0.8 else tuple(part() for _ in range(r.randint(0, 3)))
        return [anything(affix)] + (optional(place) if r.random() < 0.7 else [place(), place()])
    if name == "expandtabs":
        return optional(lambda: anything(r.randint(-1, 9)))
    if name == "join":
        items = [anything(part()) for _ in range(r.randint(0, 4))]
        return [anything(inputs.pick([items, tuple(items), {str(x): 1 for x in items}, part()]))]
    if name in ("lstrip", "rstrip", "strip"):
        return optional(lambda: anything(inputs.pick([part() + part(), None])))
    if name == "replace":
        new = inputs.pick([part(), "<&>", markupsafe.Markup("<i>")])
        return [anything(part()), anything(new)] + optional(lambda: anything(r.randint(-1, 3)))
    if name in ("split", "rsplit"):
        return optional(lambda: anything(inputs.pick([part(), None]))) + optional(lambda: anything(r.randint(-1, 3)))
    if name == "splitlines":
        return optional(lambda: anything(inputs.pick([True, False, 1])))
    return [anything(part())]


def method_case(inputs, name):
    text = inputs.text()
    if inputs.random.random() < 0.1:
        text = markupsafe.Markup(text)
    arguments = method_arguments(inputs, name, text) if name in WITH_ARGUMENTS else []
    if isinstance(text, markupsafe.Markup):  # its methods in Python escape arguments first, which the room above does
        if any(isinstance(part, str) and markupsafe.escape(part) != part for part in arguments):
            return
        try:
            getattr(text, name)(*arguments)
        except Exception:
            return
    if len(arguments) == 2 and name in ("split", "rsplit") and inputs.random.random() < 0.3:
        keywords = {"sep": arguments[0], "maxsplit": arguments[1]}
        case("method", [text, name, [], keywords], lambda: getattr(text, name)(**keywords))
        return
    case("method", [text, name, arguments, {}], lambda: getattr(text, name)(*arguments))


def methods(inputs, each):
    for name in NO_ARGUMENTS:
        for _ in range(each // 2):
            method_case(inputs, name)
    for name in WITH_ARGUMENTS:
        for _ in range(each):
            method_case(inputs, name)
    for text in WORDS:
        for name in NO_ARGUMENTS:
            case("method", [text, name, [], {}], lambda: getattr(text, name)())


def spec_of(inputs):
    r = inputs.random
    spec = inputs.pick(["", "", "", inputs.pick("<>^=") , inputs.pick("*0é🔥 <") + inputs.pick("<>^=")])
    spec += inputs.pick(["", "", "", "+", "-", " "]) + inputs.pick(["", "", "", "", "z"]) + inputs.pick(["", "", "", "#"])
    spec += inputs.pick(["", "", "0"]) + inputs.pick(["", "", str(r.randint(0, 24))]) + inputs.pick(["", "", "", "", ",", "_", ",_", ",,", "__"][:r.choice([6, 6, 9])])
    spec += inputs.pick(["", "", "." + str(r.randint(0, 20)), ".0", "."][:r.choice([4, 4, 5])])
    return spec + inputs.pick(["", "", "d", "f", "f", "e", "g", "g", "s", "x", "X", "o", "b", "c", "n", "%", "E", "G", "F", "é", "y", "ff"][:r.choice([10, 19, 22])])


def formats(inputs, each):
    r = inputs.random
    for _ in range(each * 12):
        spec = spec_of(inputs)
        v = inputs.pick([inputs.integer, inputs.real, inputs.real, inputs.text, lambda: inputs.value(1)])()
        if isinstance(v, markupsafe.Markup):
            continue
        if spec.endswith("c") and isinstance(v, int) and 0xD800 <= v < 0xE000:
            continue
        case("format", [v, spec], lambda: format(v, spec))


def percent(inputs, each):
    r = inputs.random

    def conversion(name):
        star = inputs.pick(["", "", "", "*"]) if not name else ""
        flags = "".join(r.sample("-0+ #", r.choice([0, 0, 0, 1, 2])))
        width = star or inputs.pick(["", "", str(r.randint(1, 20))])
        precision = inputs.pick(["", "", "." + str(r.randint(0, 12)), "."])
        types = "sssdddfgerxXoucaiEGF%" + ("qé" if r.random() < 0.1 else "")
        return "%" + name + flags + width + precision + inputs.pick(["", "", "", "", "l"]) + inputs.pick(types), star

    for _ in range(each * 8):
        pieces, values, mapping = [], [], {}
        keyed = r.random() < 0.2
        for i in range(r.randint(1, 3)):
            name = f"({inputs.pick('abk')})" if keyed else ""
            text, star = conversion(name)
            pieces.append(inputs.pick(["", " ", "é", "<", inputs.text().replace("%", "%%")]) + text)
            if star:
                values.append(r.choice([r.randint(-15, 15), r.randint(0, 9), "x"] if r.random() < 0.2 else [r.randint(-15, 15)]))
            v = inputs.pick([inputs.number, inputs.number, inputs.text, lambda: inputs.value(1)])()
            values.append(v)
            mapping[name[1:-1]] = v
        text = "".join(pieces) + inputs.pick(["", "", "", "", "%", "%%", "%("] if r.random() < 0.2 else [""])
        if r.random() < 0.1:
            values = values[:-1] if r.random() < 0.5 else values + [1]
        arguments = mapping if keyed and r.random() < 0.95 else tuple(values) if len(values) != 1 or r.random() < 0.5 else values[0]
        if "c" in text and any(isinstance(v, int) and 0xD800 <= v < 0xE000 for v in values):
            continue
        if r.random() < 0.1:
            text = markupsafe.Markup(text)
        case("percent", [text, arguments], lambda: text % arguments)


def fields(inputs, each):
    r = inputs.random
    for _ in range(each * 4):
        values = [inputs.pick([inputs.number, inputs.text, lambda: inputs.value(1), lambda: [1, "b", {"k": 2.5}], lambda: {"k": 1, "0": 2, 0: 3}])()
                  for _ in range(r.randint(0, 3))]
        names = {"a": inputs.scalar(), "name": inputs.text(), "w": r.randint(0, 12)}
        pieces = []
        for _ in range(r.randint(1, 3)):
            first = inputs.pick(["", "", "0", "1", "a", "name", "2"])
            path = inputs.pick(["", "", "", "", "[0]", "[k]", "[2][k]", "[-1]", "[", "[]", "]", "[0]x"][:r.choice([7, 7, 12])])
            conversion = inputs.pick(["", "", "", "!r", "!s", "!a", "!x", "!"][:r.choice([6, 6, 8])])
            spec = inputs.pick(["", "", ":" + spec_of(inputs), ":{w}", ":>{w}", ":{a}", ":{0}{w}", ":"])
            piece = "{" + first + path + conversion + spec + "}"
            pieces.append(inputs.pick(["", "x", "{{", "}}", "{{}}", "é"]) + piece)
        text = "".join(pieces) + inputs.pick(["", "", "", "", "{", "}", "{a", "{a!", "{a:", "{a[", "{a!r", "{a!rx}", "{:{:{}}}"][:r.choice([4, 4, 13])])
        values = [str(v) if isinstance(v, markupsafe.Markup) else v for v in values]
        case("fields", [text, values, names], lambda: string.Formatter().format(text, *values, **names))


def rounds(inputs, each):
    r = inputs.random
    for _ in range(each * 5):
        v = inputs.number()
        n = inputs.pick([0, 1, 2, 3, -1, -2, r.randint(-25, 25), 400, -400])
        case("round", [v, n], lambda: round(v, n))
    for _ in range(each):
        v = round(r.uniform(0, 100), 2) + inputs.pick([0, 0.005, 0.0005])
        n = r.randint(0, 3)
        case("round", [v, n], lambda: round(v, n))


def json_cases(inputs, each):
    r = inputs.random
    numbers = ["0", "-0", "-0.0", "1", "-1", "1.0", "1e5", "1E+5", "1e-5", "01", "-", "+1", ".5", "1.", "1e", "1e+", "1e400", "-1e400", "1e-400", "NaN", "Infinity",
               "-Infinity", "-Inf", "nan", "9223372036854775807", "9223372036854775808", "-9223372036854775809", "1" * 40, "1." + "0" * 50 + "1",
               "123456789012345678901234567890.5e-20", "0x10", "1_000", "00", "-01", "0e0", "0.0000000000000000000000001e25"]
    strings = ['""', '"a"', '"\\u00e9"', '"\\ud83d\\ude80"', '"\\/\\b\\f\\n\\r\\t\\"\\\\"', '"\\x"', '"\\u12"', '"\\u12g4"', '"\n"', '"\t"', '"abc', '"\\', '"\x7f"', '"é🚀"', "'a'",
               '"\\u+123"', '"\\u 123"', '"a\\u0000b"', '"\\ud83d\\u12"']
    words = ["null", "true", "false", "nul", "True", "", " ", "\n", ",", ":", "[", "]", "{", "}"]

    def text(depth):
        kind = r.random()
        space = lambda: inputs.pick(["", "", "", " ", "\n", "\t\r "])
        if depth == 0 or kind < 0.5:
            return inputs.pick([inputs.pick(numbers) if r.random() < 0.5 else repr(inputs.real()), inputs.pick(strings), inputs.pick(words[:3]),
                                json.dumps(inputs.text(), ensure_ascii=r.random() < 0.5), str(inputs.integer()), inputs.pick(words) if r.random() < 0.1 else "1"])
        comma = lambda: inputs.pick([",", ",", ",", ",", ",", ",", ",,", "", ":"]) if r.random() < 0.1 else ","
        if kind < 0.75:
            return "[" + space() + (space() + comma() + space()).join(text(depth - 1) for _ in range(r.randint(0, 3))) + space() + "]"
        members = []
        for _ in range(r.randint(0, 3)):
            key = inputs.pick(['"a"', '"b"', '"c"', '""', json.dumps(inputs.text())] + (["a", "1"] if r.random() < 0.05 else []))
            members.append(key + space() + (":" if r.random() < 0.98 else "") + space() + text(depth - 1))
        return "{" + space() + (space() + comma()).join(members) + space() + "}"

    for _ in range(each * 8):
        source = inputs.pick(["", "", " "]) + text(3) + inputs.pick(["", "", "", "\n", " x", "]", "}"] if r.random() < 0.1 else [""])
        if r.random() < 0.1 and source:
            at = r.randrange(len(source))
            source = source[:at] + inputs.pick(["", "\\", '"', ",", "}", "é", "\x01"]) + source[at + 1:]
        if has_surrogate(source):
            continue
        case("loads", [source], lambda: json.loads(source))
    for _ in range(each * 3):
        v = inputs.value(3)
        style = inputs.pick(["plain", "compact", "pretty", "sorted", "ascii"])
        keywords = {"plain": {}, "compact": {"separators": (",", ":"), "ensure_ascii": False},
                    "pretty": {"sort_keys": True, "indent": 4, "separators": (",", ": "), "ensure_ascii": False},
                    "sorted": {"sort_keys": True}, "ascii": {"indent": 0}}[style]
        case("dumps", [v, style], lambda: json.dumps(v, **keywords))


def dicts(inputs, each):
    r = inputs.random
    for _ in range(max(2, each // 6)):
        keys = [inputs.key() for _ in range(r.choice([3, 12, 40]))]
        steps, d, seen = [], {}, []
        for _ in range(r.choice([10, 60, 150])):
            k = inputs.pick(keys)
            kind = inputs.pick(["set", "set", "del", "get"])
            number = r.randint(0, 99)
            steps.append([kind, k, number])
            if kind == "set":
                d[k] = number
            elif kind == "del":
                seen.append(d.pop(k, None) is not None)
            else:
                seen.append(d.get(k))
        case("dict", [steps], lambda: (d, seen))


KINDS = {"operators": operators, "compare": compare, "repr": printing, "slices": slices, "methods": methods, "formats": formats,
         "percent": percent, "fields": fields, "rounds": rounds, "json": json_cases, "dicts": dicts}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--each", type=int, default=60)
    parser.add_argument("--only", choices=KINDS)
    arguments = parser.parse_args()
    signal.signal(signal.SIGALRM, on_alarm)
    sys.stdout.reconfigure(encoding="utf-8")
    for name, make in KINDS.items():
        if arguments.only in (None, name):
            make(Inputs(arguments.seed), arguments.each)


if __name__ == "__main__":
    main()
