// Numbers of what templates can name: filters, tests, and the public attributes of Python's values. The parser turns
// names into numbers once, so that the machine never compares text. 0 (`unknown`) is a name that nothing has.
#pragma once

#include <cstdint>
#include <string_view>

namespace tocsin::jinja {

// clang-format off
#define TOCSIN_JINJA_FILTERS(X) \
  X(abs, "abs") X(attr, "attr") X(batch, "batch") X(capitalize, "capitalize") X(center, "center") \
  X(count, "count") X(d, "d") X(default_, "default") X(dictsort, "dictsort") X(e, "e") X(escape, "escape") \
  X(filesizeformat, "filesizeformat") X(first, "first") X(float_, "float") X(forceescape, "forceescape") \
  X(format, "format") X(groupby, "groupby") X(indent, "indent") X(int_, "int") X(items, "items") X(join, "join") \
  X(last, "last") X(length, "length") X(list, "list") X(lower, "lower") X(map, "map") X(max, "max") X(min, "min") \
  X(pprint, "pprint") X(random, "random") X(reject, "reject") X(rejectattr, "rejectattr") X(replace, "replace") \
  X(reverse, "reverse") X(round, "round") X(safe, "safe") X(select, "select") X(selectattr, "selectattr") \
  X(slice, "slice") X(sort, "sort") X(string, "string") X(striptags, "striptags") X(sum, "sum") X(title, "title") \
  X(tojson, "tojson") X(trim, "trim") X(truncate, "truncate") X(unique, "unique") X(upper, "upper") \
  X(urlencode, "urlencode") X(urlize, "urlize") X(wordcount, "wordcount") X(wordwrap, "wordwrap") \
  X(xmlattr, "xmlattr") X(datetimeparse, "datetimeparse") X(datetimeformat, "datetimeformat") \
  X(datetimeformat_as_timezone, "datetimeformat_as_timezone") X(iso8601_to_time, "iso8601_to_time") \
  X(timestamp_to_datetime, "timestamp_to_datetime") X(timedeltaparse, "timedeltaparse") \
  X(tojson_pretty, "tojson_pretty") X(json_dumps, "json_dumps") X(parse_json, "parse_json") \
  X(b64decode, "b64decode") X(regex_match, "regex_match") X(regex_search, "regex_search") \
  X(regex_replace, "regex_replace")

#define TOCSIN_JINJA_TESTS(X) \
  X(boolean, "boolean") X(callable, "callable") X(defined, "defined") X(divisibleby, "divisibleby") X(eq, "eq") \
  X(equalto, "equalto") X(escaped, "escaped") X(even, "even") X(false_, "false") X(filter, "filter") \
  X(float_, "float") X(ge, "ge") X(greaterthan, "greaterthan") X(gt, "gt") X(in, "in") X(integer, "integer") \
  X(iterable, "iterable") X(le, "le") X(lessthan, "lessthan") X(lower, "lower") X(lt, "lt") X(mapping, "mapping") \
  X(ne, "ne") X(none, "none") X(number, "number") X(odd, "odd") X(sameas, "sameas") X(sequence, "sequence") \
  X(string, "string") X(test, "test") X(true_, "true") X(undefined, "undefined") X(upper, "upper") \
  X(op_not_equal, "!=") X(op_less, "<") X(op_less_equal, "<=") X(op_equal, "==") X(op_greater, ">") \
  X(op_greater_equal, ">=")

#define TOCSIN_JINJA_ATTRIBUTES(X) \
  X(append, "append") X(arguments, "arguments") X(as_integer_ratio, "as_integer_ratio") \
  X(astimezone, "astimezone") X(bit_count, "bit_count") X(bit_length, "bit_length") X(caller, "caller") \
  X(capitalize, "capitalize") X(casefold, "casefold") X(catch_kwargs, "catch_kwargs") \
  X(catch_varargs, "catch_varargs") X(center, "center") X(changed, "changed") X(clear, "clear") \
  X(combine, "combine") X(conjugate, "conjugate") X(copy, "copy") X(count, "count") X(ctime, "ctime") \
  X(current, "current") X(cycle, "cycle") X(date, "date") X(day, "day") X(days, "days") X(decode, "decode") \
  X(denominator, "denominator") X(depth, "depth") X(depth0, "depth0") X(dst, "dst") X(encode, "encode") \
  X(endswith, "endswith") X(escape, "escape") X(expandtabs, "expandtabs") X(explicit_caller, "explicit_caller") X(extend, "extend") X(find, "find") \
  X(first, "first") X(fold, "fold") X(format, "format") X(format_map, "format_map") X(from_bytes, "from_bytes") \
  X(fromhex, "fromhex") X(fromisocalendar, "fromisocalendar") X(fromisoformat, "fromisoformat") \
  X(fromkeys, "fromkeys") X(fromordinal, "fromordinal") X(fromtimestamp, "fromtimestamp") X(fromutc, "fromutc") \
  X(get, "get") X(group, "group") X(grouper, "grouper") X(hex, "hex") X(hour, "hour") X(imag, "imag") \
  X(index, "index") X(index0, "index0") X(insert, "insert") X(is_integer, "is_integer") X(isalnum, "isalnum") \
  X(isalpha, "isalpha") X(isascii, "isascii") X(isdecimal, "isdecimal") X(isdigit, "isdigit") \
  X(isdisjoint, "isdisjoint") X(isidentifier, "isidentifier") X(islower, "islower") X(isnumeric, "isnumeric") \
  X(isocalendar, "isocalendar") X(isoformat, "isoformat") X(isoweekday, "isoweekday") \
  X(isprintable, "isprintable") X(isspace, "isspace") X(istitle, "istitle") X(isupper, "isupper") \
  X(items, "items") X(join, "join") X(keys, "keys") X(last, "last") X(length, "length") X(list, "list") \
  X(ljust, "ljust") X(localize, "localize") X(lower, "lower") X(lstrip, "lstrip") X(maketrans, "maketrans") \
  X(mapping, "mapping") X(max, "max") X(microsecond, "microsecond") X(microseconds, "microseconds") X(min, "min") \
  X(minute, "minute") X(month, "month") X(n_fields, "n_fields") X(n_sequence_fields, "n_sequence_fields") \
  X(n_unnamed_fields, "n_unnamed_fields") X(name, "name") X(next, "next") X(nextitem, "nextitem") \
  X(normalize, "normalize") X(now, "now") X(numerator, "numerator") X(partition, "partition") X(pop, "pop") \
  X(popitem, "popitem") X(pos, "pos") X(previtem, "previtem") X(real, "real") X(remove, "remove") \
  X(removeprefix, "removeprefix") X(removesuffix, "removesuffix") X(replace, "replace") X(reset, "reset") \
  X(resolution, "resolution") X(reverse, "reverse") X(revindex, "revindex") X(revindex0, "revindex0") \
  X(rfind, "rfind") X(rindex, "rindex") X(rjust, "rjust") X(rpartition, "rpartition") X(rsplit, "rsplit") \
  X(rstrip, "rstrip") X(second, "second") X(seconds, "seconds") X(sep, "sep") X(setdefault, "setdefault") X(sort, "sort") \
  X(split, "split") X(splitlines, "splitlines") X(startswith, "startswith") X(strftime, "strftime") \
  X(strip, "strip") X(striptags, "striptags") X(strptime, "strptime") X(super, "super") X(swapcase, "swapcase") \
  X(time, "time") X(timestamp, "timestamp") X(timetuple, "timetuple") X(timetz, "timetz") X(title, "title") \
  X(tm_gmtoff, "tm_gmtoff") X(tm_hour, "tm_hour") X(tm_isdst, "tm_isdst") X(tm_mday, "tm_mday") \
  X(tm_min, "tm_min") X(tm_mon, "tm_mon") X(tm_sec, "tm_sec") X(tm_wday, "tm_wday") X(tm_yday, "tm_yday") \
  X(tm_year, "tm_year") X(tm_zone, "tm_zone") X(to_bytes, "to_bytes") X(today, "today") X(toordinal, "toordinal") X(total_seconds, "total_seconds") \
  X(translate, "translate") X(tzinfo, "tzinfo") X(tzname, "tzname") X(unescape, "unescape") X(update, "update") \
  X(upper, "upper") X(used, "used") X(utc, "utc") X(utcfromtimestamp, "utcfromtimestamp") X(utcnow, "utcnow") \
  X(utcoffset, "utcoffset") X(utctimetuple, "utctimetuple") X(values, "values") X(week, "week") X(weekday, "weekday") \
  X(year, "year") X(zfill, "zfill") X(zone, "zone")
// clang-format on

#define TOCSIN_JINJA_ENUMERATOR(name, text) name,
enum class FilterName : std::uint16_t { unknown, TOCSIN_JINJA_FILTERS(TOCSIN_JINJA_ENUMERATOR) count_ };
enum class TestName : std::uint16_t { unknown, TOCSIN_JINJA_TESTS(TOCSIN_JINJA_ENUMERATOR) count_ };
/// Public attributes and methods of every kind of value.
enum class MethodName : std::uint16_t { unknown, TOCSIN_JINJA_ATTRIBUTES(TOCSIN_JINJA_ENUMERATOR) count_ };
#undef TOCSIN_JINJA_ENUMERATOR

FilterName filter_of(std::string_view name);
TestName test_of(std::string_view name);
MethodName method_of(std::string_view name);

std::string_view text_of(FilterName name);
std::string_view text_of(TestName name);
std::string_view text_of(MethodName name);

}  // namespace tocsin::jinja
