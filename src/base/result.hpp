// What a function that may fail in an expected way returns: a value or an Error.
// Expected failures only (bad input, refused, conflict); a bug is a CHECK, exhaustion is an exception.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/check.hpp"

namespace tocsin::base {

/// The kinds of expected failure. `api` maps them to HTTP status, `engine` to retry or fail.
enum class ErrorKind {
  invalid,          ///< the input is wrong; `where` says which part
  unauthenticated,  ///< nobody, or nobody we know
  forbidden,        ///< known, but not allowed
  not_found,
  conflict,     ///< the state does not allow it now
  too_large,    ///< over a size limit
  too_many,     ///< over a rate limit
  unsupported,  ///< a form that we do not speak
  unavailable,  ///< try again later (full queue, database busy, disk full)
  internal,     ///< ours; the log knows more
};

/// One mistake and its place: a field name, a path, or `line 3, column 7`.
struct Mistake {
  std::string where;
  std::string message;
};

/// An expected failure. `also` holds the further mistakes when one input has several.
struct Error {  // NOLINT(clang-analyzer-core.uninitialized.Assign): the analyzer loses what a variant holds
  ErrorKind kind = ErrorKind::internal;
  std::string message;
  std::string where = {};
  std::vector<Mistake> also = {};
};

/// A value of T, or an Error. `[[nodiscard]]`, so that no failure is dropped by accident.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : content_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit by design
  Result(Error error) : content_(std::in_place_index<1>, std::move(error)) {}  // NOLINT

  bool ok() const { return content_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& value() & {
    CHECK(ok());
    return std::get<0>(content_);
  }
  const T& value() const& {
    CHECK(ok());
    return std::get<0>(content_);
  }
  T&& value() && {
    CHECK(ok());
    return std::get<0>(std::move(content_));
  }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  const Error& error() const& {
    CHECK(!ok());
    return std::get<1>(content_);
  }
  Error&& error() && {
    CHECK(!ok());
    return std::get<1>(std::move(content_));
  }

 private:
  std::variant<T, Error> content_;
};

/// The result of something that returns nothing when it succeeds.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT: implicit by design

  bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }
  const Error& error() const& {
    CHECK(!ok());
    return *error_;
  }
  Error&& error() && {
    CHECK(!ok());
    return std::move(*error_);
  }

 private:
  std::optional<Error> error_;
};

using Status = Result<void>;

}  // namespace tocsin::base
