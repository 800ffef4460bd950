#include "store/sqlite/read_pool.hpp"

#include "store/sqlite/connection.hpp"

namespace tocsin::store::sqlite {

void ReadPool::read(const std::function<void(const Reader&)>& query) {
  std::unique_ptr<Connection> connection = borrow();
  try {
    connection->execute("BEGIN");
    query(Reader(*connection));
    connection->execute("COMMIT");
  } catch (...) {
    // A connection that failed is not trusted again.
    connection.reset();
    give_back(nullptr);
    throw;
  }
  give_back(std::move(connection));
}

std::unique_ptr<Connection> ReadPool::borrow() {
  {
    std::unique_lock lock(mutex_);
    freed_.wait(lock, [this] { return !idle_.empty() || opened_ < most; });
    if (!idle_.empty()) {
      std::unique_ptr<Connection> connection = std::move(idle_.back());
      idle_.pop_back();
      return connection;
    }
    ++opened_;
  }
  auto opened = open_connection(path_, Access::read_only);
  if (opened) return std::move(*opened);
  give_back(nullptr);
  throw DatabaseError(DatabaseError::Kind::other, opened.error().message);
}

void ReadPool::give_back(std::unique_ptr<Connection> connection) {
  {
    const std::lock_guard lock(mutex_);
    if (connection) {
      idle_.push_back(std::move(connection));
    } else {
      --opened_;
    }
  }
  freed_.notify_one();
}

}  // namespace tocsin::store::sqlite
