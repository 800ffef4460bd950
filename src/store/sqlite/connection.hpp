// A SQLite connection behind the room's face. The only place, with connection.cpp, that knows sqlite3.
#pragma once

#include <memory>
#include <string>

#include "base/result.hpp"
#include "store/connection.hpp"

namespace tocsin::store::sqlite {

enum class Access { read_only, read_write, create };

/// Opens the file with the room's settings: WAL, synchronous=FULL, foreign keys, a busy time-out.
/// Errors: invalid (not a database), not_found, unavailable.
base::Result<std::unique_ptr<Connection>> open_connection(const std::string& path, Access access);

}  // namespace tocsin::store::sqlite
