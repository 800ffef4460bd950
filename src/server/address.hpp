// Where a server is reached: for links, and for commands beside it. A running server keeps both in a file of its data
// folder, so that commands find one that was told its address by flags of its own. It holds the file locked (flock(2)):
// what a fallen server left behind is locked by nobody and counts for nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "base/result.hpp"
#include "server/settings.hpp"

namespace tocsin::server {

/// A server's two URLs, without a slash at the end.
struct Address {
  std::string links;  ///< what links begin with: the public URL, else that of the listen address
  std::string local;  ///< how a process on this machine reaches it
};

/// Of a server with these settings that listens on `port`.
Address address_of(const Settings& settings, std::uint16_t port);

/// A running server's address in its data folder (`server.url`), there as long as this object is.
class AddressFile {
 public:
  static base::Result<AddressFile> write(const Settings& settings, const Address& address);
  AddressFile(AddressFile&& other) noexcept;
  AddressFile& operator=(AddressFile&& other) = delete;
  ~AddressFile();

 private:
  AddressFile(std::string path, int file) : path_(std::move(path)), file_(file) {}

  std::string path_;
  int file_;  ///< -1: moved from
};

/// What the running server of the data folder wrote; nothing when none runs.
std::optional<Address> written_address(const Settings& settings);

/// What the running server wrote, else what the settings say. A public URL in the settings goes before what it wrote.
std::string base_url(const Settings& settings);
std::string local_url(const Settings& settings);

/// The link that a one-time secret makes, below `links`.
std::string sign_in_link(const std::string& links, const std::string& secret);

}  // namespace tocsin::server
