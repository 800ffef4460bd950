// The folder that holds the database: made with narrow rights, used by one server at a time.
#pragma once

#include <string>
#include <utility>

#include "base/result.hpp"
#include "store/ledger.hpp"

namespace tocsin::store::sqlite {

/// A file descriptor; closed (and its lock given up) at the end.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  int number() const { return number_; }

 private:
  int number_;
};

/// Makes the folder (0700) when it may be made. Errors: not_found, unavailable.
base::Status make_directory(const LedgerOptions& options);

/// The lock that a server holds as long as it runs; nothing for those beside it. Errors: unavailable (another server).
base::Result<Descriptor> lock_for_server(const LedgerOptions& options);

/// The path of the database. When it may be made it is, with narrow rights: its side files take the same.
std::string prepare_database(const LedgerOptions& options);

}  // namespace tocsin::store::sqlite
