"""Random templates with random payloads, for templates_oracle.py. All of the language, mostly sensible, partly odd.

An expression is made for a wanted type (text, whole, real, list, ...), so that most of a template means something; now
and then a part of another type is put in, or the finished text is damaged, so that errors are compared too.
"""
import copy
import glob
import json
import os
import random
import re

WORDS = ["", "a", "B", "abc", "Hello World", "Disk full on db-01", "eu-west-1", "CRITICAL", "firing", "one two  three", "12", "-7", "3.25", "0x1F", " pad ", "x=1,y=2,,z",
         "<b>\"x\" & 'y'</b>", "it's", "Größe ß", "日本🚀", "İstanbul", "ΑΣ Σ", "ﬁn ŉ ǆ", "e\u0301", "²½Ⅷ٣", "tab\there", "line1\nline2\r\nline3", "\n\nlead", "\u00a0nb\u2028sep", "a\\b",
         "%s and %d", "{} {x}", "100%", "https://example.org/a?b=1&c=(2)", "see www.x.com, mail a@b.co.", "true", "None", "null", "a_b", "camelCase", "they're bill's", "2024-05-17",
         "2024-05-17T09:41:07.5+05:30", "2024-05-17 09:41:07Z", "09:41 / 17-05-2024", "{\"a\": [1, 2.0, null], \"b\": \"x\"}", "[1, {\"k\": \"v\"}]", "SGVsbG8=", "15m", "-3h", "1M", "2w"]
WHOLES = [0, 1, 2, 3, 5, 7, 10, -1, -3, 42, 99, 100, 255, 1000, 1234567, 1715938867, -86400, 2**31, 2**53 + 1, 2**63 - 1, 2**63, -2**64, 10**20, 123456789012345678901234567890]
REALS = [0.0, -0.0, 0.5, 1.0, 1.5, 2.5, -2.5, 0.1, 93.5, 3.14159, 1e16, 1e-5, 0.0001, 1e22, 1e100, 123456789.125, 2.675, -7.25, 1715938867.25, 5e-324, 1.7e308]
KEYS = ["a", "b", "name", "n", "v", "severity", "x y", "é", "items", "keys", "1", "_p", "Title"]
FORMATS = ["%H:%M / %d-%m-%Y", "%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ", "%A %d %B %Y", "%a %b %e", "%I:%M %p", "%j %U %W %w", "%y%m%d", "%s", "%Z %z", "%H%%", "%f", "%G-W%V-%u", "%c", "%x %X", "%D %T",
           "%-d.%-m", "é %d", "", "%", "%Q", "%d %b", "%5Y", "%_H", "%^a", "%#Z", "%h%n%t%R", "%C"]
ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "asia/tokyo", "Australia/Lord_Howe", "Etc/GMT+5", "Nowhere/X", ""]
PATTERNS = [".*o", "^H", "o\\\\b", "[0-9]+", "[aeiou]", "(\\\\w)(\\\\w)", "(?i)hello", "\\\\s+", "^\\\\S+$", "(?P<q>l+)", "a|b|", "x*", "[[:alpha:]]", "\\\\p{Lu}", "(?<=l)o", "$", "(a", "*", "[", "\\\\d{2,}", "(?:ab)?"]
REPLACEMENTS = ["*", "", "<\\\\1>", "\\\\g<0>", "\\\\2\\\\1", "-", "\\\\g<q>", "é", "\\\\\\\\", "\\\\9"]
SPECS = ["", "5", "<8", ">8", "^9", "*^9", "05", "+", " ", ".2f", ".0f", "e", ".3g", "%", ".1%", ",", "_", "x", "#x", "X", "b", "#o", "c", "d", "n", "g", "s", ".2", ".3s", "é<6", "=+8", "10.3f", ",.2f", "r", "z", "08.3f"]
PERCENTS = ["%s", "%r", "%d", "%5d", "%-5d|", "%05d", "%+d", "%x", "%#x", "%o", "%e", "%.2f", "%8.3f", "%g", "%c", "%%", "%a", "%i", "%5s|", "%-5s|", "%.2s", "%(a)s", "%(v)d", "%*d", "%z", "%", "% d", "%X", "%#o", "%.3g", "%u"]

TESTS = ["boolean", "callable", "defined", "divisibleby(3)", "divisibleby(0)", "eq(7)", "equalto('a')", "escaped", "even", "false", "filter", "float", "ge(2)", "gt(1)", "greaterthan(0)", "in([1,'a'])", "in('abc')", "integer",
         "iterable", "le(3)", "lessthan(5)", "lower", "lt('m')", "mapping", "ne(1)", "none", "number", "odd", "sameas(none)", "sameas(true)", "sequence", "string", "test", "true", "undefined", "upper"]
COMPARES = ["==", "!=", "<", ">", "<=", ">=", "in", "not in"]

ANY_TO_ANY = ["d('D')", "default('x', true)", "default", "first", "last", "list", "string", "pprint", "tojson", "tojson(2)", "tojson(indent=1)", "json_dumps", "tojson_pretty", "e", "escape", "forceescape", "safe", "length", "count", "int", "float",
              "attr('a')", "attr('items')", "attr('__class__')", "reverse", "sort", "unique", "min", "max", "sum", "join", "join(', ')", "upper", "title", "trim", "urlencode", "items", "dictsort", "xmlattr", "round", "abs", "filesizeformat",
              "timestamp_to_datetime", "iso8601_to_time", "timedeltaparse", "parse_json", "b64decode", "datetimeformat", "datetimeparse", "wordcount", "capitalize", "center", "striptags", "urlize", "indent", "batch(2)", "slice(2)", "groupby('a')",
              "map('upper')", "select", "reject", "map(attribute='a')", "list|first", "truncate(3)", "wordwrap(3)", "replace('a', 'b')", "regex_match('a')", "regex_search('a')", "regex_replace('a', 'b')", "format(1)", "lower"]
TEXT_FILTERS = ["upper", "lower", "title", "capitalize", "trim", "trim('x')", "trim('Hd ')", "center({n})", "center(width={n})", "truncate({n})", "truncate({n}, true)", "truncate({n}, true, '…')", "truncate({n}, false, '', 0)",
                "truncate(length={n}, leeway={n})", "wordwrap({n})", "wordwrap({n}, false)", "wordwrap({n}, wrapstring='|')", "wordwrap({n}, true, '\\n> ', false)", "indent", "indent({n})", "indent({n}, true)", "indent('> ', blank=true)",
                "indent(width={n}, first=true, blank=true)", "striptags", "e", "escape", "forceescape", "safe", "string", "urlize", "urlize({n})", "urlize(10, true)", "urlize(target='_blank')", "urlize(rel='x y')", "urlize(nofollow=true, extra_schemes=['x:'])",
                "urlencode", "reverse", "default('')", "d({t}, true)", "b64decode", "regex_replace('{p}', '{r}')", "regex_replace({t}, '{r}')", "replace({t}, {t})", "replace({t}, {t}, {n})", "replace('a', '<', count=1)", "format({any})", "format({any}, {any})",
                "format(a={any}, v={w})", "tojson", "json_dumps", "tojson_pretty", "pprint", "join('-')", "join({t})", "first", "last", "attr('upper')", "list|join", "sort|join", "unique|join('')", "max", "min"]
TEXT_METHODS = ["upper()", "lower()", "title()", "capitalize()", "swapcase()", "casefold()", "strip()", "strip({t})", "lstrip('H')", "rstrip()", "replace({t}, {t})", "replace({t}, {t}, {n})", "center({n})", "center({n}, '*')", "ljust({n})", "rjust({n}, '.')",
                "zfill({n})", "expandtabs()", "expandtabs({n})", "removeprefix({t})", "removesuffix({t})", "join({lt})", "join({l})", "format({any})", "format({any}, x={any})", "format_map({d})", "translate({{97: 'X', 98: none}})", "encode('utf-8').decode()"]
SPLITS = ["split()", "split({t})", "split(',')", "split('o', 1)", "split(none, 2)", "split(maxsplit=1)", "rsplit('l', 1)", "rsplit()", "splitlines()", "splitlines(true)", "partition(' ')", "rpartition('-')", "partition({t})"]
FINDS = ["find({t})", "rfind('o')", "index('a')", "rindex({t})", "count({t})", "count('l', 2)", "find('o', {n})", "find('o', {n}, {n})", "index({t}, {w})"]
ASKS = ["isdigit()", "isalpha()", "isalnum()", "isupper()", "islower()", "istitle()", "isspace()", "isdecimal()", "isnumeric()", "isidentifier()", "isprintable()", "isascii()", "startswith({t})", "endswith({t})", "startswith(('a', 'H'))",
        "startswith('l', 2)", "endswith('d', 0, {n})"]
LIST_FILTERS = ["sort", "sort(true)", "sort(reverse=true)", "sort(case_sensitive=true)", "sort(attribute='v')", "sort(attribute='n,v')", "unique", "unique(true)", "unique(attribute='n')", "reverse", "list", "batch({n})", "batch(3, 'z')", "batch(linecount=2, fill_with=0)",
                "slice({n})", "slice(3, '-')", "map('upper')", "map('int')", "map('string')", "map('default', 'q')", "map(attribute='n')", "map(attribute='v', default=0)", "map(attribute='labels.severity')", "map('length')", "map('round', 1)", "map('replace', 'a', 'b')",
                "map('tojson')", "map('format', 1)", "map(attribute=0)", "map(attribute='0.a')", "map('nope')", "map", "select", "select('string')", "select('number')", "select('gt', 1)", "select('in', {l})", "select('defined')", "select('nope')", "reject", "reject('none')",
                "reject('odd')", "reject('equalto', {any})", "selectattr('v')", "selectattr('n')", "selectattr('v', 'gt', 2)", "selectattr('labels.severity', 'equalto', 'critical')", "selectattr('n', 'defined')", "rejectattr('v')", "rejectattr('n', 'in', 'abc')",
                "rejectattr('g', 'eq', 'x')", "groupby('n')", "groupby('v')", "groupby('g')", "groupby('labels.severity', default='?')", "groupby('n', case_sensitive=true)", "groupby(attribute='n', default='')"]
LIST_ENDS = ["join", "join(',')", "join(', ', attribute='n')", "join({t})", "first", "last", "length", "sum", "sum(start={w})", "sum(attribute='v')", "min", "max", "max(attribute='v')", "min(attribute='n')", "max(case_sensitive=true)", "tojson", "pprint", "string",
             "list|length", "list|tojson", "list|first", "list|sum", "tojson_pretty", "json_dumps", "xmlattr", "urlencode", "list"]
LIST_METHODS = ["append({any})", "extend({l})", "insert({n}, {any})", "pop()", "pop({n})", "remove({any})", "reverse()", "sort()", "sort(reverse=true)", "clear()", "index({any})", "count({any})", "copy()"]
DICT_ENDS = ["items()", "keys()", "values()", "get('a')", "get({t}, {any})", "get('n', 'zz')", "copy()", "pop('a')", "pop('zz', {any})", "popitem()", "setdefault('b', {any})", "update({d})", "update(x={any})", "clear()", "fromkeys('ab', 1)"]
DICT_FILTERS = ["items", "items|list", "dictsort", "dictsort(true)", "dictsort(by='value')", "dictsort(false, 'key', true)", "dictsort(reverse=true)", "tojson", "tojson(2)", "tojson_pretty", "json_dumps", "xmlattr", "xmlattr(false)", "urlencode", "pprint", "list", "length", "string",
                "map('upper')|list", "first", "join('/')", "sort", "e", "batch(2)|list", "max", "unique|list"]
DATE_ENDS = ["year", "month", "day", "hour", "minute", "second", "microsecond", "tzinfo", "weekday()", "isoweekday()", "isoformat()", "isoformat(' ')", "isoformat('T', 'seconds')", "isoformat(timespec='milliseconds')", "timestamp()", "strftime('{f}')", "date()", "time()", "timetz()", "ctime()",
             "utcoffset()", "tzname()", "dst()", "toordinal()", "timetuple()", "utctimetuple()", "isocalendar()", "isocalendar().week", "replace(year=2020)", "replace(hour={n}, minute=5)", "replace(tzinfo=none)", "astimezone()", "fold", "date().isoformat()", "time().isoformat()",
             "date().strftime('{f}')", "time().strftime('%H:%M')", "date().replace(day=1)", "min", "max", "resolution"]
DATE_FILTERS = ["datetimeformat", "datetimeformat('{f}')", "datetimeformat(format='{f}')", "datetimeformat_as_timezone('{f}', '{z}')", "datetimeformat_as_timezone(tz='{z}')", "string", "tojson", "json_dumps", "pprint", "timestamp_to_datetime"]
SPAN_ENDS = ["days", "seconds", "microseconds", "total_seconds()", "min", "max", "resolution"]
WHOLE_ENDS = ["bit_length()", "bit_count()", "real", "imag", "numerator", "denominator", "conjugate()", "as_integer_ratio()"]
REAL_ENDS = ["is_integer()", "as_integer_ratio()", "hex()", "real", "imag", "conjugate()"]
PRIVATE = ["__class__", "__len__", "__class__.__mro__", "_x", "__init__.__globals__", "format.__self__", "__add__"]


class Payloads:
    """Random contexts: a few names of each type."""

    def __init__(self, chance):
        self.random = chance

    def scalar(self):
        pick = self.random.choice
        return pick([lambda: pick(WORDS), lambda: pick(WORDS), lambda: pick(WHOLES), lambda: pick(REALS), lambda: pick([True, False, None])])()

    def value(self, depth=2):
        kind = self.random.random()
        if depth == 0 or kind < 0.6:
            return self.scalar()
        size = self.random.randint(0, 3)
        if kind < 0.8:
            return [self.value(depth - 1) for _ in range(size)]
        return {self.random.choice(KEYS): self.value(depth - 1) for _ in range(size)}

    def row(self):
        pick = self.random.choice
        row = {"n": pick(["a", "B", "c", "abc", "É"]), "v": pick([1, 2, 10, 3.5, -2, 0]), "g": pick(["x", "y", "X"]), "labels": {"severity": pick(["critical", "warning", "info"])}}
        if self.random.random() < 0.15:
            row.pop(pick(list(row)))
        if self.random.random() < 0.08:
            row[pick(list(row) or ["n"])] = self.value(1)
        return row

    def rows(self):
        return [self.row() for _ in range(self.random.randint(0, 4))]

    def context(self):
        pick = self.random.choice
        payload = {"title": pick(WORDS), "status": pick(["firing", "resolved", "ok"]), "value": pick(REALS), "count": pick(WHOLES), "labels": {"severity": "critical", "host": pick(WORDS)},
                   "alerts": self.rows(), "tags": [pick(WORDS) for _ in range(self.random.randint(0, 4))], "items": [1, 2], "extra": self.value(3), "none": None}
        return {"payload": payload if self.random.random() < 0.95 else self.value(), "s": pick(WORDS), "t": pick(WORDS), "u": pick(WORDS), "i": pick(WHOLES), "j": pick([0, 1, 2, 3, -2]), "f": pick(REALS),
                "li": [pick([3, 1, 2, -5, 10]) for _ in range(self.random.randint(0, 5))], "ls": [pick(WORDS) for _ in range(self.random.randint(0, 4))], "mix": [self.scalar() for _ in range(self.random.randint(0, 4))],
                "rows": self.rows(), "d": {pick(KEYS): self.value(1) for _ in range(self.random.randint(0, 4))}, "deep": self.value(3), "yes": True, "no": False, "nil": None,
                "iso": pick(["2024-05-17T09:41:07.5+05:30", "2024-02-29", "1999-12-31T23:59:59Z", "2024-05-17 09:41", "20240517T094107", "2024-5-7 9:41", "bad"]), "ts": pick([0, 1715938867, 1715938867.25, -1, 253402300799])}


class Generator:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.payloads = Payloads(self.random)
        self.names = []

    def pick(self, items):
        return self.random.choice(items)

    def chance(self, share):
        return self.random.random() < share

    # Parts that the tables ask for.
    def filled(self, pattern, depth):
        """The table's entry with its holes filled: {n} small number, {t} text, {w} whole, {l} list, {lt} texts, {d} dict, {any}, {p} {r} {f} {z} from tables."""
        holes = {"{n}": lambda: str(self.pick([0, 1, 2, 3, 5, 8, 12, 20, -1])), "{t}": lambda: self.some("text", depth + 2), "{w}": lambda: self.some("whole", depth + 2), "{l}": lambda: self.some("list", depth + 2),
                 "{lt}": lambda: "ls", "{d}": lambda: self.some("dict", depth + 2), "{any}": lambda: self.some("any", depth + 2), "{p}": lambda: self.pick(PATTERNS), "{r}": lambda: self.pick(REPLACEMENTS),
                 "{f}": lambda: self.pick(FORMATS), "{z}": lambda: self.pick(ZONES)}
        for hole, make in holes.items():
            while hole in pattern:
                pattern = pattern.replace(hole, make(), 1)
        return pattern.replace("{{", "{").replace("}}", "} ") if "{{" in pattern else pattern

    def literal(self, text):
        quoted = json.dumps(text, ensure_ascii=self.chance(0.3))
        if self.chance(0.5) and "'" not in text and "\\" not in quoted and '"' not in text:
            return "'" + text + "'"
        return quoted.replace("\\/", "/")

    def some(self, kind, depth=0):
        """An expression of that type; rarely of another."""
        if self.chance(0.04):
            kind = self.pick(["text", "whole", "real", "list", "dict", "bool", "date", "span", "odd"])
        if kind == "any":
            kind = self.pick(["text", "text", "whole", "real", "list", "dict", "bool", "date", "span", "odd"])
        if kind == "number":
            kind = self.pick(["whole", "real"])
        return getattr(self, kind)(depth)

    def piped(self, left, right):
        return f"({left})|{right}" if self.chance(0.25) or not left.replace("_", "").replace(".", "").isalnum() else f"{left}|{right}"

    def atom_text(self):
        if self.chance(0.35):
            return self.literal(self.pick(WORDS))
        return self.pick(["s", "t", "u", "s", "payload.title", "payload.status", "payload.labels.severity", "payload.labels['host']", "ls[0]", "payload.tags|first", "iso", "rows[0].n", "payload['title']", "s|e", "t|safe"] + self.names)

    def text(self, depth=0):
        kind = self.random.random()
        if depth > 3 or kind < 0.25:
            return self.atom_text()
        if kind < 0.5:
            return self.piped(self.some("text", depth + 1), self.filled(self.pick(TEXT_FILTERS), depth))
        if kind < 0.62:
            return f"({self.some('text', depth + 1)}).{self.filled(self.pick(TEXT_METHODS), depth)}"
        if kind < 0.7:
            return f"({self.some('text', depth + 1)} {self.pick(['~', '~', '+'])} {self.some('any' if self.chance(0.4) else 'text', depth + 1)})"
        if kind < 0.76:
            return f"({self.some('text', depth + 1)})[{self.slice(depth)}]"
        if kind < 0.79:
            return f"({self.some('text', depth + 1)} * {self.pick(['2', '0', 'j', '-1', '3'])})"
        if kind < 0.86:
            return self.percent(depth)
        if kind < 0.93:
            return self.formatted(depth)
        return self.piped(self.some("list", depth + 1), self.filled(self.pick(LIST_ENDS), depth))

    def percent(self, depth):
        parts = [self.pick(PERCENTS) for _ in range(self.random.randint(1, 3))]
        text = self.pick(["", "x ", "é"]).join(parts)
        values = [self.some(self.pick(["number", "whole", "any"]), depth + 2) for _ in range(max(0, sum(1 for p in parts if p != "%%") + self.pick([0, 0, 0, 0, 1, -1])))]
        if "(" in text:
            return f"('{text}' % {self.pick(['{' + chr(39) + 'a' + chr(39) + ': ' + self.some('any', depth + 2) + ', ' + chr(39) + 'v' + chr(39) + ': i}', 'rows[0]', 'd'])})"
        return f"('{text}' % {values[0] if len(values) == 1 and self.chance(0.5) else '(' + ', '.join(values) + (',)' if len(values) == 1 else ')')})"

    def formatted(self, depth):
        fields = []
        for _ in range(self.random.randint(1, 2)):
            name = self.pick(["", "", "0", "1", "x", "x", "0[a]", "x.n", "x[0]", "0.__class__", "y"])
            fields.append("{" + name + self.pick(["", "", "", "!r", "!s", "!a", "!q"]) + self.pick(["", ":" + self.pick(SPECS), ":" + self.pick(SPECS), ":{y}"]) + "}")
        text = self.pick(["", " ", "{{}}", "é", "<"]).join(fields) + self.pick(["", "", "", "", "", "}", "{"])
        call = f"format({self.some(self.pick(['number', 'text', 'any']), depth + 2)}, x={self.some('any', depth + 2)}, y={self.pick(['5', '8', s_literal('<6')])})"
        return f"'{text}'.{call}" if self.chance(0.8) else f"('{text}'|safe).{call}"

    def slice(self, depth):
        part = lambda: self.pick(["", "", "0", "1", "2", "-1", "-3", "j", "5", "10"])
        return part() + ":" + part() + self.pick(["", "", "", ":", ":2", ":-1", ":-2", ":0", ":" + part()])

    def whole(self, depth=0):
        kind = self.random.random()
        if depth > 3 or kind < 0.35:
            return self.pick(["i", "j", "i", "j", "payload.count", "li[0]", "0", "1", "2", "3", "-1", "10", "7", "0x1f", "0b11", "0o17", "1_000", "ts", "rows[0].v", "99999999999999999999", "yes"])
        if kind < 0.65:
            return f"({self.some('whole', depth + 1)} {self.pick(['+', '-', '*', '//', '%', '+', '-', '*'])} {self.some('whole', depth + 1)})" if self.chance(0.85) else f"({self.some('whole', depth + 1)} ** {self.pick(['2', '3', 'j', '0', '0.5', '-1'])})"
        if kind < 0.72:
            return self.pick(["-{}", "+{}", "({}|abs)", "({}|int)", "({})|round|int"]).format(self.some("whole", depth + 1))
        if kind < 0.8:
            return f"({self.some('text', depth + 1)}).{self.filled(self.pick(FINDS), depth)}"
        if kind < 0.9:
            return self.piped(self.some(self.pick(["text", "list", "dict", "odd"]), depth + 1), self.pick(["length", "count", "int", "int(7)", "wordcount", "int(base=16)", "int(0, 2)", "list|length"]))
        return f"({self.some('whole', depth + 1)}).{self.pick(WHOLE_ENDS)}"

    def real(self, depth=0):
        kind = self.random.random()
        if depth > 3 or kind < 0.3:
            return self.pick(["f", "f", "payload.value", "1.5", "0.1", "2.0", "1e3", "1.5e-7", "-0.0", "ts", "0.5", "12.345"])
        if kind < 0.6:
            return f"({self.some('number', depth + 1)} {self.pick(['+', '-', '*', '/', '/', '//', '%'])} {self.some('number', depth + 1)})"
        if kind < 0.85:
            return self.piped(self.some("number", depth + 1), self.pick(["round", "round(1)", "round(2, 'floor')", "round(2, 'ceil')", "round(-1)", "round(method='ceil')", "round(method='x')", "float", "abs", "float(1.5)", "round(j)", "filesizeformat", "filesizeformat(true)", "string", "int"]))
        if kind < 0.92:
            return self.piped(self.some("text", depth + 1), self.pick(["float", "float(2.5)", "float('x')"]))
        return f"({self.some('real', depth + 1)}).{self.pick(REAL_ENDS)}"

    def bool(self, depth=0):
        kind = self.random.random()
        if depth > 3 or kind < 0.12:
            return self.pick(["yes", "no", "true", "false", "True", "none", "s", "li", "d", "payload.nope"])
        if kind < 0.4:
            return f"{self.some('any', depth + 1)} is {'not ' if self.chance(0.2) else ''}{self.pick(TESTS)}"
        if kind < 0.65:
            sort = self.pick(["number", "text", "any", "list", "date"])
            tail = f" {self.pick(COMPARES)} {self.some(sort, depth + 1)}" if self.chance(0.1) else ""
            return f"({self.some(sort, depth + 1)} {self.pick(COMPARES)} {self.some(sort if self.chance(0.7) else 'any', depth + 1)}{tail})"
        if kind < 0.75:
            return f"({self.some('bool', depth + 1)} {self.pick(['and', 'or'])} {self.some('bool' if self.chance(0.7) else 'any', depth + 1)})"
        if kind < 0.8:
            return f"(not {self.some('bool', depth + 1)})"
        if kind < 0.9:
            return f"({self.some('text', depth + 1)}).{self.filled(self.pick(ASKS), depth)}"
        return self.piped(self.some("text", depth + 1), f"{self.pick(['regex_match', 'regex_search'])}('{self.pick(PATTERNS)}')")

    def list(self, depth=0):
        kind = self.random.random()
        if depth > 3 or kind < 0.3:
            return self.pick(["li", "ls", "mix", "rows", "payload.tags", "payload.alerts", "rows", "[1, 2, 3]", "['b', 'a', 'C']", "(1, 'x')", "[]", "[[1, 2], [3]]", "d.items()", "d.keys()", "payload.labels.values()", "s|list", "()"])
        if kind < 0.6:
            made = self.piped(self.some("list", depth + 1), self.filled(self.pick(LIST_FILTERS), depth))
            return made + "|list" if self.chance(0.6) else made
        if kind < 0.68:
            return f"({self.some('list', depth + 1)})[{self.slice(depth)}]"
        if kind < 0.74:
            return f"({self.some('list', depth + 1)} {self.pick(['+', '+', '*'])} {self.some('list', depth + 1) if self.chance(0.8) else 'j'})"
        if kind < 0.82:
            return f"({self.some('text', depth + 1)}).{self.filled(self.pick(SPLITS), depth)}"
        if kind < 0.92:
            items = [self.some("any", depth + 2) for _ in range(self.random.randint(0, 3))]
            return "[" + ", ".join(items) + "]" if self.chance(0.7) else "(" + "".join(item + ", " for item in items) + ")"
        return self.piped(self.some("dict", depth + 1), self.pick(["items", "dictsort", "list", "dictsort(by='value')"]))

    def dict(self, depth=0):
        kind = self.random.random()
        if depth > 3 or kind < 0.6:
            return self.pick(["d", "payload.labels", "rows[0]", "payload", "{'a': 1, 'b': 2.5}", "{}", "dict(x=1, y='q')", "payload.alerts[0].labels", "{1: 'one', 'k': [1]}", "deep"])
        if kind < 0.8:
            pairs = [f"{self.some(self.pick(['text', 'whole']), depth + 2)}: {self.some('any', depth + 2)}" for _ in range(self.random.randint(0, 3))]
            return "{" + ", ".join(pairs) + "}"
        return self.pick(["dict({})", "dict({}, z=1)", "({}).copy()", "dict({}.items())"]).format(self.some("dict", depth + 1))

    def date(self, depth=0):
        kind = self.random.random()
        if depth > 3 or kind < 0.5:
            return self.pick(["iso|iso8601_to_time", "ts|timestamp_to_datetime", "time()", "(iso|iso8601_to_time)", "'2024-02-29T12:00:00Z'|iso8601_to_time", "'09:41 / 17-05-2024'|datetimeparse"])
        if kind < 0.65:
            return f"({self.some('text', depth + 1)})|{self.pick(['iso8601_to_time', 'datetimeparse', self.filled('datetimeparse({q}{f}{q})', depth).replace('{q}', chr(39))])}"
        if kind < 0.85:
            return f"(({self.some('date', depth + 1)}) {self.pick(['+', '-'])} ({self.some('span', depth + 1)}))"
        return f"({self.some('date', depth + 1)}).{self.filled(self.pick(DATE_ENDS), depth)}"

    def span(self, depth=0):
        kind = self.random.random()
        if depth > 3 or kind < 0.5:
            return self.pick(["'15m'|timedeltaparse", "'-3h'|timedeltaparse", "'2w'|timedeltaparse", "t|timedeltaparse", "'90s'|timedeltaparse"])
        if kind < 0.65:
            return f"(({self.some('date', depth + 1)}) - ({self.some('date', depth + 1)}))"
        if kind < 0.85:
            return f"(({self.some('span', depth + 1)}) {self.pick(['*', '/', '//', '%', '+', '-'])} ({self.some(self.pick(['number', 'span']), depth + 1)}))"
        return f"({self.some('span', depth + 1)}).{self.pick(SPAN_ENDS)}"

    def odd(self, depth=0):
        kind = self.random.random()
        if kind < 0.45:
            return self.pick(["nil", "missing", "payload.nope", "payload.nope.x", "none", "namespace(a=1)", "li.append", "s.upper", "dict", "cycler('a', 'b')", "joiner(',')", "lipsum", "range", "time", "namespace", "caller", "varargs", "loop", "self", "payload[nil]",
                              "d.nope", "rows[99]", "s[99]", "cycler(1, 2).next()", "joiner()()", "li|first", "rows|groupby('g')|first", "''.join", "dict.fromkeys('ab')", "rows|map('upper')", "mix|select", "li|batch(2)", "namespace(a=1).a", "dict.mro()"])
        if kind < 0.6:
            return f"({self.some('any', depth + 2)}).{self.pick(PRIVATE)}"
        if kind < 0.8:
            return f"({self.some('any', depth + 2)})[{self.some(self.pick(['text', 'whole', 'any']), depth + 2)}]"
        return f"({self.some('any', depth + 2)}).{self.pick(['a', 'n', 'x', 'upper', 'items', 'real', 'year', '0', '1', 'nope', 'append', 'format', 'get', 'count', 'index', 'name', 'title', 'severity', 'foo()'])}"

    def expression(self):
        """Any expression, as it may be printed."""
        kind = self.random.random()
        if kind < 0.4:
            return self.some("any")
        if kind < 0.62:
            return self.piped(self.some("any", 1), self.pick(ANY_TO_ANY))
        if kind < 0.68:
            return self.piped(self.some("date", 1), self.filled(self.pick(DATE_FILTERS), 1))
        if kind < 0.74:
            return f"({self.some('list', 1)}).{self.filled(self.pick(LIST_METHODS), 1)}"
        if kind < 0.8:
            return f"({self.some('dict', 1)}).{self.filled(self.pick(DICT_ENDS), 1)}"
        if kind < 0.86:
            return self.piped(self.some("dict", 1), self.pick(DICT_FILTERS))
        if kind < 0.92:
            return f"{self.some('any', 1)} if {self.some('bool', 1)}" + (f" else {self.some('any', 1)}" if self.chance(0.8) else "")
        return self.piped(self.some("list", 1), self.filled(self.pick(LIST_ENDS), 1))

    # Statements.
    def tag(self, code):
        left = self.pick(["{%", "{%", "{%", "{%", "{%-", "{%+"])
        right = self.pick(["%}", "%}", "%}", "%}", "-%}", "+%}"])
        return f"{left}{self.pick([' ', ' ', ' ', '', '  ', chr(10)])if code[0] not in '-+' else ' '}{code}{self.pick([' ', ' ', ' ', chr(10)])}{right}"

    def printed(self, code=None):
        return self.pick(["{{ ", "{{ ", "{{ ", "{{- ", "{{"]) + (code or self.expression()) + self.pick([" }}", " }}", " }}", " -}}", "  }}"])

    def plain(self):
        return self.pick(["", "", " ", "text ", "\n", "a<b>&\"", "\n  * ", "# h\n", "{ } % #", "é🚀", "\r\n", "  \n", "}}", "%}", "'"])

    def body(self, depth):
        return "".join(self.statement(depth + 1) for _ in range(self.random.randint(1, 2)))

    def statement(self, depth=0):
        if depth > 2 or self.chance(0.45):
            return self.plain() + self.printed() + self.plain()
        kinds = [self.loop, self.loop, self.loop, self.branch, self.branch, self.assign, self.assign, self.assign_block, self.macro, self.call_block, self.filter_block, self.with_block, self.escaping, self.raw, self.comment, self.space,
                 self.block, self.recursive, self.load, self.loop_words]
        return self.plain() + self.pick(kinds)(depth)

    def loop(self, depth):
        form = self.random.random()
        if form < 0.3:
            head, inner = f"for k, v in {self.pick(['({}).items()', '({})|items', '({})|dictsort']).format(self.some('dict', 2))}", self.printed("k") + "=" + self.printed("v")
        elif form < 0.4:
            head, inner = f"for {self.pick(['a, b', '(a, b)', 'a, (b, c)', 'a, b, c', 'a,'])} in {self.pick(['[[1, 2], [3, 4]]', 'rows|groupby(' + chr(39) + 'g' + chr(39) + ')', '[(1, (2, 3))]', 'd.items()', 'ls', self.some('list', 2)])}", self.printed("a") + self.printed("b")
        else:
            head, inner = f"for x in {self.some('list', 1)}", self.printed(self.pick(["x", "x", "loop.index", "x.n", "loop.last", "loop", "x|upper", "loop.length", "loop.cycle('a', 'b')", "loop.previtem", "loop.nextitem", "loop.changed(x)", "loop.revindex"]))
        if self.chance(0.2):
            head += f" if {self.pick([self.some('bool', 2), 'x', 'loop.first', 'x is string', 'v', 'x > 1'])}"
        tail = self.tag("else") + self.body(depth) if self.chance(0.2) else ""
        return self.tag(head) + inner + (self.body(depth) if self.chance(0.6) else "") + tail + self.tag("endfor")

    def loop_words(self, depth):
        words = ["loop.index", "loop.index0", "loop.revindex", "loop.revindex0", "loop.first", "loop.last", "loop.length", "loop.depth", "loop.depth0", "loop.previtem", "loop.nextitem|default('-')", "loop.cycle(1, 2)", "loop.changed(x)", "loop.nope", "loop|length", "loop.cycle()"]
        return self.tag(f"for x in {self.pick(['li', 'ls', 'rows|map(attribute=' + chr(39) + 'n' + chr(39) + ')', 's', 'li|select(' + chr(39) + 'odd' + chr(39) + ')', 'mix', 'd', '[]'])}") + " ".join(self.printed(self.pick(words)) for _ in range(3)) + self.tag("endfor")

    def branch(self, depth):
        text = self.tag("if " + self.some("bool", 1)) + self.body(depth)
        while self.chance(0.3):
            text += self.tag("elif " + self.some("bool", 1)) + self.body(depth)
        if self.chance(0.5):
            text += self.tag("else") + self.body(depth)
        return text + self.tag("endif")

    def assign(self, depth):
        form = self.random.random()
        if form < 0.15:
            return self.tag(f"set a, b = {self.pick(['1, 2', '(s, i)', 'li', 'ls', 'rows', self.some('list', 2)])}") + self.printed("a") + self.printed("b ~ a")
        if form < 0.35:
            return (self.tag("set ns = namespace(c=0, t='')") + self.tag(f"for x in {self.some('list', 2)}") + self.tag(f"set ns.{self.pick(['c = ns.c + loop.index', 't = ns.t ~ x', 'c = x', 'z = loop.last'])}") + self.tag("endfor") +
                    self.printed(self.pick(["ns.c", "ns.t", "ns.z", "ns", "ns.nope", "ns['c']", "ns.c is defined"])))
        name = self.pick(["q", "q", "s", "x", "payload", "li"])
        self.names.append(name) if name in ("q", "x") else None
        use = self.pick(["{0}", "{0}|upper", "{0} is defined", "{0}|length", "{0}.a", "{0}|list|length", "[{0}, {0}]", "{0} ~ '<'"]).format(name)
        return self.tag(f"set {name} = {self.expression()}") + self.printed(use)

    def assign_block(self, depth):
        head = "set q" + self.pick(["", "", " | upper", " | trim | e", " | length", " | indent(2)", " | replace('a', '<')"])
        return self.tag(head) + self.body(depth) + self.tag("endset") + self.printed(self.pick(["q", "q|e", "q ~ '<'", "q|length", "q is escaped", "q.upper()"]))

    def macro(self, depth):
        parameters = self.pick(["", "p", "p, o=1", "p, o='d', n=none", "p=1, o=p", "p, caller=none", "x", "p, o=li"])
        inner = self.pick(["[{{ p }}/{{ o }}]", "{{ varargs }}{{ kwargs }}", "{{ p }}{{ varargs|join }}", "{{ kwargs.z }}{{ p }}", "{{ caller is defined }}{{ p }}", "{{ caller() if caller else '' }}", "{{ x }}{{ s }}", "{% if p %}{{ m(p - 1) }}{% endif %}{{ p }}", "{{ m.name }}{{ m.arguments }}"])
        call = self.pick(["m()", "m({any})", "m({any}, {any})", "m({any}, 2, 3)", "m(p={any})", "m(1, z=2)", "m(o={any})", "m(*li)", "m(**{{'p': 1}})", "m(1, p=2)", "m|string|length", "m({any})|upper", "m({any}) ~ '<'", "m(3)", "m.catch_kwargs", "m.nope", "m"])
        return self.tag(f"macro m({parameters})") + inner + (self.body(depth) if self.chance(0.3) else "") + self.tag(self.pick(["endmacro", "endmacro", "endmacro m"])) + self.printed(self.filled(call, 1))

    def call_block(self, depth):
        inner = self.pick(["<{{ caller() }}>", "{{ caller(1) }}{{ caller(2) }}", "{{ p }}{{ caller(p) }}", "none", "{{ caller.name }}", "{{ caller('a', z=1) }}", "{% for x in li %}{{ caller(x) }}{% endfor %}"])
        head = self.pick(["call m()", "call m(1)", "call(a) m()", "call(a, b=2) m(3)", "call(a) m(p=s)", "call s.upper()", "call nope()"])
        return self.tag("macro m(p=0)") + inner + self.tag("endmacro") + self.tag(head) + self.pick(["body", "{{ a }}", "{{ a }}-{{ b }}", "{{ varargs }}{{ kwargs }}", "{{ s }}"]) + (self.body(depth) if self.chance(0.3) else "") + self.tag("endcall")

    def filter_block(self, depth):
        return self.tag("filter " + self.pick(["upper", "trim", "e", "indent", "title", "urlize", "striptags", "replace('a', 'b')", "upper|trim", "safe", "wordwrap(5)", "truncate(9)", "tojson", "regex_replace('o', '0')", "nope", "default('x', true)", "center(20)"])) + self.body(depth) + self.tag("endfilter")

    def with_block(self, depth):
        head = self.pick(["with", "with q = {any}", "with q = {any}, s = q", "with s = {any}", "with a = 1, b = a", "with q={t}"])
        return self.tag(self.filled(head, 1)) + self.printed(self.pick(["q", "s", "a", "b", "q ~ s"])) + self.body(depth) + self.tag("endwith") + self.printed(self.pick(["q is defined", "s", "a"]))

    def escaping(self, depth):
        return self.tag("autoescape " + self.pick(["true", "true", "true", "false", "yes", "no", "s", "1 > 0"])) + self.body(depth) + self.tag("endautoescape")

    def raw(self, depth):
        return self.pick(["{% raw %}", "{%- raw -%}", "{%raw%}", "{% raw -%}"]) + self.pick(["{{ x }}", "  {% if %} ", "\n a{# c #}\n", "", "{% end %}"]) + self.pick(["{% endraw %}", "{%- endraw -%}", "{%endraw%}", "{%+ endraw +%}"])

    def comment(self, depth):
        return self.pick(["{# c #}", "{#- c -#}", "{# {{ x }} #}", "{#c#}", "{#\n\n#}", "{##}", "{#-#}", "{#+ c #}", "{# a -#}"])

    def space(self, depth):
        return self.pick([" ", "\n", "\t"]) + self.pick(["{{- s -}}", "{%- if yes -%}", "{%+ if yes +%}", "{{-s}}", "{%- if yes %}"]).replace("if yes", "set w = 1") + self.pick(["\n \n", " ", "\t"])

    def block(self, depth):
        name = self.pick(["b", "c", "b1"])
        head = f"block {name}" + self.pick(["", "", " scoped", " required"])
        return self.tag(head) + self.body(depth) + self.tag(self.pick(["endblock", f"endblock {name}"])) + self.pick(["", "", "{{ self." + name + "() }}", "{{ self.nope() }}", "{{ super() }}"])

    def recursive(self, depth):
        data = self.pick(["[{'n': 1, 'c': [{'n': 2, 'c': []}]}, {'n': 3, 'c': []}]", "[[1, [2]], 3]", "deep", "rows"])
        inner = self.pick(["{{ x.n }}{% if x.c %}({{ loop(x.c) }}){% endif %}", "{% if x is iterable and x is not string %}<{{ loop(x) }}>{% else %}{{ x }}{% endif %}", "{{ loop.depth }}{{ x.n }}{{ loop(x.c)|upper }}", "{{ loop.depth0 }}:{{ loop.index }}{% if x.c %}{{ loop(x.c) }}{% endif %}"])
        return self.tag(f"for x in {data} recursive") + inner + (self.tag("else") + "E" if self.chance(0.3) else "") + self.tag("endfor")

    def load(self, depth):
        return self.tag(self.pick(["include 'x'", "include 'x' ignore missing", "include ['x', 'y']", "import 'x' as y", "from 'x' import y", "extends 'x'", "include s", "do x", "break", "include nil", "trans", "set x", "for x", "include 'x' with context"]))

    def damaged(self, template):
        """One mistake of typing."""
        at = self.random.randrange(len(template) + 1)
        kind = self.random.random()
        if kind < 0.3 and template:
            return template[:at] + template[at + self.random.randint(1, 3):]
        if kind < 0.75:
            return template[:at] + self.pick(["(", ")", "{", "}", "[", "]", "'", '"', "|", ".", ",", ":", "%", "{{", "}}", "{%", "%}", "{#", "#}", "=", "==", "~", "!", "$", "\\", " is ", " not ", " in ", " if ", " else ", " and ", "1", "x", " end", "-", "+", "*", "/", "\n", "\t", ";", "é",
                                              "²", "^", "&", "@", "?", "<", ">", "<>", "**", "//", "...", "0x", "1.", "1e", ".5", "_", "\u00a0", "''", "()", "endfor", "{% endif %}", "{% else %}", "`"]) + template[at:]
        words = template.split(" ")
        self.random.shuffle(words) if kind < 0.8 else words.insert(self.random.randrange(len(words) + 1), self.pick(words))
        return " ".join(words)

    def template(self):
        self.names = []
        if self.chance(0.5):
            made = self.plain() + self.printed() + (self.printed() if self.chance(0.2) else "")
        else:
            made = "".join(self.statement() for _ in range(self.random.randint(1, 3)))
        return self.damaged(made) if self.chance(0.08) else made

    def case(self, number):
        context = self.payloads.context()
        case = {"id": number, "template": self.template(), "context": context, "now": "2024-05-17T09:41:07.123456+00:00"}
        if self.chance(0.03):
            case["mode"] = "webhook"
        if self.chance(0.02):
            case["limit"] = self.pick([0, 1, 5, 500])
        return case


def s_literal(text):
    return "'" + text + "'"


class Variations:
    """Templates near the recorded ones of tests/cases/jinja: other literals, filters, tests, names and data."""

    UNFIT = re.compile(r"\*\*|lipsum|random|range")  # `7 ** 10**9` never ends there, and chance is no oracle
    NUMBER = re.compile(r"(?<![\w.\"'])\d+(?:\.\d+)?(?![\w.\"'])")
    TEXT = re.compile(r"\"[^\"\\\n]*\"|'[^'\\\n]*'")
    FILTER = re.compile(r"\|\s*[a-z_]+")
    TEST = re.compile(r"\bis (?:not )?[a-z]+")
    METHOD = re.compile(r"\.[a-z_]+(?=\()")
    OPERATOR = re.compile(r" (?:\+|-|\*|/|//|%|~|==|!=|<|>|<=|>=|and|or|in|not in) ")
    SIGN = re.compile(r"\{[{%][-+]?|[-+]?[%}]\}")

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.payloads = Payloads(self.random)
        self.cases = []
        folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../cases/jinja")
        for path in sorted(glob.glob(os.path.join(folder, "*.jsonl"))):
            with open(path, encoding="utf-8", newline="\n") as file:
                cases = [json.loads(line) for line in file]
            self.cases += [case for case in cases if not case.get("tags") and len(case["template"]) < 2000 and not self.UNFIT.search(case["template"])]

    def replaced(self, template, pattern, make):
        found = list(pattern.finditer(template))
        if not found:
            return template
        at = self.random.choice(found)
        return template[:at.start()] + make(at.group()) + template[at.end():]

    def varied(self, template):
        pick = self.random.choice
        changes = [
            lambda t: self.replaced(t, self.NUMBER, lambda _: str(pick([0, 1, 2, 3, 5, 7, 10, 12, 20, 100, -1]))),
            lambda t: self.replaced(t, self.TEXT, lambda _: json.dumps(pick(WORDS), ensure_ascii=False)),
            lambda t: self.replaced(t, self.FILTER, lambda _: "|" + pick(ANY_TO_ANY + LIST_ENDS[:4] + LIST_FILTERS[:20] + DATE_FILTERS[:3]).replace("{n}", "3").replace("{t}", "'a'").replace("{w}", "1").replace("{f}", "%H").replace("{z}", "UTC")),
            lambda t: self.replaced(t, self.FILTER, lambda found: "|" + pick(ANY_TO_ANY) + found),
            lambda t: self.replaced(t, self.TEST, lambda _: "is " + pick(TESTS)),
            lambda t: self.replaced(t, self.METHOD, lambda _: "." + pick(["upper", "lower", "title", "strip", "split", "replace", "get", "items", "keys", "pop", "append", "count", "index", "find", "format", "join", "startswith", "zfill", "center", "isoformat", "strftime", "update", "copy"])),
            lambda t: self.replaced(t, self.OPERATOR, lambda _: f" {pick(['+', '-', '*', '/', '//', '%', '~', '==', '!=', '<', '>', '<=', '>=', 'and', 'or', 'in', 'not in'])} "),
            lambda t: self.replaced(t, self.SIGN, lambda found: pick(["{{", "{{-", "{%", "{%-", "{%+"]) if found[0] == "{" else pick(["}}", "-}}", "%}", "-%}", "+%}"]) if self.random.random() < 0.2 else found[:2] + "-" if found[0] == "{" else "-" + found[-2:]),
        ]
        return pick(changes)(template)

    def perturbed(self, value):
        """The data with one of its leaves another."""
        if isinstance(value, (dict, list)) and value and self.random.random() < 0.9:
            key = self.random.choice(list(value)) if isinstance(value, dict) else self.random.randrange(len(value))
            value[key] = self.perturbed(value[key])
            return value
        return self.payloads.value(2)

    def case(self, number):
        case = self.random.choice(self.cases)
        made = {"id": number, "template": case["template"], "context": copy.deepcopy(case["context"]), "now": case.get("now", "2024-05-17T09:41:07.123456+00:00")}
        made.update({key: case[key] for key in ("mode", "limit") if key in case})
        for _ in range(self.random.choice([1, 1, 1, 2, 3])):
            made["template"] = self.varied(made["template"])
        if made["context"] and self.random.random() < 0.4:
            made["context"] = self.perturbed(made["context"])
            if not isinstance(made["context"], dict):
                made["context"] = {}
        if self.random.random() < 0.1:
            other = self.random.choice(self.cases)
            made["template"] += other["template"]
            made["context"] = {**copy.deepcopy(other["context"]), **made["context"]}
        return made
