#include <array>
#include <cstdio>

#include "clock/civil.hpp"

namespace tocsin::clock {
namespace {

constexpr std::array<std::string_view, 7> day_names = {"Monday",   "Tuesday", "Wednesday", "Thursday",
                                                       "Friday", "Saturday", "Sunday"};
constexpr std::array<std::string_view, 12> month_names = {"January",   "February", "March",    "April",
                                                          "May",       "June",     "July",     "August",
                                                          "September", "October",  "November", "December"};

/// Flags and width between `%` and the letter, as glibc takes them.
struct Style {
  char padding = 0;  ///< `_`, `-`, `0`, or the directive's own
  bool upper = false;
  bool swap = false;
  int width = 0;
};

class Formatter {
 public:
  explicit Formatter(const DateTime& when) : when_(when) {}

  std::string run(std::string_view format) {
    for (std::size_t at = 0; at < format.size(); ++at) {
      if (format[at] != '%' || at + 1 == format.size()) {
        out_ += format[at];
        continue;
      }
      const std::size_t start = at++;
      Style style;
      for (; at < format.size() && std::string_view("_-0^#").find(format[at]) != std::string_view::npos; ++at) {
        if (format[at] == '^') style.upper = true;
        else if (format[at] == '#') style.swap = true;
        else style.padding = format[at];
      }
      while (at < format.size() && format[at] >= '0' && format[at] <= '9' && style.width < 1000) {
        style.width = style.width * 10 + (format[at++] - '0');
      }
      if (at < format.size() && (format[at] == 'E' || format[at] == 'O')) ++at;
      if (at >= format.size() || !directive(format[at], style)) out_.append(format.substr(start, at + 1 - start));
    }
    return std::move(out_);
  }

 private:
  void number(std::int64_t value, int digits, char padding, const Style& style) {
    const char pad = style.padding ? style.padding : padding;
    const int width = style.width ? style.width : digits;
    std::string text = std::to_string(value < 0 ? -value : value);
    if (pad != '-') {
      while (static_cast<int>(text.size()) < width) text.insert(0, 1, pad == '_' ? ' ' : '0');
    }
    out_ += (value < 0 ? "-" : "") + text;
  }

  void text(std::string_view text, const Style& style, bool swap_lowers = false) {
    std::string shown(text);
    for (char& c : shown) {
      if (style.upper || (style.swap && !swap_lowers)) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
      if (style.swap && swap_lowers) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    }
    while (static_cast<int>(shown.size()) < style.width) shown.insert(0, 1, style.padding == '0' ? '0' : ' ');
    out_ += shown;
  }

  int hour_of_twelve() const { return when_.hour % 12 == 0 ? 12 : when_.hour % 12; }
  std::string_view day_name() const { return day_names[static_cast<std::size_t>(weekday(when_))]; }
  std::string_view month_name() const { return month_names[static_cast<std::size_t>(when_.month - 1)]; }
  /// The week of the year when weeks begin on that day (0: Sunday).
  int week_from(int first) const {
    const int since_first = (weekday(when_) + 1 - first + 7) % 7;
    return (day_of_year(when_) - 1 + 7 - since_first) / 7;
  }

  void nested(std::string_view format, const Style& style) { text(strftime(when_, format), style); }

  void offset() {
    if (!when_.offset) return;
    const int size = *when_.offset < 0 ? -*when_.offset : *when_.offset;
    char shown[16];
    std::snprintf(shown, sizeof shown, "%c%02d%02d", *when_.offset < 0 ? '-' : '+', size / 3600, size / 60 % 60);
    out_ += shown;
    if (size % 60 != 0) {
      std::snprintf(shown, sizeof shown, "%02d", size % 60);
      out_ += shown;
    }
  }

  bool date_directive(char letter, const Style& style) {
    switch (letter) {
      case 'a': text(day_name().substr(0, 3), style); return true;
      case 'A': text(day_name(), style); return true;
      case 'b': case 'h': text(month_name().substr(0, 3), style); return true;
      case 'B': text(month_name(), style); return true;
      case 'C': number(when_.year / 100, 2, '0', style); return true;
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
      case 'D': case 'x': nested("%m/%d/%y", style); return true;
      case 'F': nested("%Y-%m-%d", style); return true;
      default: return false;
    }
  }

  bool directive(char letter, const Style& style) {
    if (date_directive(letter, style)) return true;
    switch (letter) {
      case 'f': {
        char shown[8];
        std::snprintf(shown, sizeof shown, "%06d", when_.microsecond);
        out_ += shown;
        return true;
      }
      case 'H': number(when_.hour, 2, '0', style); return true;
      case 'I': number(hour_of_twelve(), 2, '0', style); return true;
      case 'k': number(when_.hour, 2, '_', style); return true;
      case 'l': number(hour_of_twelve(), 2, '_', style); return true;
      case 'M': number(when_.minute, 2, '0', style); return true;
      case 'n': out_ += '\n'; return true;
      case 'p': text(when_.hour < 12 ? "AM" : "PM", style, true); return true;
      case 'P': text(when_.hour < 12 ? "am" : "pm", style); return true;
      case 'r': nested("%I:%M:%S %p", style); return true;
      case 'R': nested("%H:%M", style); return true;
      case 's': number(instant_of(when_).micros() / 1'000'000, 1, '0', style); return true;
      case 'S': number(when_.second, 2, '0', style); return true;
      case 't': out_ += '\t'; return true;
      case 'T': case 'X': nested("%H:%M:%S", style); return true;
      case 'z': offset(); return true;
      case 'Z': text(when_.offset ? when_.zone : std::string_view(), style, true); return true;
      case '%': out_ += '%'; return true;
      default: return false;
    }
  }

  const DateTime& when_;
  std::string out_;
};

}  // namespace

std::string strftime(const DateTime& when, std::string_view format) { return Formatter(when).run(format); }

}  // namespace tocsin::clock
