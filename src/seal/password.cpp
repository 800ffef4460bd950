#include "seal/password.hpp"

#include <argon2.h>

#include <array>

#include "base/check.hpp"

namespace tocsin::seal {
namespace {

// More than OWASP's least (19 MiB, two passes); one lane, for there is one thread.
constexpr std::uint32_t passes = 3;
constexpr std::uint32_t kibibytes = 32 * 1024;
constexpr std::uint32_t lanes = 1;
constexpr std::size_t salt_size = 16;
constexpr std::size_t hash_size = 32;

}  // namespace

std::string hash_password(std::string_view password, const base::RandomBytes& random) {
  std::array<unsigned char, salt_size> salt{};
  random(salt.data(), salt.size());
  std::string encoded(argon2_encodedlen(passes, kibibytes, lanes, salt_size, hash_size, Argon2_id), '\0');
  const int outcome = argon2id_hash_encoded(passes, kibibytes, lanes, password.data(), password.size(), salt.data(),
                                            salt.size(), hash_size, encoded.data(), encoded.size());
  CHECK(outcome == ARGON2_OK);
  encoded.resize(encoded.find('\0'));
  return encoded;
}

bool is_password(std::string_view password, const std::string& encoded) {
  return argon2id_verify(encoded.c_str(), password.data(), password.size()) == ARGON2_OK;
}

}  // namespace tocsin::seal
