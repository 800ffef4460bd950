// HTML as text: character references resolved, tags taken out (Python's html.unescape, MarkupSafe's striptags). Pure.
#pragma once

#include <string>
#include <string_view>

namespace tocsin::jinja {

/// The text with its character references resolved, by the rules of HTML 5.
std::string html_unescaped(std::string_view text);

/// The text without comments and tags, its white space collapsed, its references resolved.
std::string without_tags(std::string_view text);

}  // namespace tocsin::jinja
