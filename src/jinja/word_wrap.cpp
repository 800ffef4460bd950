#include "jinja/word_wrap.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "value/unicode.hpp"

namespace tocsin::jinja {
namespace {

using value::CharClass;

bool is_space(char32_t c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}
bool is_word(char32_t c) {
  return c == '_' || value::is_in(CharClass::alpha, c) || value::is_in(CharClass::numeric, c);
}
bool is_letter(char32_t c) {
  return c == '_' || (is_word(c) && !value::is_in(CharClass::decimal, c));
}
bool is_word_or_mark(char32_t c) {
  return is_word(c) || std::u32string_view(U"!\"'&.,?").find(c) != std::u32string_view::npos;
}

std::u32string decoded(std::string_view text) {
  std::u32string out;
  while (!text.empty()) out.push_back(value::next_code(text));
  return out;
}

std::string encoded(std::u32string_view text) {
  std::string out;
  for (const char32_t c : text) base::append_utf8(out, c);
  return out;
}

/// Takes a paragraph apart where a line may end: runs of white space, words, parts of hyphenated words, dashes.
class Splitter {
 public:
  explicit Splitter(std::u32string_view text) : text_(text) {}

  std::vector<std::u32string_view> split(bool on_hyphens) {
    std::vector<std::u32string_view> chunks;
    std::size_t start = 0;
    while (start < text_.size()) {
      const std::size_t end = on_hyphens ? chunk_end(start) : run_end(start);
      chunks.push_back(text_.substr(start, end - start));
      start = end;
    }
    return chunks;
  }

 private:
  char32_t at(std::size_t i) const { return i < text_.size() ? text_[i] : U' '; }
  bool letter_at(std::size_t i) const { return i < text_.size() && is_letter(text_[i]); }

  std::size_t run_end(std::size_t start) const {
    const bool space = is_space(text_[start]);
    while (start < text_.size() && is_space(text_[start]) == space) ++start;
    return start;
  }

  /// The end of the hyphens of a dash that begins here and stands between words.
  std::size_t dash_end(std::size_t start) const {
    if (start == 0 || !is_word_or_mark(text_[start - 1])) return start;
    std::size_t end = start;
    while (end < text_.size() && text_[end] == '-') ++end;
    if (end - start < 2 || end == text_.size() || !is_word(text_[end])) return start;
    return end;
  }

  /// May a word be broken before `end`, which follows a hyphen? Letters stand on both sides.
  bool breaks_after_hyphen(std::size_t start, std::size_t end) const {
    if (end < start + 2 || text_[end - 1] != '-') return false;
    const bool two_letters = end >= 3 && letter_at(end - 2) && letter_at(end - 3);
    const bool letter_hyphen =
        end >= 4 && is_word_or_mark(text_[end - 2]) && text_[end - 3] == '-' && letter_at(end - 4);
    if (!two_letters && !letter_hyphen) return false;
    if (!letter_at(end)) return false;
    return letter_at(end + 1) || (at(end + 1) == '-' && letter_at(end + 2));
  }

  std::size_t chunk_end(std::size_t start) const {
    if (is_space(text_[start])) return run_end(start);
    if (const std::size_t end = dash_end(start); end != start) return end;
    for (std::size_t end = start + 1; end < text_.size(); ++end) {
      if (breaks_after_hyphen(start, end)) return end;
      if (is_space(text_[end])) return end;
      if (text_[end] == '-' && dash_end(end) != end) return end;
    }
    return text_.size();
  }

  std::u32string_view text_;
};

bool is_blank(std::u32string_view text) {
  return std::all_of(text.begin(), text.end(), [](char32_t c) { return value::is_in(CharClass::space, c); });
}

/// Fills lines with chunks.
class Filler {
 public:
  Filler(std::vector<std::u32string_view> chunks, const Wrapping& wrapping)
      : chunks_(std::move(chunks)), wrapping_(wrapping) {
    std::reverse(chunks_.begin(), chunks_.end());
  }

  std::vector<std::string> fill() {
    std::vector<std::string> lines;
    while (!chunks_.empty()) {
      if (!lines.empty() && is_blank(chunks_.back())) chunks_.pop_back();
      std::vector<std::u32string_view> line = next_line();
      if (!line.empty() && is_blank(line.back())) line.pop_back();
      if (line.empty()) continue;
      std::string text;
      for (const std::u32string_view chunk : line) text += encoded(chunk);
      lines.push_back(std::move(text));
    }
    return lines;
  }

 private:
  std::vector<std::u32string_view> next_line() {
    std::vector<std::u32string_view> line;
    std::size_t length = 0;
    const auto width = static_cast<std::size_t>(wrapping_.width);
    while (!chunks_.empty() && length + chunks_.back().size() <= width) {
      length += chunks_.back().size();
      line.push_back(chunks_.back());
      chunks_.pop_back();
    }
    if (!chunks_.empty() && chunks_.back().size() > width) break_word(line, width - length);
    return line;
  }

  void break_word(std::vector<std::u32string_view>& line, std::size_t room) {
    std::u32string_view& chunk = chunks_.back();
    if (!wrapping_.break_long_words) {
      if (!line.empty()) return;
      line.push_back(chunk);
      chunks_.pop_back();
      return;
    }
    std::size_t end = room;
    if (wrapping_.break_on_hyphens) {
      const std::size_t hyphen = chunk.substr(0, room).rfind(U'-');
      if (hyphen != chunk.npos && chunk.substr(0, hyphen).find_first_not_of(U'-') != chunk.npos) end = hyphen + 1;
    }
    line.push_back(chunk.substr(0, end));
    chunk.remove_prefix(end);
  }

  std::vector<std::u32string_view> chunks_;
  const Wrapping& wrapping_;
};

}  // namespace

std::vector<std::string> wrapped(std::string_view paragraph, const Wrapping& wrapping) {
  const std::u32string text = decoded(paragraph);
  return Filler(Splitter(text).split(wrapping.break_on_hyphens), wrapping).fill();
}

}  // namespace tocsin::jinja
