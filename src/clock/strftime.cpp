#include <algorithm>
#include <array>
#include <charconv>

#include "clock/character.hpp"
#include "clock/civil.hpp"

namespace tocsin::clock {
namespace {

constexpr std::array<std::string_view, 7> day_names = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                       "Friday", "Saturday", "Sunday"};
constexpr std::array<std::string_view, 12> month_names = {"January",   "February", "March",    "April",
                                                          "May",       "June",     "July",     "August",
                                                          "September", "October",  "November", "December"};

/// Flags, width and modifier between `%` and the letter, as glibc takes them.
struct Style {
  char padding = 0;  ///< `_`, `-`, `0`, or the directive's own
  bool upper = false;
  bool swap = false;
  std::size_t width = 0;
  char modifier = 0;  ///< `E` or `O`; both change nothing in the C locale
};

constexpr std::size_t widest = 1000;

constexpr bool is_one_of(std::string_view some, char c) {
  return std::any_of(some.begin(), some.end(), [&](char each) { return each == c; });
}

/// Whether glibc knows the letter but not with that modifier.
bool refuses(char letter, char modifier) {
  const std::string_view without = modifier == 'E' ? "bhBdeHIkljMmSUVgGWw" : "cxXY";
  return modifier != 0 && (is_one_of("aADF", letter) || is_one_of(without, letter));
}

std::size_t count_characters(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return count;
}

/// So many digits of a number that has no more.
void append_digits(std::string& text, int number, std::size_t digits) {
  const std::size_t start = text.size();
  text.append(digits, '0');
  for (std::size_t at = start + digits; at-- > start; number /= 10) text[at] = static_cast<char>('0' + number % 10);
}

class Formatter {
 public:
  Formatter(const DateTime& when, std::string_view system_zone) : when_(when), system_zone_(system_zone) {}

  /// What Python writes itself before the C library sees the format: `%f`, `%z` and `%Z`.
  std::string prepared(std::string_view format) {
    std::string text;
    text.reserve(format.size() * 2);
    for (std::size_t at = 0; at < format.size(); ++at) {
      text += format[at];
      if (format[at] != '%' || at + 1 == format.size()) continue;
      ++at;
      if (!is_one_of("fzZ", format[at])) {
        text += format[at];
        continue;
      }
      text.pop_back();
      append_python(text, format[at]);
    }
    return text;
  }

  std::string run(std::string_view format) {
    out_.reserve(format.size() * 2);
    for (std::size_t at = 0; at < format.size();) {
      if (format[at] != '%' || at + 1 == format.size()) {
        out_ += format[at++];
        continue;
      }
      const std::size_t start = at++;
      const Style style = read_style(format, at);
      const bool known = at < format.size() && !refuses(format[at], style.modifier) && directive(format[at], style);
      const std::size_t size = at < format.size() ? character_at(format, at).size : 0;
      // What it does not know it writes as it stands, padded all the same.
      if (!known) text(format.substr(start, at + size - start), style);
      at += size;
    }
    return std::move(out_);
  }

 private:
  static Style read_style(std::string_view format, std::size_t& at) {
    Style style;
    for (; at < format.size() && is_one_of("_-0^#", format[at]); ++at) {
      if (format[at] == '^')
        style.upper = true;
      else if (format[at] == '#')
        style.swap = true;
      else
        style.padding = format[at];
    }
    for (; at < format.size() && is_ascii_digit(format[at]); ++at) {
      style.width = std::min(style.width * 10 + static_cast<std::size_t>(format[at] - '0'), widest);
    }
    if (at < format.size() && (format[at] == 'E' || format[at] == 'O')) style.modifier = format[at++];
    return style;
  }

  void number(std::int64_t value, std::size_t digits, char padding, Style style) {
    if (style.padding == 0) style.padding = padding;
    char shown[24];
    const char* const end = std::to_chars(shown, shown + sizeof shown, value < 0 ? -value : value).ptr;
    const auto size = static_cast<std::size_t>(end - shown);
    const std::size_t wanted = style.padding == '-' ? 0 : std::max(digits, style.width);
    const std::size_t filled = wanted > size ? wanted - size : 0;
    pad(size + filled + (value < 0), style);
    if (value < 0) out_ += '-';
    out_.append(filled, style.padding == '_' ? ' ' : '0');
    out_.append(shown, size);
  }

  /// Fills up to the width what has so many characters.
  void pad(std::size_t size, const Style& style) {
    if (size < style.width) out_.append(style.width - size, style.padding == '0' ? '0' : ' ');
  }

  enum class Case { as_is, upper, lower };
  void text(std::string_view text, const Style& style, Case shape = Case::as_is) {
    if (style.width != 0) pad(count_characters(text), style);
    const bool upper = shape == Case::upper || (shape == Case::as_is && style.upper);
    for (const char c : text) {
      const bool changes = upper ? c >= 'a' && c <= 'z' : shape == Case::lower && c >= 'A' && c <= 'Z';
      out_ += changes ? static_cast<char>(c ^ 32) : c;
    }
  }

  int hour_of_twelve() const { return when_.hour % 12 == 0 ? 12 : when_.hour % 12; }
  /// As the C library, which knows no offset here.
  std::int64_t wall_seconds() const {
    constexpr std::int64_t summer = 3600;
    const bool moved = !system_zone_.empty() && when_.is_summer;
    return (wall_micros(when_) - when_.microsecond) / 1'000'000 - (moved ? summer : 0);
  }
  std::string_view day_name() const { return day_names[static_cast<std::size_t>(weekday(when_))]; }
  std::string_view month_name() const { return month_names[static_cast<std::size_t>(when_.month - 1)]; }
  /// The week of the year when weeks begin on that day (0: Sunday).
  int week_from(int first) const {
    const int since_first = (weekday(when_) + 1 - first + 7) % 7;
    return (day_of_year(when_) - 1 + 7 - since_first) / 7;
  }

  /// `#` makes names upper case, and AM, PM and zones lower case.
  void name(std::string_view shown, const Style& style) { text(shown, style, style.swap ? Case::upper : Case::as_is); }
  void small_name(std::string_view shown, const Style& style) {
    text(shown, style, style.swap ? Case::lower : Case::as_is);
  }
  void nested(std::string_view format, const Style& style) { text(Formatter(when_, system_zone_).run(format), style); }

  void append_offset(std::string& text) const {
    if (!when_.offset) return;
    const int size = *when_.offset < 0 ? -*when_.offset : *when_.offset;
    text += *when_.offset < 0 ? '-' : '+';
    append_digits(text, size / 3600 * 100 + size / 60 % 60, 4);
    if (size % 60 != 0) append_digits(text, size % 60, 2);
  }

  bool date_directive(char letter, const Style& style) {
    switch (letter) {
      case 'a': name(day_name().substr(0, 3), style); return true;
      case 'A': name(day_name(), style); return true;
      case 'b':
      case 'h': name(month_name().substr(0, 3), style); return true;
      case 'B': name(month_name(), style); return true;
      case 'C': number(when_.year / 100, 1, '0', style); return true;
      case 'd': number(when_.day, 2, '0', style); return true;
      case 'e': number(when_.day, 2, '_', style); return true;
      case 'j': number(day_of_year(when_), 3, '0', style); return true;
      case 'm': number(when_.month, 2, '0', style); return true;
      case 'u': number(weekday(when_) + 1, 1, '0', style); return true;
      case 'w': number((weekday(when_) + 1) % 7, 1, '0', style); return true;
      case 'U': number(week_from(0), 2, '0', style); return true;
      case 'W': number(week_from(1), 2, '0', style); return true;
      case 'V': number(iso_week(when_).week, 2, '0', style); return true;
      case 'G': number(iso_week(when_).year, 1, '0', style); return true;
      case 'g': number(iso_week(when_).year % 100, 2, '0', style); return true;
      case 'y': number(when_.year % 100, 2, '0', style); return true;
      case 'Y': number(when_.year, 1, '0', style); return true;
      case 'c': nested("%a %b %e %H:%M:%S %Y", style); return true;
      case 'D':
      case 'x': nested("%m/%d/%y", style); return true;
      case 'F': nested("%Y-%m-%d", style); return true;
      default: return false;
    }
  }

  void append_python(std::string& text, char letter) const {
    if (letter == 'f') {
      append_digits(text, when_.microsecond, 6);
    } else if (letter == 'z') {
      append_offset(text);
    } else if (when_.offset) {
      text += when_.zone;
    }
  }

  bool directive(char letter, const Style& style) {
    if (date_directive(letter, style)) return true;
    switch (letter) {
      case 'H': number(when_.hour, 2, '0', style); return true;
      case 'I': number(hour_of_twelve(), 2, '0', style); return true;
      case 'k': number(when_.hour, 2, '_', style); return true;
      case 'l': number(hour_of_twelve(), 2, '_', style); return true;
      case 'M': number(when_.minute, 2, '0', style); return true;
      case 'n': text("\n", style); return true;
      case 'p': small_name(when_.hour < 12 ? "AM" : "PM", style); return true;
      case 'P': text(when_.hour < 12 ? "am" : "pm", style, Case::lower); return true;
      case 'r': nested("%I:%M:%S %p", style); return true;
      case 'R': nested("%H:%M", style); return true;
      case 's': number(wall_seconds(), 1, '0', style); return true;
      case 'S': number(when_.second, 2, '0', style); return true;
      case 't': text("\t", style); return true;
      case 'T':
      case 'X': nested("%H:%M:%S", style); return true;
      // With flags these are the C library's.
      case 'z': text(system_zone_.empty() ? "" : "+0000", Style{}); return true;
      case 'Z': small_name(system_zone_, style); return true;
      case '%': text("%", style); return true;
      default: return false;
    }
  }

  const DateTime& when_;
  std::string_view system_zone_;
  std::string out_;
};

}  // namespace

std::string strftime(const DateTime& when, std::string_view format, std::string_view system_zone) {
  Formatter formatter(when, system_zone);
  return formatter.run(formatter.prepared(format));
}

}  // namespace tocsin::clock
