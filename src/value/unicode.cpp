#include "value/unicode.hpp"

#include <algorithm>
#include <iterator>
#include <span>

#include "base/text.hpp"

namespace tocsin::value {
namespace {

struct Range {
  std::uint32_t low;
  std::uint32_t high;
};
struct Mapping {
  std::uint32_t low;
  std::uint32_t high;
  std::uint32_t stride;
  std::int32_t delta;
};
struct Special {
  std::uint32_t code;
  std::uint32_t to[3];
};

#include "value/unicode_tables.inc"

std::span<const Range> ranges_of(CharClass char_class) {
  switch (char_class) {
    case CharClass::alpha: return alpha_ranges;
    case CharClass::decimal: return decimal_ranges;
    case CharClass::digit: return digit_ranges;
    case CharClass::numeric: return numeric_ranges;
    case CharClass::space: return space_ranges;
    case CharClass::upper: return upper_ranges;
    case CharClass::lower: return lower_ranges;
    case CharClass::title: return title_ranges;
    case CharClass::printable: return printable_ranges;
    case CharClass::name_start: return name_start_ranges;
    case CharClass::name_part: return name_part_ranges;
    case CharClass::case_ignorable: return case_ignorable_ranges;
  }
  return {};
}

struct CaseTables {
  std::span<const Mapping> mappings;
  std::span<const Special> specials;
};

CaseTables tables_of(CaseMapping mapping) {
  switch (mapping) {
    case CaseMapping::lower: return {lower_mappings, lower_specials};
    case CaseMapping::upper: return {upper_mappings, upper_specials};
    case CaseMapping::title: return {title_mappings, title_specials};
    case CaseMapping::casefold: return {casefold_mappings, casefold_specials};
  }
  return {};
}

std::uint32_t mapped_ascii(CaseMapping mapping, std::uint32_t code) {
  const bool up = mapping == CaseMapping::upper || mapping == CaseMapping::title;
  if (up && code >= 'a' && code <= 'z') return code - 32;
  if (!up && code >= 'A' && code <= 'Z') return code + 32;
  return code;
}

}  // namespace

bool is_in(CharClass char_class, std::uint32_t code) {
  const std::span<const Range> ranges = ranges_of(char_class);
  const auto after = std::upper_bound(ranges.begin(), ranges.end(), code,
                                      [](std::uint32_t c, const Range& range) { return c < range.low; });
  return after != ranges.begin() && code <= std::prev(after)->high;
}

void append_mapped(std::string& out, CaseMapping mapping, std::uint32_t code) {
  if (code < 0x80) {
    out.push_back(static_cast<char>(mapped_ascii(mapping, code)));
    return;
  }
  const CaseTables tables = tables_of(mapping);
  const auto special = std::lower_bound(tables.specials.begin(), tables.specials.end(), code,
                                        [](const Special& each, std::uint32_t c) { return each.code < c; });
  if (special != tables.specials.end() && special->code == code) {
    for (const std::uint32_t to : special->to) {
      if (to != 0) base::append_utf8(out, to);
    }
    return;
  }
  const auto after = std::upper_bound(tables.mappings.begin(), tables.mappings.end(), code,
                                      [](std::uint32_t c, const Mapping& each) { return c < each.low; });
  if (after != tables.mappings.begin()) {
    const Mapping& run = *std::prev(after);
    if (code <= run.high && (code - run.low) % run.stride == 0) {
      code = static_cast<std::uint32_t>(static_cast<std::int32_t>(code) + run.delta);
    }
  }
  base::append_utf8(out, code);
}

}  // namespace tocsin::value
