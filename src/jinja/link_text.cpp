#include "jinja/link_text.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "value/python_arithmetic.hpp"
#include "value/unicode.hpp"

namespace tocsin::jinja {
namespace {

using value::CharClass;

bool is_word(std::uint32_t code) {
  return code == '_' || value::is_in(CharClass::alpha, code) || value::is_in(CharClass::numeric, code);
}

/// Does each code point fit?
template <class Fits>
bool all(std::string_view text, Fits fits) {
  while (!text.empty()) {
    if (!fits(value::next_code(text))) return false;
  }
  return true;
}

bool starts_ignoring_case(std::string_view text, std::string_view prefix) {
  return base::same_ignoring_case(text.substr(0, prefix.size()), prefix);
}

// The long s and the Kelvin sign count as s and k where case is ignored.
bool is_latin_letter(std::uint32_t code) {
  return (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z') || code == 0x17F || code == 0x212A ||
         code == 0x130 || code == 0x131;
}
bool is_label_character(std::uint32_t code) {
  return is_word(code) || code == '%' || code == '-';
}
bool is_digit(std::uint32_t code) {
  return value::is_in(CharClass::decimal, code);
}

bool has_length(std::string_view text, std::size_t least, std::size_t most) {
  const std::size_t length = base::utf8_length(text);
  return length >= least && length <= most;
}

std::vector<std::string_view> labels_of(std::string_view host) {
  std::vector<std::string_view> labels;
  for (;;) {
    const std::size_t dot = host.find('.');
    labels.push_back(host.substr(0, dot));
    if (dot == host.npos) return labels;
    host.remove_prefix(dot + 1);
  }
}

bool is_top_level(std::string_view label) {
  if (has_length(label, 2, 63) && all(label, is_latin_letter)) return true;
  if (!starts_ignoring_case(label, "xn--")) return false;
  label.remove_prefix(4);
  return has_length(label, 2, 59) && all(label, [](std::uint32_t code) { return is_word(code) || code == '%'; });
}

/// A host as it follows a scheme or `www.`.
bool is_host(std::string_view host) {
  std::vector<std::string_view> labels = labels_of(host);
  if (!is_top_level(labels.back())) return false;
  labels.pop_back();
  return std::all_of(labels.begin(), labels.end(),
                     [](std::string_view label) { return !label.empty() && all(label, is_label_character); });
}

/// A host that counts as an address by itself, for its well-known end.
bool is_well_known_host(std::string_view host) {
  constexpr std::array<std::string_view, 8> ends = {"com", "net", "int", "edu", "gov", "org", "info", "mil"};
  std::vector<std::string_view> labels = labels_of(host);
  if (labels.size() < 2) return false;
  if (std::none_of(ends.begin(), ends.end(), [&](auto end) { return base::same_ignoring_case(end, labels.back()); }))
    return false;
  labels.pop_back();
  return std::all_of(labels.begin(), labels.end(),
                     [](std::string_view label) { return has_length(label, 2, 63) && all(label, is_label_character); });
}

bool is_ipv4(std::string_view host) {
  const std::vector<std::string_view> parts = labels_of(host);
  return parts.size() == 4 && std::all_of(parts.begin(), parts.end(), [](std::string_view part) {
           return has_length(part, 1, 3) && all(part, is_digit);
         });
}

bool is_hex(std::uint32_t code) {
  return is_digit(code) || (code >= 'a' && code <= 'f') || (code >= 'A' && code <= 'F');
}

/// What stands between the brackets: two groups with colons, then one to six more, the last colon not needed.
bool is_ipv6(std::string_view inside) {
  int pieces = -2;
  for (;;) {
    const std::size_t colon = inside.find(':');
    const std::string_view group = inside.substr(0, colon);
    const std::size_t length = base::utf8_length(group);
    if (!all(group, is_hex)) return false;
    if (pieces < 0 && (length > 4 || colon == inside.npos)) return false;
    if (colon == inside.npos && length == 0) break;
    pieces += pieces < 0 ? 1 : std::max(1, static_cast<int>((length + 3) / 4));
    if (colon == inside.npos) break;
    inside.remove_prefix(colon + 1);
  }
  // A group may be empty, so that nothing after the first two counts as one.
  return pieces <= 6;
}

/// An optional port, then nothing or a path, query or fragment.
bool is_rest(std::string_view rest) {
  if (rest.starts_with(':')) {
    rest.remove_prefix(1);
    const std::string_view port = rest.substr(0, rest.find_first_of("/?#"));
    if (!has_length(port, 1, 5) || !all(port, is_digit)) return false;
    rest.remove_prefix(port.size());
  }
  return rest.empty() || std::string_view("/?#").find(rest.front()) != std::string_view::npos;
}

bool is_web_address(std::string_view text) {
  std::string_view host = text;
  bool scheme = false;
  bool www = false;
  for (const std::string_view prefix : {"https://", "http://"}) {
    scheme = scheme || starts_ignoring_case(host, prefix);
    if (scheme && host.size() == text.size()) host.remove_prefix(prefix.size());
  }
  if (!scheme && starts_ignoring_case(host, "www.")) www = true;
  if (scheme && host.starts_with('[')) {
    const std::size_t end = host.find(']');
    return end != host.npos && is_ipv6(host.substr(1, end - 1)) && is_rest(host.substr(end + 1));
  }
  const std::size_t end = std::min(host.find_first_of(":/?#"), host.size());
  const std::string_view rest = host.substr(end);
  host = host.substr(0, end);
  if (!is_rest(rest)) return false;
  if (scheme) return is_host(host) || is_ipv4(host);
  return (www && is_host(host.substr(4))) || is_well_known_host(host);
}

bool is_mail_address(std::string_view text) {
  const std::size_t at = text.rfind('@');
  if (at == 0 || at == text.npos) return false;
  std::string_view domain = text.substr(at + 1);
  const std::size_t dot = domain.rfind('.');
  if (dot == domain.npos || dot == 0) return false;
  const std::string_view end = domain.substr(dot + 1);
  if (end.empty() || !all(end, is_word)) return false;
  domain = domain.substr(0, dot);
  std::string_view first = domain;
  return is_word(value::next_code(first)) &&
         all(first, [](std::uint32_t code) { return is_word(code) || code == '.' || code == '-'; });
}

std::size_t count_of(std::string_view text, std::string_view wanted) {
  std::size_t count = 0;
  for (std::size_t at = 0; (at = text.find(wanted, at)) != text.npos; at += wanted.size()) ++count;
  return count;
}

/// A word with what surrounds its address.
struct Word {
  std::string_view head;
  std::string_view middle;
  std::string_view tail;
};

std::size_t opening_size(std::string_view text) {
  std::size_t size = 0;
  for (;;) {
    const std::string_view rest = text.substr(size);
    if (rest.starts_with('(') || rest.starts_with('<')) {
      size += 1;
    } else if (rest.starts_with("&lt;")) {
      size += 4;
    } else {
      return size;
    }
  }
}

std::size_t closing_size(std::string_view text) {
  std::size_t size = 0;
  for (;;) {
    const std::string_view rest = text.substr(0, text.size() - size);
    if (!rest.empty() && std::string_view(")>.,").find(rest.back()) != std::string_view::npos) {
      size += 1;
    } else if (rest.ends_with("&gt;")) {
      size += 4;
    } else {
      return size;
    }
  }
}

/// Head, middle and tail lie one after another, so moving a border balances the brackets of the middle.
Word parted(std::string_view word) {
  const std::size_t head = opening_size(word);
  const std::size_t tail = closing_size(word.substr(head));
  Word parts{word.substr(0, head), word.substr(head, word.size() - head - tail), word.substr(word.size() - tail)};
  constexpr std::pair<std::string_view, std::string_view> brackets[] = {{"(", ")"}, {"<", ">"}, {"&lt;", "&gt;"}};
  for (const auto& [open, close] : brackets) {
    const std::size_t opened = count_of(parts.middle, open);
    if (opened <= count_of(parts.middle, close)) continue;
    for (std::size_t left = std::min(opened, count_of(parts.tail, close)); left > 0; --left) {
      const std::size_t end = parts.tail.find(close) + close.size();
      parts.middle = word.substr(head, parts.middle.size() + end);
      parts.tail.remove_prefix(end);
    }
  }
  return parts;
}

/// Writes the links of one text.
class Linker {
 public:
  explicit Linker(const LinkStyle& style) : style_(style) {
    attribute("rel", style.rel);
    attribute("target", style.target);
  }

  void append(std::string& out, std::string_view word) const {
    const Word parts = parted(word);
    out += parts.head;
    append_middle(out, parts.middle);
    out += parts.tail;
  }

 private:
  void attribute(std::string_view name, std::string_view text) {
    if (text.empty()) return;
    attributes_.append(" ").append(name).append("=\"");
    value::append_escaped(attributes_, text);
    attributes_ += '"';
  }

  std::string shown(std::string_view address) const {
    if (!style_.longest) return std::string(address);
    const auto length = static_cast<std::int64_t>(base::utf8_length(address));
    if (length <= *style_.longest) return std::string(address);
    const std::int64_t kept =
        *style_.longest < 0 ? std::max<std::int64_t>(0, length + *style_.longest) : *style_.longest;
    return std::string(base::utf8_prefix(address, static_cast<std::size_t>(kept))) + "...";
  }

  void append_middle(std::string& out, std::string_view middle) const {
    if (is_web_address(middle)) {
      const bool complete = middle.starts_with("https://") || middle.starts_with("http://");
      out.append("<a href=\"").append(complete ? "" : "https://").append(middle).append("\"");
      out.append(attributes_).append(">").append(shown(middle)).append("</a>");
    } else if (middle.starts_with("mailto:") && is_mail_address(middle.substr(7))) {
      out.append("<a href=\"").append(middle).append("\">").append(middle.substr(7)).append("</a>");
    } else if (!middle.starts_with("www.") && middle.find(':') == middle.npos && is_mail_address(middle)) {
      out.append("<a href=\"mailto:").append(middle).append("\">").append(middle).append("</a>");
    } else {
      append_scheme(out, std::string(middle));
    }
  }

  void append_scheme(std::string& out, std::string middle) const {
    for (const std::string& scheme : style_.schemes) {
      if (middle == scheme || !middle.starts_with(scheme)) continue;
      std::string link = "<a href=\"";
      link.append(middle).append("\"").append(attributes_).append(">").append(middle).append("</a>");
      middle = std::move(link);
    }
    out += middle;
  }

  const LinkStyle& style_;
  std::string attributes_;
};

}  // namespace

std::string linked(std::string_view text, const LinkStyle& style) {
  const Linker linker(style);
  std::string out;
  std::size_t start = 0;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t at = text.size() - rest.size();
    if (!value::is_in(CharClass::space, value::next_code(rest))) continue;
    linker.append(out, text.substr(start, at - start));
    start = text.size() - rest.size();
    out.append(text.substr(at, start - at));
  }
  linker.append(out, text.substr(start));
  return out;
}

bool is_scheme_prefix(std::string_view text) {
  std::string_view name = text.substr(0, text.find(':'));
  const std::string_view rest = text.substr(name.size());
  if (rest != ":" && rest != ":/" && rest != "://") return false;
  return base::utf8_length(name) >= 2 &&
         all(name, [](std::uint32_t code) { return is_word(code) || code == '.' || code == '+' || code == '-'; });
}

}  // namespace tocsin::jinja
