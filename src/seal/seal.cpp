#include "seal/seal.hpp"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#include "base/text.hpp"

namespace tocsin::seal {
namespace {

constexpr std::size_t key_size = 32;
constexpr std::size_t nonce_size = 12;
constexpr std::size_t tag_size = 16;
constexpr std::string_view token_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

struct FreeCipher {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
struct FreeKey {
  void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
};
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, FreeCipher>;

/// An open file; closed at the end of its scope.
class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

std::string random_bytes(std::size_t size) {
  std::string bytes(size, '\0');
  CHECK(RAND_bytes(bytes_of(bytes), static_cast<int>(size)) == 1);
  return bytes;
}

base::Error key_error(base::ErrorKind kind, const std::string& path, const std::string& what) {
  return {kind, "the master key file " + path + " " + what, path};
}

base::Result<std::string> read_key(int descriptor, const std::string& path) {
  struct stat facts {};
  if (::fstat(descriptor, &facts) != 0) {
    return key_error(base::ErrorKind::unavailable, path, std::string("cannot be examined: ") + std::strerror(errno));
  }
  if ((facts.st_mode & 077) != 0) {
    return key_error(base::ErrorKind::invalid, path, "can be read by others; make it private: chmod 600 " + path);
  }
  std::string bytes(key_size + 1, '\0');
  const ssize_t count = ::read(descriptor, bytes.data(), bytes.size());
  if (count != static_cast<ssize_t>(key_size)) {
    return key_error(base::ErrorKind::invalid, path, "does not hold exactly 32 bytes");
  }
  bytes.resize(key_size);
  return bytes;
}

// The key becomes visible under its name only when it is whole and on the disk.
base::Result<std::string> create_key(const std::string& path) {
  const std::string bytes = random_bytes(key_size);
  const std::string draft = path + "." + base::to_hex(random_bytes(8));
  {
    const File file(::open(draft.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600));
    const bool written = file.descriptor() >= 0 &&
                         ::write(file.descriptor(), bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()) &&
                         ::fsync(file.descriptor()) == 0;
    if (!written) {
      const std::string why = std::strerror(errno);
      ::unlink(draft.c_str());
      return key_error(base::ErrorKind::unavailable, path, "cannot be written: " + why);
    }
  }
  // link() refuses to replace a key that another process has made meanwhile.
  const int linked = ::link(draft.c_str(), path.c_str()) == 0 ? 0 : errno;
  ::unlink(draft.c_str());
  if (linked != 0 && linked != EEXIST) {
    return key_error(base::ErrorKind::unavailable, path, std::string("cannot be made: ") + std::strerror(linked));
  }
  const std::string folder = path.find('/') == std::string::npos ? "." : path.substr(0, path.rfind('/') + 1);
  const File directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.descriptor() >= 0) ::fsync(directory.descriptor());

  const File made(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (made.descriptor() < 0) {
    return key_error(base::ErrorKind::unavailable, path, std::string("cannot be read: ") + std::strerror(errno));
  }
  return read_key(made.descriptor(), path);
}

}  // namespace

base::Result<MasterKey> MasterKey::load(const std::string& path, Absent when_absent) {
  const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.descriptor() < 0 && errno != ENOENT) {
    return key_error(base::ErrorKind::unavailable, path, std::string("cannot be read: ") + std::strerror(errno));
  }
  if (file.descriptor() < 0 && when_absent == Absent::refuse) {
    return key_error(base::ErrorKind::not_found, path, "does not exist");
  }
  auto bytes = file.descriptor() >= 0 ? read_key(file.descriptor(), path) : create_key(path);
  if (!bytes) return std::move(bytes).error();
  return MasterKey(*bytes);
}

MasterKey MasterKey::from_bytes(std::string bytes) {
  CHECK(bytes.size() == key_size);
  return MasterKey(std::move(bytes));
}

std::string MasterKey::derived(std::string_view purpose) const {
  const std::unique_ptr<EVP_PKEY_CTX, FreeKey> context(EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, nullptr));
  std::string key(key_size, '\0');
  std::size_t size = key.size();
  CHECK(context && EVP_PKEY_derive_init(context.get()) > 0);
  CHECK(EVP_PKEY_CTX_set_hkdf_md(context.get(), EVP_sha256()) > 0);
  CHECK(EVP_PKEY_CTX_set1_hkdf_key(context.get(), bytes_of(bytes_), static_cast<int>(bytes_.size())) > 0);
  CHECK(EVP_PKEY_CTX_add1_hkdf_info(context.get(), bytes_of(purpose), static_cast<int>(purpose.size())) > 0);
  CHECK(EVP_PKEY_derive(context.get(), bytes_of(key), &size) > 0);
  return key;
}

std::string MasterKey::fingerprint() const {
  return base::to_hex(derived("tocsin fingerprint")).substr(0, 8);
}

Sealer::Sealer(const MasterKey& key, std::string_view purpose)
    : key_(key.derived(std::string("tocsin seal ").append(purpose))) {}

std::string Sealer::seal(std::string_view text, std::string_view context) const {
  const std::string nonce = random_bytes(nonce_size);
  std::string sealed(text.size(), '\0');
  std::string tag(tag_size, '\0');
  int size = 0;
  const CipherContext cipher(EVP_CIPHER_CTX_new());
  CHECK(cipher && EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, bytes_of(key_), bytes_of(nonce)) == 1);
  CHECK(EVP_EncryptUpdate(cipher.get(), nullptr, &size, bytes_of(context), static_cast<int>(context.size())) == 1);
  CHECK(EVP_EncryptUpdate(cipher.get(), bytes_of(sealed), &size, bytes_of(text), static_cast<int>(text.size())) == 1);
  CHECK(EVP_EncryptFinal_ex(cipher.get(), bytes_of(sealed) + size, &size) == 1);
  CHECK(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, tag_size, tag.data()) == 1);
  return base::to_base64(nonce + tag + sealed);
}

std::optional<std::string> Sealer::open(std::string_view sealed, std::string_view context) const {
  const std::optional<std::string> bytes = base::from_base64(sealed);
  if (!bytes || bytes->size() < nonce_size + tag_size) return std::nullopt;
  const std::string_view nonce = std::string_view(*bytes).substr(0, nonce_size);
  std::string tag = bytes->substr(nonce_size, tag_size);
  const std::string_view body = std::string_view(*bytes).substr(nonce_size + tag_size);
  std::string text(body.size(), '\0');
  int size = 0;
  const CipherContext cipher(EVP_CIPHER_CTX_new());
  CHECK(cipher && EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, bytes_of(key_), bytes_of(nonce)) == 1);
  CHECK(EVP_DecryptUpdate(cipher.get(), nullptr, &size, bytes_of(context), static_cast<int>(context.size())) == 1);
  CHECK(EVP_DecryptUpdate(cipher.get(), bytes_of(text), &size, bytes_of(body), static_cast<int>(body.size())) == 1);
  CHECK(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, tag_size, tag.data()) == 1);
  if (EVP_DecryptFinal_ex(cipher.get(), bytes_of(text) + size, &size) != 1) return std::nullopt;
  return text;
}

struct Digester::Keyed {
  struct Free {
    void operator()(EVP_MAC* mac) const { EVP_MAC_free(mac); }
    void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
  };
  using Context = std::unique_ptr<EVP_MAC_CTX, Free>;

  explicit Keyed(const std::string& key)
      : mac(EVP_MAC_fetch(nullptr, "HMAC", nullptr)), context(EVP_MAC_CTX_new(mac.get())) {
    std::string algorithm = "SHA256";
    const std::array<OSSL_PARAM, 2> settings{OSSL_PARAM_construct_utf8_string("digest", algorithm.data(), 0),
                                             OSSL_PARAM_construct_end()};
    CHECK(mac && context && EVP_MAC_init(context.get(), bytes_of(key), key.size(), settings.data()) == 1);
  }

  std::unique_ptr<EVP_MAC, Free> mac;
  Context context;
};

Digester::Digester(const MasterKey& key, std::string_view purpose)
    : keyed_(std::make_shared<Keyed>(key.derived(std::string("tocsin digest ").append(purpose)))) {}

std::string Digester::digest(std::string_view text) const {
  // A copy of the keyed context: looking the algorithm up and keying it anew takes longer than the hash.
  const Keyed::Context context(EVP_MAC_CTX_dup(keyed_->context.get()));
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
  std::size_t size = 0;
  CHECK(context && EVP_MAC_update(context.get(), bytes_of(text), text.size()) == 1);
  CHECK(EVP_MAC_final(context.get(), hash.data(), &size, hash.size()) == 1);
  return base::to_hex({reinterpret_cast<const char*>(hash.data()), size});
}

namespace {

/// Random bytes drawn in advance, one store a thread: an id takes few bytes, and each draw has a price of its own.
/// What was handed out is wiped from the store.
class RandomStore {
 public:
  ~RandomStore() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }

  void take(unsigned char* out, std::size_t size) {
    if (size > bytes_.size()) return draw(out, size);
    if (size > left_) {
      draw(bytes_.data(), bytes_.size());
      left_ = bytes_.size();
    }
    unsigned char* from = bytes_.data() + bytes_.size() - left_;
    std::memcpy(out, from, size);
    OPENSSL_cleanse(from, size);
    left_ -= size;
  }

 private:
  static void draw(unsigned char* out, std::size_t size) { CHECK(RAND_bytes(out, static_cast<int>(size)) == 1); }

  std::array<unsigned char, 2048> bytes_{};
  std::size_t left_ = 0;
};

}  // namespace

base::RandomBytes system_random() {
  return [](unsigned char* out, std::size_t size) {
    static thread_local RandomStore store;
    store.take(out, size);
  };
}

std::string sha512_hex(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
  unsigned size = 0;
  CHECK(EVP_Digest(bytes.data(), bytes.size(), hash.data(), &size, EVP_sha512(), nullptr) == 1);
  return base::to_hex({reinterpret_cast<const char*>(hash.data()), size});
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string new_api_token(const base::RandomBytes& random) {
  std::array<unsigned char, 32> bytes{};
  random(bytes.data(), bytes.size());
  return base::to_hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

std::optional<std::string> api_token_digest(std::string_view token) {
  if (token.size() != 64) return std::nullopt;
  const std::optional<std::string> bytes = base::from_hex(token);
  if (!bytes) return std::nullopt;
  return sha512_hex(*bytes);
}

std::string new_integration_token(const base::RandomBytes& random) {
  return base::random_text(random, token_alphabet, 25);
}

}  // namespace tocsin::seal
