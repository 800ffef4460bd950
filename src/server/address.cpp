#include "server/address.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <fstream>

#include "server/measure.hpp"

namespace tocsin::server {
namespace {

std::string path_of(const Settings& settings) {
  return settings.data + "/server.url";
}

/// The machine's name, for links to a server that listens on every address.
std::string host_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) == 0 && name[0] != '\0') return name.data();
  return "localhost";
}

std::string in_url(const std::string& address) {
  return address.find(':') == std::string::npos ? address : "[" + address + "]";
}

/// The two lines of the file; nothing when no server runs, or an earlier one fell.
std::optional<Address> written_address(const Settings& settings) {
  std::ifstream file(path_of(settings));
  std::string links;
  std::string local;
  if (!std::getline(file, links) || !std::getline(file, local)) return std::nullopt;
  if (!read_public_url(links) || !read_public_url(local)) return std::nullopt;
  return Address{links, local};
}

}  // namespace

Address address_of(const Settings& settings, std::uint16_t port) {
  const std::string scheme = settings.tls_certificate.empty() ? "http" : "https";
  const std::string& listen = settings.listen.address;
  const bool is_any = listen == "0.0.0.0" || listen == "::";
  const std::string near = listen == "0.0.0.0" ? "127.0.0.1" : listen == "::" ? "::1" : listen;
  Address address;
  address.local = fmt::format("{}://{}:{}", scheme, in_url(near), port);
  address.links = is_any ? fmt::format("{}://{}:{}", scheme, host_name(), port) : address.local;
  if (!settings.public_url.empty()) address.links = settings.public_url;
  return address;
}

base::Status write_address(const Settings& settings, const Address& address) {
  std::ofstream file(path_of(settings), std::ios::trunc);
  file << address.links << '\n' << address.local << '\n';
  if (file.flush()) return {};
  return base::Error{base::ErrorKind::unavailable, path_of(settings) + " can't be written"};
}

void forget_address(const Settings& settings) {
  std::remove(path_of(settings).c_str());
}

std::string base_url(const Settings& settings) {
  if (!settings.public_url.empty()) return settings.public_url;
  return written_address(settings).value_or(address_of(settings, settings.listen.port)).links;
}

std::string local_url(const Settings& settings) {
  return written_address(settings).value_or(address_of(settings, settings.listen.port)).local;
}

}  // namespace tocsin::server
