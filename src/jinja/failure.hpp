// How the engine stops inside: a Failure is thrown and caught at the doors (Template::compile, Renderer::render),
// where it becomes an Error with line and column.
#pragma once

#include <cstdint>
#include <string>

#include "jinja/template.hpp"

namespace tocsin::jinja {

/// No place in the source is known.
inline constexpr std::uint32_t no_place = ~std::uint32_t{0};

/// A failure on its way to the door.
struct Failure {
  ErrorKind kind;
  std::string message;
  std::uint32_t at = no_place;  ///< byte offset in the normalised source
  std::string hint = {};
};

/// Line and column of a byte offset; nothing for no_place.
void set_place(Error& error, std::string_view source, std::uint32_t at);

[[noreturn]] void fail(ErrorKind kind, std::string message);
[[noreturn]] inline void type_error(std::string message) {
  fail(ErrorKind::type, std::move(message));
}
[[noreturn]] inline void value_error(std::string message) {
  fail(ErrorKind::value, std::move(message));
}

}  // namespace tocsin::jinja
