// The narrow face of a database connection, behind which SQLite (and PostgreSQL, later) stand. The room's queries
// are written once against it. A connection and its statements belong to one thread at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace tocsin::store {

/// A failure of the database itself. Thrown inside the room, caught at its doors.
struct DatabaseError : std::runtime_error {
  enum class Kind { busy, full, constraint, other };
  DatabaseError(Kind what_kind, const std::string& message) : std::runtime_error(message), kind(what_kind) {}
  Kind kind;
};

/// A prepared statement, kept by its connection. Parameters count from 1, columns from 0.
class Statement {
 public:
  virtual ~Statement() = default;
  virtual void bind(int parameter, std::int64_t number) = 0;
  virtual void bind(int parameter, double number) = 0;
  /// The text must stay until the statement is reset.
  virtual void bind(int parameter, std::string_view text) = 0;
  virtual void bind_null(int parameter) = 0;
  /// True when there is a row to read.
  virtual bool step() = 0;
  virtual void reset() = 0;
  /// Rows that the last run to the end changed.
  virtual std::int64_t changed_rows() const = 0;
  /// The column `id` of the row that the last run to the end inserted.
  virtual std::int64_t inserted_row() const = 0;

  virtual bool is_null(int column) const = 0;
  virtual std::int64_t integer(int column) const = 0;
  virtual double real(int column) const = 0;
  virtual std::string_view text(int column) const = 0;
};

class Connection {
 public:
  virtual ~Connection() = default;
  /// The statement of that text, prepared once and kept.
  virtual Statement& prepare(std::string_view sql) = 0;
  /// Runs statements that give no rows.
  virtual void execute(const std::string& script) = 0;
};

/// One run of a statement with its parameters: binds them in order, reads the rows, resets at the end of scope.
class Run {
 public:
  template <class... Parameters>
  Run(Connection& connection, std::string_view sql, const Parameters&... parameters)
      : statement_(connection.prepare(sql)) {
    (bind(parameters), ...);
  }
  ~Run() { statement_.reset(); }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  void bind(std::int64_t number) { statement_.bind(++bound_, number); }
  void bind(int number) { statement_.bind(++bound_, static_cast<std::int64_t>(number)); }
  void bind(bool truth) { statement_.bind(++bound_, static_cast<std::int64_t>(truth)); }
  void bind(double number) { statement_.bind(++bound_, number); }
  void bind(std::string_view text) { statement_.bind(++bound_, text); }
  void bind(const std::string& text) { statement_.bind(++bound_, std::string_view(text)); }
  void bind(const char* text) { statement_.bind(++bound_, std::string_view(text)); }
  template <class T>
  void bind(const std::optional<T>& maybe) {
    if (maybe) {
      bind(*maybe);
    } else {
      statement_.bind_null(++bound_);
    }
  }

  /// The next row, if there is one.
  bool next() {
    column_ = 0;
    return statement_.step();
  }
  /// Runs to the end.
  void all() {
    while (statement_.step()) {
    }
  }

  /// Runs to the end; the number of rows that it changed.
  std::int64_t change() {
    all();
    return statement_.changed_rows();
  }
  /// Runs an INSERT of one row to the end; its `id`.
  std::int64_t insert() {
    all();
    return statement_.inserted_row();
  }

  // The columns of the row, one after another.
  std::int64_t integer() { return statement_.integer(column_++); }
  bool truth() { return integer() != 0; }
  std::string text() { return std::string(statement_.text(column_++)); }
  std::optional<std::int64_t> maybe_integer() {
    const int column = column_++;
    return statement_.is_null(column) ? std::nullopt : std::optional(statement_.integer(column));
  }
  std::optional<double> maybe_real() {
    const int column = column_++;
    return statement_.is_null(column) ? std::nullopt : std::optional(statement_.real(column));
  }
  std::optional<std::string> maybe_text() {
    const int column = column_++;
    return statement_.is_null(column) ? std::nullopt : std::optional(std::string(statement_.text(column)));
  }

 private:
  Statement& statement_;
  int bound_ = 0;
  int column_ = 0;
};

}  // namespace tocsin::store
