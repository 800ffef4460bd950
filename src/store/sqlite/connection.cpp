#include "store/sqlite/connection.hpp"

#include <sqlite3.h>

#include <functional>
#include <unordered_map>

#include "base/check.hpp"

namespace tocsin::store::sqlite {
namespace {

constexpr int busy_milliseconds = 5000;

DatabaseError::Kind kind_of(int code) {
  switch (code & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return DatabaseError::Kind::busy;
    case SQLITE_FULL: return DatabaseError::Kind::full;
    case SQLITE_CONSTRAINT: return DatabaseError::Kind::constraint;
    default: return DatabaseError::Kind::other;
  }
}

[[noreturn]] void fail(sqlite3* database, int code) {
  throw DatabaseError(kind_of(code), std::string("SQLite: ") + sqlite3_errmsg(database));
}

class SqliteStatement final : public Statement {
 public:
  SqliteStatement(sqlite3* database, std::string_view sql) : database_(database) {
    const int code = sqlite3_prepare_v3(database, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                        &statement_, nullptr);
    if (code != SQLITE_OK) fail(database, code);
  }
  ~SqliteStatement() override { sqlite3_finalize(statement_); }
  SqliteStatement(const SqliteStatement&) = delete;
  SqliteStatement& operator=(const SqliteStatement&) = delete;

  void bind(int parameter, std::int64_t number) override { check(sqlite3_bind_int64(statement_, parameter, number)); }
  void bind(int parameter, double number) override { check(sqlite3_bind_double(statement_, parameter, number)); }
  void bind(int parameter, std::string_view text) override {
    const char* bytes = text.data() == nullptr ? "" : text.data();
    check(sqlite3_bind_text64(statement_, parameter, bytes, text.size(), SQLITE_STATIC, SQLITE_UTF8));
  }
  void bind_null(int parameter) override { check(sqlite3_bind_null(statement_, parameter)); }

  bool step() override {
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    fail(database_, code);
  }
  void reset() override {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
  }

  std::int64_t changed_rows() const override { return sqlite3_changes64(database_); }
  std::int64_t inserted_row() const override { return sqlite3_last_insert_rowid(database_); }

  bool is_null(int column) const override { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
  std::int64_t integer(int column) const override { return sqlite3_column_int64(statement_, column); }
  double real(int column) const override { return sqlite3_column_double(statement_, column); }
  std::string_view text(int column) const override {
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    if (bytes == nullptr) return {};
    return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
  }

 private:
  void check(int code) const {
    if (code != SQLITE_OK) fail(database_, code);
  }

  sqlite3* database_;
  sqlite3_stmt* statement_ = nullptr;
};

/// Lets a statement be looked up without a copy of its text.
struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};

class SqliteConnection final : public Connection {
 public:
  explicit SqliteConnection(sqlite3* database) : database_(database) {}
  ~SqliteConnection() override {
    statements_.clear();
    sqlite3_close(database_);
  }
  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;

  Statement& prepare(std::string_view sql) override {
    const auto known = statements_.find(sql);
    if (known != statements_.end()) return *known->second;
    auto made = std::make_unique<SqliteStatement>(database_, sql);
    return *statements_.emplace(std::string(sql), std::move(made)).first->second;
  }

  void execute(const std::string& script) override {
    const int code = sqlite3_exec(database_, script.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) fail(database_, code);
  }

 private:
  sqlite3* database_;
  std::unordered_map<std::string, std::unique_ptr<SqliteStatement>, TextHash, std::equal_to<>> statements_;
};

int flags_of(Access access) {
  constexpr int common = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  switch (access) {
    case Access::read_only: return common | SQLITE_OPEN_READONLY;
    case Access::read_write: return common | SQLITE_OPEN_READWRITE;
    case Access::create: return common | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  }
  return common;
}

base::Error open_error(sqlite3* database, int code, const std::string& path) {
  const std::string why = database == nullptr ? "out of memory" : sqlite3_errmsg(database);
  const bool foreign = (code & 0xFF) == SQLITE_NOTADB || (code & 0xFF) == SQLITE_CORRUPT;
  return {foreign ? base::ErrorKind::invalid : base::ErrorKind::unavailable,
          "the database " + path + (foreign ? " is not one of tocsin's: " : " can't be opened: ") + why, path};
}

}  // namespace

base::Result<std::unique_ptr<Connection>> open_connection(const std::string& path, Access access) {
  // Counting every allocation takes a lock each time and nobody reads the counts. Only heeded before the first use.
  static const int uncounted = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  static_cast<void>(uncounted);
  sqlite3* database = nullptr;
  int code = sqlite3_open_v2(path.c_str(), &database, flags_of(access), nullptr);
  if (code == SQLITE_OK) code = sqlite3_busy_timeout(database, busy_milliseconds);
  if (code == SQLITE_OK) {
    const char* settings =
        access == Access::read_only
            ? "PRAGMA query_only=ON; PRAGMA cache_size=-4096; SELECT count(*) FROM sqlite_schema;"
            : "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-16384;"
              "PRAGMA temp_store=MEMORY; PRAGMA wal_autocheckpoint=4000; PRAGMA journal_size_limit=67108864;";
    code = sqlite3_exec(database, settings, nullptr, nullptr, nullptr);
  }
  if (code != SQLITE_OK) {
    base::Error error = open_error(database, code, path);
    sqlite3_close(database);
    return error;
  }
  return std::unique_ptr<Connection>(std::make_unique<SqliteConnection>(database));
}

}  // namespace tocsin::store::sqlite
