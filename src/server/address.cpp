#include "server/address.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
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

base::Error unwritten(const std::string& path) {
  return {base::ErrorKind::unavailable, fmt::format("{} can't be written: {}", path, std::strerror(errno))};
}

/// Whether a running server holds the file.
bool is_held(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  const bool held = ::flock(file, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  ::close(file);
  return held;
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

base::Result<AddressFile> AddressFile::write(const Settings& settings, const Address& address) {
  const std::string path = path_of(settings);
  AddressFile made(path, ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  // Waits for a command that is just looking whether somebody holds it.
  if (made.file_ < 0 || ::flock(made.file_, LOCK_EX) != 0 || ::ftruncate(made.file_, 0) != 0) return unwritten(path);
  const std::string text = address.links + '\n' + address.local + '\n';
  if (::write(made.file_, text.data(), text.size()) != static_cast<ssize_t>(text.size())) return unwritten(path);
  return made;
}

AddressFile::AddressFile(AddressFile&& other) noexcept
    : path_(std::move(other.path_)), file_(std::exchange(other.file_, -1)) {}

AddressFile::~AddressFile() {
  if (file_ < 0) return;
  ::unlink(path_.c_str());
  ::close(file_);
}

std::optional<Address> written_address(const Settings& settings) {
  if (!is_held(path_of(settings))) return std::nullopt;
  std::ifstream file(path_of(settings));
  std::string links;
  std::string local;
  if (!std::getline(file, links) || !std::getline(file, local)) return std::nullopt;
  if (!read_public_url(links) || !read_public_url(local)) return std::nullopt;
  return Address{links, local};
}

std::string base_url(const Settings& settings) {
  if (!settings.public_url.empty()) return settings.public_url;
  return written_address(settings).value_or(address_of(settings, settings.listen.port)).links;
}

std::string local_url(const Settings& settings) {
  return written_address(settings).value_or(address_of(settings, settings.listen.port)).local;
}

std::string sign_in_link(const std::string& links, const std::string& secret) {
  return links + "/sign-in/" + secret;
}

}  // namespace tocsin::server
