// Read connections, borrowed by whoever reads; they never wait for the writer.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "store/connection.hpp"
#include "store/reader.hpp"

namespace tocsin::store::sqlite {

class ReadPool {
 public:
  explicit ReadPool(std::string path) : path_(std::move(path)) {}

  /// Runs the query on one snapshot. Throws DatabaseError.
  void read(const std::function<void(const Reader&)>& query);

 private:
  static constexpr std::size_t most = 8;

  std::unique_ptr<Connection> borrow();
  void give_back(std::unique_ptr<Connection> connection);

  const std::string path_;
  std::mutex mutex_;
  std::condition_variable freed_;
  std::vector<std::unique_ptr<Connection>> idle_;
  std::size_t opened_ = 0;
};

}  // namespace tocsin::store::sqlite
