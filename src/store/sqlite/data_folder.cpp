#include "store/sqlite/data_folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace tocsin::store::sqlite {

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

base::Status make_directory(const LedgerOptions& options) {
  std::error_code error;
  if (std::filesystem::is_directory(options.directory, error)) return {};
  if (options.open == LedgerOptions::Open::existing_only) {
    return base::Error{base::ErrorKind::not_found, "there is no data folder " + options.directory, options.directory};
  }
  std::filesystem::create_directories(options.directory, error);
  if (error || ::chmod(options.directory.c_str(), 0700) != 0) {
    return base::Error{base::ErrorKind::unavailable,
                       "the data folder " + options.directory + " can't be made: " + error.message(),
                       options.directory};
  }
  return {};
}

base::Result<Descriptor> lock_for_server(const LedgerOptions& options) {
  if (options.role != LedgerOptions::Role::server) return Descriptor();
  const std::string path = options.directory + "/tocsin.lock";
  Descriptor file(::open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600));
  if (file.number() < 0) {
    return base::Error{base::ErrorKind::unavailable, "can't write " + path + ": " + std::strerror(errno), path};
  }
  if (::flock(file.number(), LOCK_EX | LOCK_NB) != 0) {
    return base::Error{base::ErrorKind::unavailable, "another tocsin server uses the data folder " + options.directory,
                       options.directory};
  }
  return file;
}

std::string prepare_database(const LedgerOptions& options) {
  std::string path = options.directory + "/tocsin.db";
  if (options.open == LedgerOptions::Open::create) {
    const Descriptor made(::open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600));
  }
  return path;
}

}  // namespace tocsin::store::sqlite
