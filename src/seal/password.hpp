// Passwords: argon2id (RFC 9106). Slow and hungry on purpose (32 MiB and some 50 ms each): not on io threads, and not
// many at a time. libargon2 stays in password.cpp.
#pragma once

#include <string>
#include <string_view>

#include "base/id.hpp"

namespace tocsin::seal {

/// The encoded hash, `$argon2id$v=19$m=…`, with a salt of its own.
std::string hash_password(std::string_view password, const base::RandomBytes& random);

/// Is it the password that was hashed? Compares in constant time; false for anything that is no encoded hash.
bool is_password(std::string_view password, const std::string& encoded);

}  // namespace tocsin::seal
