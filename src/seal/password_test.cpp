#include "seal/password.hpp"
#include "seal/seal.hpp"

#include <doctest/doctest.h>

using namespace tocsin;

TEST_CASE("a password is known by its hash, and by no other") {
  const base::RandomBytes random = seal::system_random();
  const std::string hash = seal::hash_password("correct horse", random);
  CHECK(hash.starts_with("$argon2id$v=19$m=32768,t=3,p=1$"));
  CHECK(hash.find("correct") == std::string::npos);
  CHECK(seal::is_password("correct horse", hash));
  CHECK_FALSE(seal::is_password("correct horsf", hash));
  CHECK_FALSE(seal::is_password("", hash));
  CHECK_FALSE(seal::is_password("correct horse", seal::hash_password("another one", random)));
  CHECK(hash != seal::hash_password("correct horse", random));
}

TEST_CASE("what is no hash lets nobody in") {
  for (const char* text : {"", "x", "$argon2id$", "$argon2id$v=19$m=32768,t=3,p=1$c2FsdA$"}) {
    CHECK_FALSE(seal::is_password("", text));
    CHECK_FALSE(seal::is_password("x", text));
  }
}
