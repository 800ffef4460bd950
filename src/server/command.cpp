#include "server/command.hpp"

#include <fmt/format.h>

#include <ostream>

#include "base/text.hpp"

namespace tocsin::server {
namespace {

std::string_view name_of(base::ErrorKind kind) {
  switch (kind) {
    case base::ErrorKind::invalid: return "invalid";
    case base::ErrorKind::unauthenticated: return "unauthenticated";
    case base::ErrorKind::forbidden: return "forbidden";
    case base::ErrorKind::not_found: return "not_found";
    case base::ErrorKind::conflict: return "conflict";
    case base::ErrorKind::too_large: return "too_large";
    case base::ErrorKind::too_many: return "too_many";
    case base::ErrorKind::unsupported: return "unsupported";
    case base::ErrorKind::unavailable: return "unavailable";
    case base::ErrorKind::internal: return "internal";
  }
  return "internal";
}

std::string in_words(const std::string& where, const std::string& message) {
  // Many messages name the place themselves.
  if (where.empty() || message.find(where) != std::string::npos) return message;
  return where + ": " + message;
}

}  // namespace

std::optional<std::string> Arguments::maybe(std::string_view name) const {
  const auto found = given_.find(name);
  if (found == given_.end()) return std::nullopt;
  return found->second.back();
}

std::vector<std::string> Arguments::all(std::string_view name) const {
  const auto found = given_.find(name);
  return found == given_.end() ? std::vector<std::string>() : found->second;
}

Exit fail(Invocation& invocation, const base::Error& error, Exit exit) {
  const auto tell = [&](const std::string& where, const std::string& message) {
    if (invocation.wants_json()) {
      invocation.err << fmt::format("{{\"error\":{{\"kind\":\"{}\",\"message\":{}}}}}\n", name_of(error.kind),
                                    base::json_quoted(in_words(where, message)));
    } else {
      invocation.err << "tocsin: " << in_words(where, message) << '\n';
    }
  };
  tell(error.where, error.message);
  for (const base::Mistake& mistake : error.also) tell(mistake.where, mistake.message);
  return exit;
}

Exit misuse(Invocation& invocation, const base::Error& error) {
  return fail(invocation, error, Exit::usage);
}

}  // namespace tocsin::server
