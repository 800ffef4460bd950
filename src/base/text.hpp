// Bytes and text that any room may need: UTF-8, hex, base64, JSON quoting, trimming.
// Pure functions over byte strings; no locale.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tocsin::base {

/// The offset of the first byte that is not well-formed UTF-8 (RFC 3629), or nothing when all is well.
std::optional<std::size_t> first_bad_utf8(std::string_view bytes);

/// The bytes with each ill-formed sequence replaced by U+FFFD.
std::string repaired_utf8(std::string_view bytes);

/// Appends the UTF-8 form of a code point. Surrogates and values past U+10FFFF become U+FFFD.
void append_utf8(std::string& out, std::uint32_t code_point);

/// The number of code points of well-formed UTF-8.
std::size_t utf8_length(std::string_view text);

/// The first `count` code points of well-formed UTF-8.
std::string_view utf8_prefix(std::string_view text, std::size_t count);

/// Lower-case hexadecimal.
std::string to_hex(std::string_view bytes);
/// The bytes of an even number of hexadecimal digits, or nothing.
std::optional<std::string> from_hex(std::string_view digits);

/// RFC 4648 section 4, with padding.
std::string to_base64(std::string_view bytes);
/// Strict RFC 4648 section 4; nothing when it is not.
std::optional<std::string> from_base64(std::string_view text);

/// The text as a JSON string with its quotes (RFC 8259); non-ASCII is kept, ill-formed UTF-8 repaired.
std::string json_quoted(std::string_view text);

/// Without the ASCII white space at both ends.
std::string_view trimmed(std::string_view text);

/// ASCII letters in lower case.
std::string ascii_lower(std::string_view text);

/// Are the ASCII letters the same but for case?
bool same_ignoring_case(std::string_view a, std::string_view b);

/// `&`, `<`, `>`, `"` and `'` as HTML character references.
std::string html_escaped(std::string_view text);

/// Decodes percent escapes (RFC 3986); with `plus_is_space` also `+` (HTML forms). Bad escapes stay as they are.
enum class Plus { literal, space };
std::string percent_decoded(std::string_view text, Plus plus);

/// Percent-encodes all but unreserved characters (RFC 3986 section 2.3).
std::string percent_encoded(std::string_view text);

}  // namespace tocsin::base
