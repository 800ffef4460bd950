// Text to bytes and back in the encodings that Python's str.encode and bytes.decode know by these names: UTF-8,
// UTF-16, UTF-32, ASCII, Latin-1. Inside the room; pure.
#pragma once

#include <string>
#include <string_view>

#include "jinja/objects.hpp"

namespace tocsin::jinja {

/// The two arguments of encode() and decode().
struct CodecNames {
  std::string encoding = "utf-8";
  std::string errors = "strict";
};
/// Reads them; throws TypeError as CPython does.
CodecNames codec_names(std::string_view method, const Arguments& arguments);

/// Throws PythonError: LookupError for an unknown encoding, UnicodeEncodeError for what it lacks.
std::string encoded(std::string_view text, const CodecNames& names);
/// The text of bytes, well-formed UTF-8. Throws PythonError.
std::string decoded(std::string_view bytes, const CodecNames& names);

}  // namespace tocsin::jinja
