#include "server/input.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <istream>
#include <iterator>

namespace tocsin::server {

base::Result<std::string> read_input(Invocation& invocation, const std::string& path) {
  if (path == "-") return std::string{std::istreambuf_iterator<char>(invocation.in), {}};
  std::ifstream file(path, std::ios::binary);
  errno = 0;
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (file.is_open() && !file.bad()) return text;
  return base::Error{base::ErrorKind::not_found,
                     fmt::format("{} can't be read: {}", path, errno == 0 ? "no such file" : std::strerror(errno))};
}

}  // namespace tocsin::server
