// The condition of a list: pieces joined by AND, with their parameters.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "store/connection.hpp"

namespace tocsin::store {

class Where {
 public:
  template <class... Parameters>
  void add(std::string_view condition, const Parameters&... parameters) {
    text_.append(text_.empty() ? " WHERE " : " AND ").append(condition);
    (parameters_.emplace_back(parameters), ...);
  }

  /// ` WHERE …`, or nothing.
  const std::string& text() const { return text_; }

  void bind(Run& run) const {
    for (const auto& parameter : parameters_) {
      std::visit([&](const auto& content) { run.bind(content); }, parameter);
    }
  }

 private:
  std::string text_;
  std::vector<std::variant<std::int64_t, std::string>> parameters_;
};

/// A LIKE pattern (with `\` as its escape) for texts that contain this one.
inline std::string containing(std::string_view text) {
  std::string pattern = "%";
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern + "%";
}

}  // namespace tocsin::store
