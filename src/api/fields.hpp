// The fields of a request body, read with OnCall's coercions and error words (spec: api.md 1.7, 1.8). Every mistake
// is collected; the endpoint asks `refused()` once it has read all.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/call.hpp"

namespace tocsin::api {

/// Python's name of a value's type (`str`, `list` …), as OnCall's messages spell it.
std::string_view type_name(value::Value value);

enum class Presence { required, optional };
enum class Blank { refused, allowed };
enum class Null { refused, allowed };

struct TextRule {
  Presence presence = Presence::optional;
  Blank blank = Blank::refused;
  Null null = Null::refused;
  std::size_t longest = 0;  ///< code points; 0: no limit
};

/// A field that was given: a value, or null.
template <class T>
struct Given {
  std::optional<T> value;
};

class Fields {
 public:
  /// The body of the call; a body that is not an object is a mistake of its own.
  explicit Fields(const Call& call);
  /// A nested object; its mistakes are told under `name` (empty: as the outer one's own).
  Fields(value::Value object, std::string name);

  bool has(std::string_view name) const;
  const value::Value* find(std::string_view name) const;

  /// Absent: nothing. Trimmed. Numbers become text.
  std::optional<Given<std::string>> text(std::string_view name, const TextRule& rule);
  std::optional<Given<std::int64_t>> integer(std::string_view name, std::int64_t least, std::int64_t most, Null null);
  std::optional<Given<double>> number(std::string_view name, double least, Null null);
  std::optional<Given<bool>> boolean(std::string_view name, Null null);
  /// A reference to another object: `""` is null.
  std::optional<Given<std::string>> reference(std::string_view name);

  /// Adds a mistake to a field (`non_field_errors` for the whole).
  void mistake(std::string_view field, std::string message);
  void merge(Fields&& nested);
  bool ok() const { return mistakes_.empty(); }
  /// 400 with every mistake; only when not ok().
  wire::Response refused() const;

 private:
  /// A mistake, and the names that lead to its field.
  struct Mistake {
    std::vector<std::string> path;
    std::string message;
  };
  /// The member, if it is there and not null; else what is to be said of that has been said in `null_given`.
  const value::Value* present(std::string_view name, Null null, bool& null_given);

  value::Value object_;
  std::string name_;
  std::vector<Mistake> mistakes_;
};

}  // namespace tocsin::api
