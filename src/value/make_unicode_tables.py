#!/usr/bin/python3
"""Writes unicode_tables.inc: character classes and case mappings as Python's str has them.

    /usr/bin/python3 src/value/make_unicode_tables.py > src/value/unicode_tables.inc

Run with Debian 12's Python 3.11 (Unicode 14), the version that templates were written against.
"""
import unicodedata

LAST = 0x110000


def ranges(test):
    out, start = [], None
    for code in range(LAST + 1):
        inside = code < LAST and test(chr(code))
        if inside and start is None:
            start = code
        elif not inside and start is not None:
            out.append((start, code - 1))
            start = None
    return out


def show_ranges(name, test):
    rows = ranges(test)
    print(f"constexpr Range {name}_ranges[] = {{")
    line = ""
    for low, high in rows:
        item = f"{{0x{low:X},0x{high:X}}},"
        if len(line) + len(item) > 116:
            print("  " + line)
            line = ""
        line += item
    print("  " + line + "\n};")


def show_mapping(name, convert):
    """Runs of code points that map by one distance; a stride of 2 serves alternating cases."""
    single = {c: ord(convert(chr(c))) for c in range(LAST)
              if len(convert(chr(c))) == 1 and convert(chr(c)) != chr(c)}
    rows, codes = [], sorted(single)
    i = 0
    while i < len(codes):
        delta, low, high, stride = single[codes[i]] - codes[i], codes[i], codes[i], 0
        j = i + 1
        while j < len(codes) and single[codes[j]] - codes[j] == delta:
            step = codes[j] - high
            if step not in (1, 2) or (stride and step != stride):
                break
            stride, high, j = step, codes[j], j + 1
        rows.append((low, high, stride or 1, delta))
        i = j
    print(f"constexpr Mapping {name}_mappings[] = {{")
    line = ""
    for row in rows:
        item = "{0x%X,0x%X,%d,%d}," % row
        if len(line) + len(item) > 116:
            print("  " + line)
            line = ""
        line += item
    print("  " + line + "\n};")
    print(f"constexpr Special {name}_specials[] = {{")
    for c in range(LAST):
        text = convert(chr(c))
        if len(text) > 1:
            print("  {0x%X,{%s}}," % (c, ",".join("0x%X" % ord(x) for x in text)))
    print("};")


cased = lambda c: c.islower() or c.isupper() or c.istitle()
IGNORABLE = ("Mn", "Me", "Cf", "Lm", "Sk")
WORD_BREAK_MID = "'\u00b7\u0387\u055f\u05f4\u2019\u2024\u2027\ufe13\ufe52\ufe55\uff07\uff0e.:\u003a"

print("// Made by make_unicode_tables.py from Unicode", unicodedata.unidata_version)
show_ranges("alpha", str.isalpha)
show_ranges("decimal", str.isdecimal)
show_ranges("digit", str.isdigit)
show_ranges("numeric", str.isnumeric)
show_ranges("space", str.isspace)
show_ranges("upper", str.isupper)
show_ranges("lower", str.islower)
show_ranges("title", lambda c: unicodedata.category(c) == "Lt")
show_ranges("printable", str.isprintable)
show_ranges("name_start", str.isidentifier)
show_ranges("name_part", lambda c: ("a" + c).isidentifier())
show_ranges("case_ignorable", lambda c: unicodedata.category(c) in IGNORABLE or c in WORD_BREAK_MID)
show_mapping("lower", str.lower)
show_mapping("upper", str.upper)
show_mapping("title", str.title)
show_mapping("casefold", str.casefold)
