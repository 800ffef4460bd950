#!/usr/bin/python3
"""Writes private_names.inc: the attributes that begin with an underscore, of each type that a template can meet.

Usage: /usr/bin/python3 make_private_names.py > private_names.inc   (needs python3-jinja2)
"""
import datetime
import time

from jinja2 import BaseLoader, Undefined
from jinja2.filters import _GroupTuple
from jinja2.sandbox import SandboxedEnvironment
from jinja2.utils import Cycler, Joiner
from markupsafe import Markup

caught = {}
environment = SandboxedEnvironment(loader=BaseLoader())
environment.globals["catch"] = lambda name, item: caught.__setitem__(name, item) or ""
environment.from_string("{% macro m() %}{% endmacro %}{{ catch('macro', m) }}{% block b %}{% endblock %}{{ catch('self', self) }}{{ catch('block', self.b) }}"
                        "{% for x in [1] %}{{ catch('loop', loop) }}{% endfor %}{{ catch('generator', [1]|map('int')) }}").render()
samples = {
    "undefined": Undefined(), "none": None, "integer": 1, "real": 1.5, "text": "", "markup": Markup(""), "list": [], "tuple": (), "dict": {},
    "keys": {}.keys(), "values": {}.values(), "items": {}.items(), "bytes": b"", "datetime": datetime.datetime(2024, 1, 1), "date": datetime.date(2024, 1, 1),
    "time": datetime.time(), "timedelta": datetime.timedelta(), "timezone": datetime.timezone.utc, "function": environment.globals["lipsum"], "builtin": "".upper,
    "method": Markup("").join, "dict_class": dict, "alias": dict["x"], "cycler": Cycler(1), "joiner": Joiner(), "reverse_iterator": reversed([]), "group": _GroupTuple(1, []), "time_tuple": time.gmtime(0),
    "iso_week": datetime.date(2024, 1, 1).isocalendar(), **caught,
    "class": Cycler,  # last: looking at a class gives it attributes
}


def names_of(item):
    names = set(dir(item)) | (set(dir(type)) if isinstance(item, type) else set())
    found = set()
    for name in names:
        try:
            if name.startswith("_"):
                getattr(item, name)
                found.add(name)
        except AttributeError:
            pass
    return found


def main():
    # A method has what its function has.
    by_type = {name: names_of(item) for name, item in samples.items()}
    by_type["method"] |= by_type["function"]
    common = set.intersection(*by_type.values())
    print("// Made by make_private_names.py from Python 3.11 and Jinja2 3.1. `any`: what each of the others has, too.")
    for name, found in {"any": common, **by_type}.items():
        text = " " + " ".join(sorted(found - common if name != "any" else found)) + " "
        lines = [text[at:at + 100] for at in range(0, len(text), 100)]
        print(f"constexpr std::string_view of_{name} =\n    " + "\n    ".join(f'"{line}"' for line in lines) + ";")


main()
