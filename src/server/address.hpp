// Where a server is reached: for links, and for commands beside it. A running server writes both into its data folder,
// so that commands find one that was told its address by flags of its own.
#pragma once

#include <cstdint>
#include <string>

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

/// Writes it into the data folder; `forget_address` takes it away.
base::Status write_address(const Settings& settings, const Address& address);
void forget_address(const Settings& settings);

/// What the running server wrote, else what the settings say. A public URL in the settings goes before what it wrote.
std::string base_url(const Settings& settings);
std::string local_url(const Settings& settings);

}  // namespace tocsin::server
