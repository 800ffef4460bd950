// Regular expressions in the dialects that users write: Python's `re` (routes) and the `regex` module
// (template filters), translated to PCRE2 and run within a match limit. What a dialect rejects is rejected
// with a position; what can't be done the same way is refused rather than done differently.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace tocsin::pattern {

enum class Dialect {
  python_re,     ///< the standard library's `re`
  python_regex,  ///< the `regex` module, version 0 behaviour
};

enum class Outcome { match, no_match, limit };

/// Backtracking that is left to one search or to several together. Each search adds 256 steps for each byte of its
/// subject (128 million at most), so that a long subject is no mistake. What is used is also taken from the thread's
/// value::Meter.
struct Effort {
  std::uint64_t left = 1'000'000;
};

/// A compiled pattern; immutable, any thread.
class Pattern {
 public:
  /// Error: kind invalid, the dialect's wording where known, `where` = `position N` (0-based, code points).
  static base::Result<Pattern> compile(std::string_view source, Dialect dialect);

  /// `re.match`: anchored at the start. The subject is well-formed UTF-8. Outcome `limit`: the effort did not do.
  Outcome match(std::string_view subject, Effort& effort) const;
  Outcome match(std::string_view subject, std::uint64_t limit = 1'000'000) const;
  /// `re.search`: anywhere.
  Outcome search(std::string_view subject, Effort& effort) const;
  Outcome search(std::string_view subject, std::uint64_t limit = 1'000'000) const;

  /// `re.sub`: every non-overlapping match replaced by the template (`\1`, `\g<name>`, `\n` …), appended to `out`.
  /// The effort is for all matches together. Errors: a bad replacement is `invalid`; the limit is `too_large`.
  base::Status replace_all(std::string_view subject, std::string_view replacement, std::string& out,
                           Effort& effort) const;
  base::Status replace_all(std::string_view subject, std::string_view replacement, std::string& out,
                           std::uint64_t limit = 1'000'000) const;

 private:
  struct Compiled;
  explicit Pattern(std::shared_ptr<const Compiled> compiled) : compiled_(std::move(compiled)) {}
  std::shared_ptr<const Compiled> compiled_;
};

}  // namespace tocsin::pattern
