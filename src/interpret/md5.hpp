// MD5 (RFC 1321), for one thing only: OnCall kept grouping keys by it, and migrated open groups must go on.
// Not for anything that has to withstand an attacker.
#pragma once

#include <string>
#include <string_view>

namespace tocsin::interpret {

/// Lower-case hexadecimal.
std::string md5_hex(std::string_view bytes);

}  // namespace tocsin::interpret
