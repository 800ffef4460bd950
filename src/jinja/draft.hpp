// Text that is being made. It is written behind the output, where there is room from earlier renderings, and taken
// back when the draft ends: drafts nest as their scopes do.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tocsin::jinja {

class Evaluation;

/// Lives on the stack of a filter; only the innermost is written to.
class Draft {
 public:
  explicit Draft(Evaluation& evaluation);
  ~Draft() { text_.resize(start_); }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;

  /// To append to; what is in it already is not the draft's.
  std::string& text() { return text_; }
  /// What was appended. Ends with the draft, so that a value needs a copy.
  std::string_view made() const { return std::string_view(text_).substr(start_); }

 private:
  std::string& text_;
  std::size_t start_;
};

}  // namespace tocsin::jinja
