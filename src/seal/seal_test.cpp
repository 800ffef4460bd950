#include "seal/seal.hpp"

#include <doctest/doctest.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sys/stat.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/text.hpp"

using namespace tocsin;

namespace {

/// A folder that goes with the test.
class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "tocsin-seal-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

seal::MasterKey key_of(char c) {
  return seal::MasterKey::from_bytes(std::string(32, c));
}

}  // namespace

TEST_CASE("the master key is made once, privately, and read again") {
  const Folder folder;
  const std::string path = folder.file("master.key");
  CHECK(seal::MasterKey::load(path, seal::MasterKey::Absent::refuse).error().kind == base::ErrorKind::not_found);

  const auto made = seal::MasterKey::load(path, seal::MasterKey::Absent::create);
  REQUIRE(made.ok());
  struct stat facts {};
  REQUIRE(::stat(path.c_str(), &facts) == 0);
  CHECK((facts.st_mode & 0777) == 0600);
  CHECK(facts.st_size == 32);

  const auto again = seal::MasterKey::load(path, seal::MasterKey::Absent::create);
  REQUIRE(again.ok());
  CHECK(again->fingerprint() == made->fingerprint());
  CHECK(made->fingerprint().size() == 8);
}

TEST_CASE("a key of the wrong size or open to others is refused by name") {
  const Folder folder;
  const std::string path = folder.file("master.key");
  std::ofstream(path) << "short";
  ::chmod(path.c_str(), 0600);
  CHECK(seal::MasterKey::load(path, seal::MasterKey::Absent::create).error().kind == base::ErrorKind::invalid);
  std::ofstream(path) << std::string(32, 'k');
  ::chmod(path.c_str(), 0644);
  const auto open_to_others = seal::MasterKey::load(path, seal::MasterKey::Absent::create);
  CHECK(open_to_others.error().kind == base::ErrorKind::invalid);
  CHECK(open_to_others.error().message.find(path) != std::string::npos);
}

TEST_CASE("what is sealed opens with the same key, purpose and context only") {
  const seal::Sealer sealer(key_of('a'), "tokens");
  const std::string sealed = sealer.seal("the secret", "C1");
  CHECK(sealed.find("the secret") == std::string::npos);
  CHECK(sealer.seal("the secret", "C1") != sealed);
  CHECK(sealer.open(sealed, "C1") == "the secret");
  CHECK_FALSE(sealer.open(sealed, "C2"));
  CHECK_FALSE(seal::Sealer(key_of('b'), "tokens").open(sealed, "C1"));
  CHECK_FALSE(seal::Sealer(key_of('a'), "other").open(sealed, "C1"));
  CHECK_FALSE(sealer.open(sealed.substr(4), "C1"));
  CHECK_FALSE(sealer.open("!", "C1"));
  CHECK(sealer.open(sealer.seal("", ""), "") == "");
}

TEST_CASE("a sealed text that was altered anywhere does not open") {
  const seal::Sealer sealer(key_of('a'), "tokens");
  const std::string bytes = *base::from_base64(sealer.seal("the secret", "C1"));
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string altered = bytes;
    altered[at] = static_cast<char>(altered[at] ^ 1);
    CHECK_FALSE(sealer.open(base::to_base64(altered), "C1"));
  }
}

TEST_CASE("of many who make the key at once, all get the same one, and no draft is left") {
  const Folder folder;
  const std::string path = folder.file("master.key");
  std::vector<std::string> prints(8);
  {
    std::vector<std::jthread> makers;
    for (std::string& print : prints) {
      makers.emplace_back(
          [&print, &path] { print = seal::MasterKey::load(path, seal::MasterKey::Absent::create)->fingerprint(); });
    }
  }
  for (const std::string& print : prints) CHECK(print == prints[0]);
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder.file(""))) files += entry.exists();
  CHECK(files == 1);
}

TEST_CASE("a digest is HMAC-SHA256 under the derived key") {
  const seal::MasterKey key = key_of('a');
  const std::string derived = key.derived("tocsin digest tokens");
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
  unsigned size = 0;
  const std::string text = "a token";
  REQUIRE(HMAC(EVP_sha256(), derived.data(), static_cast<int>(derived.size()),
               reinterpret_cast<const unsigned char*>(text.data()), text.size(), hash.data(), &size) != nullptr);
  CHECK(seal::Digester(key, "tokens").digest(text) == base::to_hex({reinterpret_cast<const char*>(hash.data()), size}));
}

TEST_CASE("random bytes are never handed out twice, on any thread, whatever the amounts") {
  std::mutex mutex;
  std::set<std::string> seen;
  const auto draw = [&] {
    const base::RandomBytes random = seal::system_random();
    for (const std::size_t size : {16u, 2048u, 40u, 5000u, 16u, 2040u, 16u}) {
      for (int i = 0; i < 50; ++i) {
        std::string bytes(size, '\0');
        random(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size());
        const std::lock_guard guard(mutex);
        CHECK(seen.insert(bytes.substr(0, 16)).second);
        CHECK(seen.count(std::string(16, '\0')) == 0);
      }
    }
  };
  std::jthread first(draw);
  std::jthread second(draw);
}

TEST_CASE("digests depend on key and purpose; SHA-512 agrees with FIPS 180-4's example") {
  const seal::Digester digester(key_of('a'), "tokens");
  CHECK(digester.digest("x") == digester.digest("x"));
  CHECK(digester.digest("x") != digester.digest("y"));
  CHECK(digester.digest("x") != seal::Digester(key_of('a'), "other").digest("x"));
  CHECK(seal::sha512_hex("abc") ==
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
        "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
}

TEST_CASE("tokens have OnCall's shapes") {
  const base::RandomBytes random = seal::system_random();
  const std::string token = seal::new_api_token(random);
  CHECK(token.size() == 64);
  CHECK(token.find_first_not_of("0123456789abcdef") == std::string::npos);
  // SHA-512 of the 32 decoded bytes, not of the text.
  CHECK(seal::api_token_digest(std::string(64, '0')) == seal::sha512_hex(std::string(32, '\0')));
  CHECK_FALSE(seal::api_token_digest("abc"));
  CHECK_FALSE(seal::api_token_digest(std::string(64, 'g')));

  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const std::string integration_token = seal::new_integration_token(random);
    CHECK(integration_token.size() == 25);
    seen.insert(integration_token);
  }
  CHECK(seen.size() == 100);
}

TEST_CASE("comparison in constant time") {
  CHECK(seal::equal_in_constant_time("abc", "abc"));
  CHECK_FALSE(seal::equal_in_constant_time("abc", "abd"));
  CHECK_FALSE(seal::equal_in_constant_time("abc", "ab"));
  CHECK(seal::equal_in_constant_time("", ""));
}
