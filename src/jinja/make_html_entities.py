#!/usr/bin/env python3
"""Writes html_entities.inc: the named character references of HTML 5, sorted by name (facts from the HTML standard,
as Python's html.entities lists them). Names without a final ';' are those that HTML takes without one."""
import html.entities
import sys

with open(sys.argv[1], "w", encoding="ascii") as out:
    out.write("// Made by make_html_entities.py: named character references of HTML 5, sorted by name.\n")
    for name, text in sorted(html.entities.html5.items()):
        escaped = "".join("\\x%02x" % byte for byte in text.encode())
        out.write('{"%s", "%s"},\n' % (name, escaped))
