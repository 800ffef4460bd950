// A long text that many hold and none changes: a copy of it copies a pointer.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace tocsin::base {

/// Never null: one that was given nothing is empty. Any thread.
class SharedText {
 public:
  SharedText() = default;
  // Implicit, so that it stands where a string stood.
  SharedText(std::string text) : text_(std::make_shared<const std::string>(std::move(text))) {}  // NOLINT
  SharedText(const char* text) : SharedText(std::string(text)) {}                                // NOLINT

  /// Stays as long as any copy does.
  std::string_view view() const { return text_ ? std::string_view(*text_) : std::string_view(); }
  operator std::string_view() const { return view(); }  // NOLINT

  friend bool operator==(const SharedText& a, std::string_view b) { return a.view() == b; }

 private:
  std::shared_ptr<const std::string> text_;
};

}  // namespace tocsin::base
