// Inside the room: the record of how a Reading was found, as JSON (docs/trace.md).
#pragma once

#include <string>
#include <string_view>

#include "interpret/settings.hpp"

namespace tocsin::interpret {

class Trace {
 public:
  void rendered(std::string_view step, const CompiledText& text, std::string_view value);
  void failed(std::string_view step, const CompiledText& text, const jinja::Error& error);
  void fallback(std::string_view step, std::string_view value, std::string_view why);
  void note(std::string_view step, std::string_view what);
  void route(const model::Route& route, bool matched);

  /// The whole as a JSON object.
  std::string finish();
  /// Plain words of the first template that failed; empty: none did.
  const std::string& first_error() const { return first_error_; }

 private:
  void begin(std::string_view step);
  void member(std::string_view name, std::string_view text);
  void describe(const CompiledText& text);

  std::string steps_;
  std::string routes_;
  std::string first_error_;
};

}  // namespace tocsin::interpret
