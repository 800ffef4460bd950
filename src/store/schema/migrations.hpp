// The schema's history: numbered steps, forward only, in SQL that SQLite 3.40 and PostgreSQL 13 take but for the
// words that `dialect` replaces. A step that has been released is never edited.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "store/connection.hpp"

namespace tocsin::store {

struct Migration {
  int number;
  std::string_view name;
  std::string_view sql;
};
std::span<const Migration> migrations();

/// Brings the database to the newest step, each in a transaction of its own.
/// Errors: invalid when the database is of a newer binary, or a step differs from what was applied.
base::Status migrate(Connection& connection, std::int64_t now_micros);

}  // namespace tocsin::store
