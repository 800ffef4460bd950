// Lines of text wrapped to a width as Python's textwrap does it, for the filter `wordwrap`. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::jinja {

/// How to wrap. The width counts code points and is above zero.
struct Wrapping {
  std::int64_t width = 79;
  bool break_long_words = true;
  bool break_on_hyphens = true;
};

/// The lines of one paragraph; white space at the breaks is dropped. No lines for an empty paragraph.
std::vector<std::string> wrapped(std::string_view paragraph, const Wrapping& wrapping);

}  // namespace tocsin::jinja
