#include <algorithm>
#include <string>

#include "base/text.hpp"
#include "clock/character.hpp"
#include "clock/strptime_format.hpp"
#include "clock/timedelta.hpp"

namespace tocsin::clock {
namespace {

using Failure = std::optional<StrptimeError>;

constexpr std::string_view day_names[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
constexpr std::string_view month_names[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                            "jul", "aug", "sep", "oct", "nov", "dec"};

Failure value_error(std::string message) {
  return StrptimeError{StrptimeError::Kind::value, std::move(message)};
}

/// int() of what a directive took: digits of any script, white space before them.
int number(std::string_view text) {
  int value = 0;
  for (std::size_t at = 0; at < text.size(); at += character_at(text, at).size) {
    if (const auto digit = decimal_digit(character_at(text, at).code)) value = value * 10 + *digit;
  }
  return value;
}

/// The index of the name that begins with the same three letters.
template <std::size_t count>
int name_index(const std::string_view (&names)[count], std::string_view text) {
  const std::string start = base::ascii_lower(text.substr(0, 3));
  return static_cast<int>(std::find(std::begin(names), std::end(names), start) - std::begin(names));
}

/// What the directives said, as Python's _strptime gathers it before it settles on a date.
struct Found {
  std::optional<int> year;
  std::optional<int> iso_year;
  std::optional<int> iso_week;
  std::optional<int> week;
  bool week_from_monday = false;
  std::optional<int> weekday;  ///< Monday is 0
  std::optional<int> day_of_year;
  DateTime when{1900, 1, 1};
};

// Where two directives say the same thing, the one that stands later in the format wins.
void gather_date(const Captures& captures, std::string_view order, Found& found) {
  for (const char letter : order) {
    const std::string_view text = captures.of(letter).value_or(std::string_view());
    switch (letter) {
      case 'y': found.year = number(text) + (number(text) <= 68 ? 2000 : 1900); break;
      case 'Y': found.year = number(text); break;
      case 'G': found.iso_year = number(text); break;
      case 'm': found.when.month = number(text); break;
      case 'b':
      case 'B': found.when.month = name_index(month_names, text) + 1; break;
      case 'd': found.when.day = number(text); break;
      case 'a':
      case 'A': found.weekday = name_index(day_names, text); break;
      case 'w': found.weekday = (number(text) + 6) % 7; break;
      case 'u': found.weekday = number(text) - 1; break;
      case 'j': found.day_of_year = number(text); break;
      case 'U':
      case 'W':
        found.week = number(text);
        found.week_from_monday = letter == 'W';
        break;
      case 'V': found.iso_week = number(text); break;
      default: break;
    }
  }
}

void gather_time(const Captures& captures, std::string_view order, DateTime& when) {
  for (const char letter : order) {
    const std::string_view text = captures.of(letter).value_or(std::string_view());
    switch (letter) {
      case 'H': when.hour = number(text); break;
      case 'I': {
        const bool afternoon = base::same_ignoring_case(captures.of('p').value_or(std::string_view()), "pm");
        when.hour = number(text) % 12 + (afternoon ? 12 : 0);
        break;
      }
      case 'M': when.minute = number(text); break;
      case 'S': when.second = number(text); break;
      case 'f':
        when.microsecond = number(text);
        for (std::size_t i = text.size(); i < 6; ++i) when.microsecond *= 10;
        break;
      default: break;
    }
  }
}

Failure gather_offset(const Captures& captures, std::optional<int>& offset) {
  const std::optional<std::string_view> text = captures.of('z');
  if (!text) return std::nullopt;
  offset = 0;
  if (*text == "Z") return std::nullopt;
  // The parts as code points: a sign, two digits, perhaps a colon, and so on.
  std::u32string characters;
  for (std::size_t at = 0; at < text->size(); at += character_at(*text, at).size) {
    characters += character_at(*text, at).code;
  }
  if (characters.find(U':') == 3) {
    characters.erase(3, 1);
    if (characters.size() > 5) {
      if (characters[5] != ':') return value_error("Inconsistent use of : in " + std::string(*text));
      characters.erase(5, 1);
    }
  }
  const auto two = [&](std::size_t at) {
    int value = 0;
    for (std::size_t i = at; i < at + 2 && i < characters.size(); ++i)
      value = value * 10 + decimal_digit(characters[i]).value_or(0);
    return value;
  };
  // `+HHMM:SS` leaves a colon where the seconds should begin, which int() refuses.
  if (characters.size() > 5 && !decimal_digit(characters[5])) {
    std::string seconds = ":";
    if (characters.size() > 6) base::append_utf8(seconds, characters[6]);
    return value_error("invalid literal for int() with base 10: '" + seconds + "'");
  }
  const int size = two(1) * 3600 + two(3) * 60 + two(5);
  offset = characters[0] == '-' ? -size : size;
  return std::nullopt;
}

Failure check_week_directives(const Found& found) {
  if (!found.year && found.iso_year) {
    if (!found.iso_week || !found.weekday) {
      return value_error(
          "ISO year directive '%G' must be used with the ISO week directive '%V' and a weekday directive "
          "('%A', '%a', '%w', or '%u').");
    }
    if (found.day_of_year) {
      return value_error(
          "Day of the year directive '%j' is not compatible with ISO year directive '%G'. Use '%Y' instead.");
    }
  } else if (!found.week && found.iso_week) {
    if (!found.weekday) {
      return value_error(
          "ISO week directive '%V' must be used with the ISO year directive '%G' and a weekday directive "
          "('%A', '%a', '%w', or '%u').");
    }
    return value_error(
        "ISO week directive '%V' is incompatible with the year directive '%Y'. Use the ISO year '%G' instead.");
  }
  return std::nullopt;
}

Failure check_year(int year) {
  if (year >= 1 && year <= 9999) return std::nullopt;
  return value_error("year " + std::to_string(year) + " is out of range");
}

/// The day of the year that the week and the weekday mean.
int day_from_week(const Found& found, int year) {
  const int shift = found.week_from_monday ? 0 : 1;
  const int first_weekday = (weekday(DateTime{year, 1, 1}) + shift) % 7;
  const int day = (*found.weekday + shift) % 7;
  if (*found.week == 0) return 1 + day - first_weekday;
  return 1 + (7 - first_weekday) % 7 + 7 * (*found.week - 1) + day;
}

/// Turns weeks and days of the year into year, month and day.
Failure settle_date(Found& found) {
  const bool leap_day = !found.year && found.when.month == 2 && found.when.day == 29;
  int year = found.year.value_or(leap_day ? 1904 : 1900);
  std::optional<std::int64_t> days;
  if (found.day_of_year || (found.weekday && found.week)) {
    if (Failure bad = check_year(year)) return bad;
    const int day = found.day_of_year ? *found.day_of_year : day_from_week(found, year);
    if (day <= 0 && year == 1 && !found.day_of_year) return value_error("year 0 is out of range");
    days = days_from_civil(year, 1, 1) + day - 1;
  } else if (found.weekday && found.iso_year && found.iso_week) {
    if (Failure bad = check_year(*found.iso_year)) return bad;
    const int correction = weekday(DateTime{*found.iso_year, 1, 4}) + 4;
    const int day = *found.iso_week * 7 + *found.weekday + 1 - correction;
    if (day < 1 && *found.iso_year == 1) return value_error("year 0 is out of range");
    days = days_from_civil(*found.iso_year, 1, 1) + day - 1;
  }
  if (days) {
    civil_from_days(*days, found.when);
    if (found.when.year > 9999) return value_error("year " + std::to_string(found.when.year) + " is out of range");
    if (!leap_day) return std::nullopt;
    found.when.year = 1900;
    return found.when.day > days_in_month(1900, found.when.month) ? value_error("day is out of range for month")
                                                                  : std::nullopt;
  }
  if (Failure bad = check_year(year)) return bad;
  if (found.when.day > days_in_month(year, found.when.month)) return value_error("day is out of range for month");
  found.when.year = leap_day ? 1900 : year;
  return std::nullopt;
}

/// A value with an offset is aware; its zone bears the name that `%Z` took, if any.
Failure settle_zone(const Captures& captures, std::optional<int> offset, DateTime& when) {
  if (!offset) return std::nullopt;
  if (*offset <= -86'400 || *offset >= 86'400) {
    return value_error(
        "offset must be a timedelta strictly between -timedelta(hours=24) and timedelta(hours=24), not " +
        python_repr(TimeDelta::from_seconds(*offset)) + ".");
  }
  when.offset = offset;
  const std::optional<std::string_view> name = captures.of('Z');
  when.is_zone_named = name.has_value();
  when.zone = name ? kept_zone_name(*name) : offset_zone_name(*offset);
  return std::nullopt;
}

/// repr() of a text, as far as the ASCII control characters.
std::string quoted(std::string_view text) {
  const char quote = text.find('\'') != std::string_view::npos && text.find('"') == std::string_view::npos ? '"' : '\'';
  std::string out(1, quote);
  for (const char c : text) {
    if (c == '\n' || c == '\t' || c == '\r') {
      out += c == '\n' ? "\\n" : c == '\t' ? "\\t" : "\\r";
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      out += "\\x" + base::to_hex(std::string_view(&c, 1));
    } else {
      if (c == '\\' || c == quote) out += '\\';
      out += c;
    }
  }
  return out + quote;
}

}  // namespace

std::optional<StrptimeError> strptime(std::string_view text, std::string_view format, DateTime& into) {
  StrptimeFormat wanted;
  if (Failure bad = wanted.read(format)) return bad;
  Captures captures;
  const std::optional<std::size_t> end = wanted.match(text, captures);
  if (!end) return value_error("time data " + quoted(text) + " does not match format " + quoted(format));
  if (*end != text.size()) return value_error("unconverted data remains: " + std::string(text.substr(*end)));
  Found found;
  const std::string letters = wanted.letters();
  gather_date(captures, letters, found);
  gather_time(captures, letters, found.when);
  std::optional<int> offset;
  if (Failure bad = gather_offset(captures, offset)) return bad;
  if (Failure bad = check_week_directives(found)) return bad;
  if (Failure bad = settle_date(found)) return bad;
  if (Failure bad = settle_zone(captures, offset, found.when)) return bad;
  if (found.when.second > 59) return value_error("second must be in 0..59");
  into = found.when;
  return std::nullopt;
}

}  // namespace tocsin::clock
