#include "pattern/pattern.hpp"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <algorithm>
#include <charconv>
#include <mutex>
#include <optional>
#include <vector>

#include "base/text.hpp"
#include "pattern/translate.hpp"
#include "value/meter.hpp"

namespace tocsin::pattern {
namespace {

struct FreeCode {
  void operator()(pcre2_code* code) const { pcre2_code_free(code); }
};
struct FreeData {
  void operator()(pcre2_match_data* data) const { pcre2_match_data_free(data); }
};
struct FreeContext {
  void operator()(pcre2_match_context* context) const { pcre2_match_context_free(context); }
};
struct FreeStack {
  void operator()(pcre2_jit_stack* stack) const { pcre2_jit_stack_free(stack); }
};
using MatchData = std::unique_ptr<pcre2_match_data, FreeData>;

/// What a thread keeps for matching: its match context and JIT stack.
class Matcher {
 public:
  static Matcher& of_this_thread() {
    static thread_local Matcher matcher;
    return matcher;
  }
  /// So much backtracking from each place, and no place after `last` is begun at.
  pcre2_match_context* context(std::uint64_t limit, std::size_t last) {
    const auto bounded = static_cast<std::uint32_t>(std::min<std::uint64_t>(limit, 100'000'000));
    pcre2_set_match_limit(context_.get(), bounded);
    pcre2_set_offset_limit(context_.get(), last);
    return context_.get();
  }

 private:
  Matcher()
      : context_(pcre2_match_context_create(nullptr)), stack_(pcre2_jit_stack_create(32 * 1024, 1024 * 1024, nullptr)) {
    pcre2_set_heap_limit(context_.get(), 64 * 1024);
    pcre2_jit_stack_assign(context_.get(), nullptr, stack_.get());
  }

  std::unique_ptr<pcre2_match_context, FreeContext> context_;
  std::unique_ptr<pcre2_jit_stack, FreeStack> stack_;
};

std::string place(std::string_view source, std::size_t byte_offset) {
  return "position " + std::to_string(base::utf8_length(source.substr(0, byte_offset)));
}

}  // namespace

using Code = std::unique_ptr<pcre2_code, FreeCode>;

namespace {

struct Mistake {
  int code = 0;
  PCRE2_SIZE offset = 0;
};

Code compile_with(const std::string& translated, std::uint32_t options, Mistake& mistake) {
  Code code(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(translated.data()), translated.size(), options, &mistake.code,
                          &mistake.offset, nullptr));
  if (!code) return code;
  // Without JIT (a hardened kernel, say) the interpreter matches the same.
  pcre2_jit_compile(code.get(), PCRE2_JIT_COMPLETE);
  std::size_t size = 0;
  pcre2_pattern_info(code.get(), PCRE2_INFO_SIZE, &size);
  value::Meter::spend(size / 2);
  return code;
}

}  // namespace

struct Pattern::Compiled {
  std::string translated;
  std::uint32_t options;
  Code code;
  mutable std::once_flag once;
  mutable Code anchored_code;

  /// Only a pattern that is anchored itself is matched by the JIT's code: made when it is first asked for.
  const pcre2_code* anchored() const {
    std::call_once(once, [this] {
      Mistake mistake;
      anchored_code = compile_with(translated, options | PCRE2_ANCHORED, mistake);
    });
    return anchored_code ? anchored_code.get() : code.get();
  }
};

base::Result<Pattern> Pattern::compile(std::string_view source, Dialect dialect) {
  base::Result<std::string> translated = translate(source, dialect);
  if (!translated) return std::move(translated).error();
  // Only the `regex` module lets groups share a name.
  const std::uint32_t options = PCRE2_UTF | PCRE2_UCP | PCRE2_NO_UTF_CHECK | PCRE2_NEVER_BACKSLASH_C |
                                PCRE2_USE_OFFSET_LIMIT | (dialect == Dialect::python_regex ? PCRE2_DUPNAMES : 0u);
  Mistake mistake;
  Code code = compile_with(*translated, options, mistake);
  if (!code) {
    PCRE2_UCHAR message[256];
    pcre2_get_error_message(mistake.code, message, sizeof message);
    const std::string where = place(*translated, std::min<std::size_t>(mistake.offset, translated->size()));
    return base::Error{base::ErrorKind::invalid, std::string(reinterpret_cast<const char*>(message)) + " at " + where,
                       where};
  }
  auto compiled = std::make_shared<Compiled>();
  compiled->translated = std::move(*translated);
  compiled->options = options;
  compiled->code = std::move(code);
  return Pattern(std::move(compiled));
}

namespace {

Outcome outcome_of(int code) {
  if (code >= 0) return Outcome::match;
  return code == PCRE2_ERROR_NOMATCH ? Outcome::no_match : Outcome::limit;
}

std::size_t after_code_point(std::string_view text, std::size_t at) {
  ++at;
  while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) ++at;
  return at;
}

enum class Begin { here, anywhere };

/// One search within an Effort. PCRE2 counts backtracking anew at each place of the subject where it begins, so a
/// search is cut into stretches of places, and what each stretch may have cost at most is taken from the effort:
/// many places with little at each, or few with more where little did not do.
class Search {
 public:
  Search(const pcre2_code* code, std::string_view subject, pcre2_match_data* data, Effort& effort)
      : code_(code),
        subject_(subject.data() == nullptr ? std::string_view("") : subject),
        data_(data),
        effort_(effort) {}

  int from(std::size_t start, Begin begin, std::uint32_t options = 0) {
    std::uint64_t stretch = usual_stretch;
    std::uint64_t each = begin == Begin::here ? stretch : std::max(least, stretch / (subject_.size() - start + 1));
    for (;;) {
      const std::uint64_t width = begin == Begin::here ? 1 : std::max<std::uint64_t>(1, stretch / each);
      const std::size_t last = start + std::min<std::size_t>(width - 1, subject_.size() - start);
      const int found = run(start, last, options, each);
      pay(each * (found >= 0 ? pcre2_get_startchar(data_) - start + 1 : last - start + 1));
      if (found != PCRE2_ERROR_NOMATCH && found != PCRE2_ERROR_MATCHLIMIT) return found;
      const bool is_last = begin == Begin::here || last >= subject_.size();
      if (found == PCRE2_ERROR_NOMATCH && is_last) return found;
      if (effort_.left == 0) return PCRE2_ERROR_MATCHLIMIT;
      if (found == PCRE2_ERROR_MATCHLIMIT) {
        stretch = usual_stretch;
        each = std::min(each * 4, std::max(each, effort_.left));
      } else {
        start = after_code_point(subject_, last);
        stretch *= 2;
      }
    }
  }

 private:
  static constexpr std::uint64_t least = 4;
  static constexpr std::uint64_t usual_stretch = 4096;

  int run(std::size_t start, std::size_t last, std::uint32_t options, std::uint64_t limit) {
    return pcre2_match(code_, reinterpret_cast<PCRE2_SPTR>(subject_.data()), subject_.size(), start,
                       options | PCRE2_NO_UTF_CHECK, data_, Matcher::of_this_thread().context(limit, last));
  }

  void pay(std::uint64_t steps) {
    value::Meter::spend(steps / 128);
    effort_.left -= std::min(steps, effort_.left);
  }

  const pcre2_code* code_;
  std::string_view subject_;
  pcre2_match_data* data_;
  Effort& effort_;
};

/// Gives each byte of a subject its part, and takes back what was not needed.
class Allowance {
 public:
  Allowance(Effort& effort, std::string_view subject) : effort_(effort), before_(effort.left) {
    effort_.left += usual + std::min(most, a_byte * subject.size());
  }
  ~Allowance() { effort_.left = std::min(effort_.left, before_); }
  Allowance(const Allowance&) = delete;
  Allowance& operator=(const Allowance&) = delete;

 private:
  static constexpr std::uint64_t usual = 4096;
  static constexpr std::uint64_t a_byte = 256;
  static constexpr std::uint64_t most = 128'000'000;

  Effort& effort_;
  std::uint64_t before_;
};

}  // namespace

Outcome Pattern::match(std::string_view subject, Effort& effort) const {
  const MatchData data(pcre2_match_data_create(1, nullptr));
  const Allowance allowance(effort, subject);
  return outcome_of(Search(compiled_->anchored(), subject, data.get(), effort).from(0, Begin::here));
}

Outcome Pattern::match(std::string_view subject, std::uint64_t limit) const {
  Effort effort{limit};
  return match(subject, effort);
}

Outcome Pattern::search(std::string_view subject, Effort& effort) const {
  const MatchData data(pcre2_match_data_create(1, nullptr));
  const Allowance allowance(effort, subject);
  return outcome_of(Search(compiled_->code.get(), subject, data.get(), effort).from(0, Begin::anywhere));
}

Outcome Pattern::search(std::string_view subject, std::uint64_t limit) const {
  Effort effort{limit};
  return search(subject, effort);
}

namespace {

/// One piece of a replacement template: literal text, then perhaps a group.
struct Piece {
  std::string literal;
  std::optional<std::uint32_t> group;
};

constexpr std::uint32_t unknown_group = 1'000'000;

/// Reads `\1`, `\g<1>`, `\g<name>`, `\n` and the like of a replacement (re.sub's template).
class Replacement {
 public:
  Replacement(const pcre2_code* code, std::string_view text) : code_(code), text_(text) {
    pcre2_pattern_info(code, PCRE2_INFO_CAPTURECOUNT, &groups_);
  }

  base::Status read() {
    pieces_.emplace_back();
    while (at_ < text_.size()) {
      const std::size_t slash = std::min(text_.find('\\', at_), text_.size());
      pieces_.back().literal.append(text_.substr(at_, slash - at_));
      at_ = slash;
      if (at_ == text_.size()) break;
      if (base::Status read = escape(); !read) return read;
    }
    return {};
  }

  /// Does it name a group that the pattern does not have?
  bool lacks_group() const {
    return std::any_of(pieces_.begin(), pieces_.end(),
                       [&](const Piece& piece) { return piece.group.value_or(0) > groups_; });
  }

  const std::vector<Piece>& pieces() const { return pieces_; }

 private:
  base::Error bad(const std::string& what, std::size_t position) const {
    return {base::ErrorKind::invalid, what + " at " + place(text_, position), place(text_, position)};
  }

  void add_group(std::uint64_t number) {
    pieces_.back().group = static_cast<std::uint32_t>(std::min<std::uint64_t>(number, unknown_group));
    pieces_.emplace_back();
  }

  base::Status named_group() {
    if (at_ + 2 >= text_.size() || text_[at_ + 2] != '<') return bad("missing <", at_ + 2);
    const std::size_t end = text_.find('>', at_);
    if (end == std::string_view::npos) return bad("missing >", text_.size());
    const std::string name(text_.substr(at_ + 3, end - at_ - 3));
    if (name.empty()) return bad("missing group name", at_ + 3);
    std::uint64_t number = 0;
    const auto [stop, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (error != std::errc() || stop != name.data() + name.size()) {
      PCRE2_SPTR first = nullptr;
      PCRE2_SPTR last = nullptr;
      const int size = pcre2_substring_nametable_scan(code_, reinterpret_cast<PCRE2_SPTR>(name.c_str()), &first, &last);
      if (size < 0) return base::Error{base::ErrorKind::not_found, "unknown group"};
      number = static_cast<std::uint64_t>(first[0] << 8 | first[1]);
    }
    if (number > groups_) return bad("invalid group reference", end + 1);
    add_group(number);
    at_ = end + 1;
    return {};
  }

  bool is_digit_at(std::size_t i, char highest) const {
    return i < text_.size() && text_[i] >= '0' && text_[i] <= highest;
  }

  /// `\1` to `\99`; three octal digits are a character. A group that is not there fails when it is used.
  void numbered() {
    const auto digit = [&](std::size_t i) { return static_cast<std::uint64_t>(text_[at_ + i] - '0'); };
    if (is_digit_at(at_ + 1, '3') && is_digit_at(at_ + 2, '7') && is_digit_at(at_ + 3, '7')) {
      base::append_utf8(pieces_.back().literal, static_cast<std::uint32_t>(digit(1) * 64 + digit(2) * 8 + digit(3)));
      at_ += 4;
      return;
    }
    const bool two = is_digit_at(at_ + 2, '9');
    add_group(two ? digit(1) * 10 + digit(2) : digit(1));
    at_ += two ? 3 : 2;
  }

  /// `\0`, `\07`, `\012`.
  void octal() {
    std::uint32_t code = 0;
    std::size_t size = 1;
    while (size < 4 && is_digit_at(at_ + size, '7'))
      code = code * 8 + static_cast<std::uint32_t>(text_[at_ + size++] - '0');
    base::append_utf8(pieces_.back().literal, code);
    at_ += size;
  }

  /// `\x41`, `\u0041`, `\U00000041`.
  base::Status hexadecimal(std::size_t digits) {
    const std::string_view given = text_.substr(at_ + 2, digits);
    std::uint32_t code = 0;
    const auto [end, error] = std::from_chars(given.data(), given.data() + given.size(), code, 16);
    const auto size = static_cast<std::size_t>(end - given.data());
    if (size < digits) {
      return bad("incomplete escape " + std::string(text_.substr(at_, size + 2)), at_ + 2 + size);
    }
    base::append_utf8(pieces_.back().literal, code);
    at_ += 2 + digits;
    return {};
  }

  base::Status escape() {
    if (at_ + 1 == text_.size()) return bad("bad escape (end of pattern)", at_ + 1);
    const char c = text_[at_ + 1];
    if (c == 'g') return named_group();
    if (c == 'x') return hexadecimal(2);
    if (c == 'u') return hexadecimal(4);
    if (c == 'U') return hexadecimal(8);
    if (c >= '0' && c <= '9') {
      if (c == '0') {
        octal();
      } else {
        numbered();
      }
      return {};
    }
    constexpr std::string_view letters = "abfnrtv\\";
    constexpr std::string_view meanings = "\a\b\f\n\r\t\v\\";
    const std::size_t known = letters.find(c);
    if (known != std::string_view::npos) {
      pieces_.back().literal += meanings[known];
    } else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
      return bad("bad escape \\" + std::string(1, c), at_ + 2);
    } else {
      pieces_.back().literal.append(text_.substr(at_, 2));
    }
    at_ += 2;
    return {};
  }

  const pcre2_code* code_;
  std::string_view text_;
  std::uint32_t groups_ = 0;
  std::size_t at_ = 0;
  std::vector<Piece> pieces_;
};

/// What one replacement may grow a text to.
constexpr std::size_t longest_result = 64u << 20;

void append_pieces(std::string& out, const std::vector<Piece>& pieces, std::string_view subject,
                   const PCRE2_SIZE* offsets) {
  for (const Piece& piece : pieces) {
    out += piece.literal;
    if (!piece.group || offsets[*piece.group * 2] == PCRE2_UNSET) continue;
    const PCRE2_SIZE start = offsets[*piece.group * 2];
    out.append(subject.substr(start, offsets[*piece.group * 2 + 1] - start));
  }
}

}  // namespace

// Empty matches as Python 3.7 has them: one may follow right after a match that was not empty, never at the place
// where the last empty one was.
base::Status Pattern::replace_all(std::string_view subject, std::string_view replacement, std::string& out,
                                  Effort& effort) const {
  const pcre2_code* code = compiled_->code.get();
  std::uint32_t least = 0;
  pcre2_pattern_info(code, PCRE2_INFO_MINLENGTH, &least);
  constexpr std::size_t longest_code_point = 4;
  if (subject.size() < least * longest_code_point &&
      base::utf8_length(subject) < least) {  // too short to match: Python does not even look at the replacement
    out.append(subject);
    return {};
  }
  Replacement pieces(code, replacement);
  if (base::Status read = pieces.read(); !read) return read;
  const MatchData data(pcre2_match_data_create_from_pattern(code, nullptr));
  const PCRE2_SIZE* offsets = pcre2_get_ovector_pointer(data.get());
  const Allowance allowance(effort, subject);
  Search search(code, subject, data.get(), effort);
  std::size_t copied = 0;
  std::size_t at = 0;
  bool after_empty = false;
  while (at <= subject.size()) {
    const int found = after_empty ? search.from(at, Begin::here, PCRE2_NOTEMPTY_ATSTART | PCRE2_ANCHORED)
                                  : search.from(at, Begin::anywhere);
    if (found < 0 && found != PCRE2_ERROR_NOMATCH) {
      return base::Error{base::ErrorKind::too_large, "the regular expression needs too many steps"};
    }
    if (found == PCRE2_ERROR_NOMATCH) {
      if (!after_empty || at >= subject.size()) break;
      after_empty = false;
      at = after_code_point(subject, at);
      continue;
    }
    if (pieces.lacks_group()) return base::Error{base::ErrorKind::invalid, "invalid group reference"};
    out.append(subject.substr(copied, offsets[0] - copied));
    if (out.size() > longest_result)
      return base::Error{base::ErrorKind::too_large, "the text with its replacements is too large"};
    append_pieces(out, pieces.pieces(), subject, offsets);
    copied = at = offsets[1];
    after_empty = offsets[0] == offsets[1];
  }
  out.append(subject.substr(copied));
  return {};
}

base::Status Pattern::replace_all(std::string_view subject, std::string_view replacement, std::string& out,
                                  std::uint64_t limit) const {
  Effort effort{limit};
  return replace_all(subject, replacement, out, effort);
}

}  // namespace tocsin::pattern
