// Secrets: the master key, sealed texts, keyed hashes, tokens, randomness. OpenSSL stays in seal.cpp.
// Any thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/id.hpp"
#include "base/result.hpp"

namespace tocsin::seal {

/// The 32 bytes that everything secret in the ledger hangs on. Kept apart from the database.
class MasterKey {
 public:
  /// Reads the file, or makes it (0600, at first start) when it is absent and `create` says so.
  /// Errors: invalid (wrong size, or others may read it), not_found, unavailable (cannot be written).
  enum class Absent { create, refuse };
  static base::Result<MasterKey> load(const std::string& path, Absent when_absent);
  /// For tests.
  static MasterKey from_bytes(std::string bytes);

  /// A key of its own for each purpose (HKDF-SHA256, RFC 5869).
  std::string derived(std::string_view purpose) const;
  /// Eight hexadecimal digits that tell one master key from another without giving it away.
  std::string fingerprint() const;

 private:
  explicit MasterKey(std::string bytes) : bytes_(std::move(bytes)) {}
  std::string bytes_;
};

/// Seals and opens texts (AES-256-GCM, random nonce); `context` is authenticated with it, so that a sealed text
/// can't be moved to another row. The sealed form is base64.
class Sealer {
 public:
  Sealer(const MasterKey& key, std::string_view purpose);
  std::string seal(std::string_view text, std::string_view context) const;
  std::optional<std::string> open(std::string_view sealed, std::string_view context) const;

 private:
  std::string key_;
};

/// A keyed hash for look-up (HMAC-SHA256, lower-case hexadecimal).
class Digester {
 public:
  Digester(const MasterKey& key, std::string_view purpose);
  std::string digest(std::string_view text) const;

 private:
  struct Keyed;
  std::shared_ptr<const Keyed> keyed_;
};

/// The system's cryptographic generator. Not to be used across a fork.
base::RandomBytes system_random();

/// SHA-512, lower-case hexadecimal.
std::string sha512_hex(std::string_view bytes);

/// Compares in a time that depends on the lengths only.
bool equal_in_constant_time(std::string_view a, std::string_view b);

/// A new API token: 64 lower-case hexadecimal digits (spec: api.md 1.2 A).
std::string new_api_token(const base::RandomBytes& random);
/// What is kept of it: SHA-512 over its 32 bytes; nothing when it is not 64 hexadecimal digits.
std::optional<std::string> api_token_digest(std::string_view token);

/// A new integration token: 25 letters and digits (spec: ingest.md 1.1).
std::string new_integration_token(const base::RandomBytes& random);

}  // namespace tocsin::seal
