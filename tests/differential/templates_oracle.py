#!/usr/bin/python3
"""Compares `tocsin template batch` with the real Jinja2 in OnCall's environment (make_oracle.py beside this file).

Usage: tests/differential/templates_oracle.py [--binary FILE] [--messages] [--show N] random [--seed N] [--count N]
       tests/differential/templates_oracle.py [--binary FILE] [--messages] [--show N] lines < TEMPLATES
  random  templates and contexts of a random generator
  lines   one template a line, over the generator's context

Prints what differs and exits with 1 when something does. Needs python3-jinja2, python3-regex, python3-tz.
"""
import argparse
import json
import os
import random
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
NOW = "2024-05-17T09:41:07.123456+00:00"
ADDRESS = re.compile(r"0[xX][0-9a-fA-F]{6,}")
GROUP = {"assertion": "syntax", "pysyntax": "syntax"}

CONTEXT = {
    "payload": {"title": "Disk full on db-01", "status": "firing", "value": 93.5, "count": 12, "none": None, "ok": True, "empty": "",
                "labels": {"severity": "critical", "host": "db-01", "team": "core"}, "tags": ["a", "B", "c", "a"], "items": [1, 2],
                "alerts": [{"labels": {"n": "x", "sev": "warning"}, "v": 3, "at": "2024-05-17T09:00:00Z"},
                           {"labels": {"n": "Y", "sev": "critical"}, "v": 1.5, "at": "2024-05-16T10:30:00+02:00"},
                           {"labels": {"n": "z"}, "v": None, "at": "bad"}]},
    "s": "Hello World", "t": "eu-west-1", "h": "<b>\"x\" & 'y'</b>", "u": "Größe ß日本🚀", "lines": "one\ntwo\r\n  three\n\nfour",
    "num": "42", "fl": "3.25", "url": "see https://example.org/a?b=1&c=(2), mail a@b.co or www.x.com.", "i": 7, "z": 0, "neg": -3,
    "big": 123456789012345678901234567890, "f": 2.5, "f2": -0.125, "li": [3, 1, 2, 1], "ls": ["beta", "Alpha", "gamma"], "mix": [1, "a", None, 2.5, True],
    "nested": [[1, 2], [3], []], "d": {"b": 1, "a": [1, {"k": None}], "é": "ü"}, "e": [], "ed": {}, "yes": True, "no": False, "nil": None,
    "ts": 1715938867, "iso": "2024-05-17T09:41:07.5+05:30", "js": "{\"a\": [1, 2.0, null, true], \"b\": \"x\"}", "b64": "SGVsbG8=", "dur": "15m",
    "rows": [{"n": "a", "v": 10, "g": "x"}, {"n": "b", "v": 3.5, "g": "y"}, {"n": "C", "v": -2, "g": "x"}]}

TEXTS = ["s", "t", "h", "u", "lines", "num", "fl", "url", "iso", "js", "b64", "dur", "payload.title", "payload.labels.severity", "payload.empty",
         "'abc'", "''", "'a,b,,c'", "\" pad \"", "'%s and %d'", "'{} {x}'", "'\\n'", "'12'", "'-'", "ls[0]", "h|safe", "h|e", "s|upper"]
NUMBERS = ["i", "z", "neg", "big", "f", "f2", "1", "0", "-2", "2.5", "payload.count", "payload.value", "li[1]", "ts", "yes", "10", "1e3", "0x1f", "1_000"]
LISTS = ["li", "ls", "mix", "nested", "e", "payload.tags", "payload.alerts", "rows", "[1, 2, 3]", "['x', 'Y']", "(1, 'b')", "d.keys()|list", "li|reverse", "s|list",
         "rows|map(attribute='v')", "payload.alerts|map(attribute='labels.n')", "d.items()", "rows|groupby('g')", "li|unique", "ls|select('string')", "li|batch(2)"]
DICTS = ["payload", "payload.labels", "d", "ed", "{'a': 1, 'B': [2]}", "rows[0]", "dict(x=1, y='q')", "payload.alerts[0].labels"]
ODD = ["nil", "missing", "payload.nope", "payload.labels.nope.x", "none", "true", "false", "time()", "iso|iso8601_to_time", "ts|timestamp_to_datetime", "dur|timedeltaparse",
       "namespace(a=1)", "li.append"]
FILTERS = """abs attr('title') attr('x') batch(2) batch(2,'z') batch(3,fill_with=0)|list capitalize center center(20) center(width=9) count d d('D') default('x',true) dictsort
dictsort(by='value') dictsort(true) dictsort(reverse=true) e escape filesizeformat filesizeformat(true) first float float(1.5) forceescape format format(1) format('a',2) format(x=1)
groupby('g') groupby('v') groupby('labels.sev',default='?') groupby('n',case_sensitive=true) indent indent(2,true) indent('>> ') indent(2,blank=true) int int(7) int(base=16) items items|list join join(',') join('-',attribute='n') last
length list lower map('upper') map('int') map(attribute='n') map(attribute='v',default=0) map('length') map('default','x') max min max(attribute='v') min(attribute='n') pprint reject
reject('odd') reject('none') rejectattr('v') rejectattr('g','eq','x') replace('a','b') replace('l','<',1) reverse round round(1) round(2,'floor') round(-1) round(method='ceil') safe select select('number') select('gt',1)
selectattr('v') selectattr('v','gt',2) selectattr('labels.sev','equalto','critical') slice(2) slice(3,'-') sort sort(true) sort(attribute='v') sort(attribute='g,n') sort(case_sensitive=true) string striptags sum sum(attribute='v')
sum(start=2) title tojson tojson(2) tojson(indent=1) trim trim('x') trim('Hd') truncate(8) truncate(5,true) truncate(9,false,'…',0) truncate(3) unique unique(attribute='g') unique(true) upper urlencode urlize urlize(10) urlize(nofollow=true,target='_blank')
wordcount wordwrap(6) wordwrap(5,false) wordwrap(width=7,wrapstring='|') xmlattr xmlattr(false) datetimeparse('%Y-%m-%d') datetimeparse('%Y-%m-%dT%H:%M:%SZ') datetimeformat datetimeformat('%d.%m.%y %H:%M:%S %Z') datetimeformat('%A %j %U')
datetimeformat_as_timezone('%H:%M %Z','Europe/Berlin') datetimeformat_as_timezone(tz='America/New_York') iso8601_to_time timestamp_to_datetime timedeltaparse tojson_pretty json_dumps parse_json b64decode regex_match('.*o') regex_match('^H')
regex_search('o\\\\b') regex_search('[0-9]+') regex_replace('[aeiou]','*') regex_replace('(\\\\w)(\\\\w)','\\\\2\\\\1') list|length list|join('+') string|length""".split()
TESTS = """boolean callable defined divisibleby(3) eq(7) equalto('x') escaped even false filter float ge(2) gt(1) in(li) in('abc') integer iterable le(3) lower lt(2) mapping ne(1) none number
odd sameas(none) sequence string test true undefined upper""".split()
METHODS = """upper() lower() title() split() split(',') split('o',1) splitlines() strip() lstrip('H') rstrip() replace('l','L') startswith('H') endswith('d') find('o') count('l') index('o') rfind('o') partition(' ') rpartition('-')
isdigit() isalpha() isupper() zfill(9) center(15,'*') ljust(14) rjust(14,'.') join(ls) join(['a','b']) format(1,x=2) encode() swapcase() casefold() capitalize() expandtabs(4) isidentifier() removeprefix('He') keys() values() items() get('b') get('zz',5)
copy() pop() pop('b') pop(0) append(9) extend([8]) insert(0,5) remove(1) reverse() sort() clear() update({'q':1}) setdefault('b',2) index(1) popitem() isoformat() timestamp() strftime('%Y') weekday() year month days total_seconds()
date() time() real imag numerator bit_length() is_integer() x a title labels severity 0 1 first __class__ _x""".split()


class Generator:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def pick(self, items):
        return self.random.choice(items)

    def chance(self, share):
        return self.random.random() < share

    def atom(self):
        roll = self.random.random()
        pool = TEXTS if roll < 0.34 else NUMBERS if roll < 0.56 else LISTS if roll < 0.76 else DICTS if roll < 0.89 else ODD
        return self.pick(pool)

    def expression(self, depth=0):
        kind = self.random.random()
        if depth > 3 or kind < 0.18:
            return self.atom()
        inner = lambda: self.expression(depth + 1)
        if kind < 0.52:
            return f"({inner()})|{self.pick(FILTERS)}"
        if kind < 0.64:
            return f"({inner()}).{self.pick(METHODS)}"
        if kind < 0.70:
            return f"({inner()}) is {'not ' if self.chance(0.2) else ''}{self.pick(TESTS)}"
        if kind < 0.80:
            return f"({inner()}) {self.pick(['+', '-', '*', '/', '//', '%', '~', '~', '+'])} ({inner()})"
        if kind < 0.87:
            return f"({inner()}) {self.pick(['==', '!=', '<', '>', '<=', '>=', 'in', 'not in', 'and', 'or'])} ({inner()})"
        if kind < 0.92:
            return f"({inner()})[{self.pick(['0', '-1', '1:', ':2', '::-1', '1:3', '::2', repr('b'), repr('n'), 'i', '5'])}]"
        if kind < 0.96:
            return f"({inner()}) if ({inner()}) else ({inner()})"
        return self.pick(["not ({})", "-({})", "[{}]", "{{'k': {}}}", "({},)"]).format(inner())

    def printed(self):
        left, right = self.pick(["{{ ", "{{- "]), self.pick([" }}", " -}}"]) if self.chance(0.2) else " }}"
        return left + self.expression() + right

    def statement(self, depth=0):
        body = lambda: "".join(self.statement(depth + 1) for _ in range(self.random.randint(1, 2)))
        kind = self.random.random()
        if depth > 2 or kind < 0.5:
            return self.pick(["", "text ", "\n", "a<b "]) + self.printed()
        if kind < 0.62:
            return f"{{% for x in {self.pick(LISTS)} %}}{{{{ loop.index }}}}:{{{{ x }}}} {body()}{{% else %}}none{{% endfor %}}"
        if kind < 0.68:
            return f"{{% for k, v in ({self.pick(DICTS)}).items() %}}{{{{ k }}}}={{{{ v{self.pick(['', '|' + self.pick(FILTERS)])} }}}};{{% endfor %}}"
        if kind < 0.78:
            return f"{{% if {self.expression()} %}}{body()}{{% elif {self.expression()} %}}E{{% else %}}{body()}{{% endif %}}"
        if kind < 0.88:
            return f"{{% set q = {self.expression()} %}}{{{{ q }}}}|{{{{ q{self.pick(['', '|' + self.pick(FILTERS), '.' + self.pick(METHODS)])} }}}}"
        if kind < 0.91:
            return f"{{% filter {self.pick(['upper', 'trim', 'e', 'indent', 'title', 'urlize', 'striptags'])} %}}{body()}{{% endfilter %}}"
        if kind < 0.94:
            return f"{{% autoescape {self.pick(['true', 'false'])} %}}{body()}{{% endautoescape %}}"
        if kind < 0.97:
            return f"{{% macro m(p, o={self.atom()}) %}}[{{{{ p }}}}/{{{{ o }}}}]{{% endmacro %}}{{{{ m({self.expression(2)}) }}}}"
        return f"{{% set ns = namespace(c=0) %}}{{% for x in {self.pick(LISTS)} %}}{{% set ns.c = ns.c + loop.index %}}{{% endfor %}}{{{{ ns.c }}}}{body()}"

    def template(self):
        return "".join(self.statement() for _ in range(self.random.randint(1, 3)))


def oracle(cases):
    data = "".join(json.dumps(case) + "\n" for case in cases)
    environment = {"PATH": os.environ["PATH"], "PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(["/usr/bin/python3", os.path.join(HERE, "make_oracle.py"), "run"], input=data.encode(), stdout=subprocess.PIPE, env=environment, check=True)
    return [json.loads(line) for line in done.stdout.decode().split("\n") if line]


def engine(binary, cases):
    data = "".join(json.dumps(case) + "\n" for case in cases)
    done = subprocess.run([binary, "template", "batch"], input=data.encode(), stdout=subprocess.PIPE)
    if done.returncode < 0:
        count = done.stdout.count(b"\n")
        print(f"CRASH (signal {-done.returncode}) at {cases[count]['template']!r}")
        sys.exit(2)
    return [json.loads(line) for line in done.stdout.decode().split("\n") if line]


def differs(want, got, messages):
    if "skip" in want or want.get("error") in ("recursion", "memory"):
        return False
    if ADDRESS.search(want.get("expected", "") + want.get("message", "")):
        return False
    if "expected" in want:
        return got.get("output") != want["expected"]
    if "error" not in got:
        return True
    group = lambda name: GROUP.get(name, name)
    return group(got["error"]["kind"]) != group(want["error"]) or (messages and got["error"]["message"] != want["message"])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=os.path.join(HERE, "../../build/release/tocsin"))
    parser.add_argument("--messages", action="store_true")
    parser.add_argument("--show", type=int, default=20)
    modes = parser.add_subparsers(dest="mode", required=True)
    at_random = modes.add_parser("random")
    at_random.add_argument("--seed", type=int, default=1)
    at_random.add_argument("--count", type=int, default=2000)
    modes.add_parser("lines")
    arguments = parser.parse_args()
    if arguments.mode == "random":
        generator = Generator(arguments.seed)
        templates = [generator.template() for _ in range(arguments.count)]
    else:
        templates = [line for line in sys.stdin.read().split("\n") if line]
    cases = [{"id": i, "template": template, "context": CONTEXT, "now": NOW} for i, template in enumerate(templates)]
    wanted = oracle(cases)
    given = engine(arguments.binary, cases)
    different = [(case, want, got) for case, want, got in zip(cases, wanted, given) if differs(want, got, arguments.messages)]
    for case, want, got in sorted(different, key=lambda each: len(each[0]["template"]))[:arguments.show]:
        print(repr(case["template"]))
        print("   want", repr(want.get("expected", (want.get("error"), want.get("message"))))[:400])
        print("   got ", repr(got.get("output", (got.get("error", {}).get("kind"), got.get("error", {}).get("message"))))[:400])
    print(f"{len(different)} of {len(cases)} differ" + (f" (seed {arguments.seed})" if arguments.mode == "random" else ""))
    sys.exit(1 if different else 0)


if __name__ == "__main__":
    main()
