#include "api/router.hpp"

#include <optional>

namespace tocsin::api {
namespace {

constexpr std::string_view placeholder = "{id}";

/// Takes the next segment off the front.
std::string_view take_segment(std::string_view& path) {
  const std::size_t slash = path.find('/');
  const std::string_view segment = path.substr(0, slash);
  path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
  return segment;
}

/// How well a path fits a pattern: the number of literal segments, and the id.
struct Fit {
  int literals = 0;
  std::string_view id;
};

std::optional<Fit> fit_of(std::string_view pattern, std::string_view path) {
  Fit fit;
  if (path.ends_with('/')) return std::nullopt;
  while (!pattern.empty() && !path.empty()) {
    const std::string_view wanted = take_segment(pattern);
    const std::string_view given = take_segment(path);
    if (wanted == given) {
      ++fit.literals;
    } else if (wanted == placeholder && !given.empty() && given.find('.') == std::string_view::npos) {
      fit.id = given;
    } else {
      return std::nullopt;
    }
  }
  return pattern.empty() && path.empty() ? std::optional(fit) : std::nullopt;
}

}  // namespace

Match Router::find(std::string_view method, std::string_view path) const {
  Match match;
  int literals = -1;
  for (const Endpoint& each : endpoints_) {
    const std::optional<Fit> fit = fit_of(each.pattern, path);
    if (!fit || fit->literals < literals) continue;
    if (fit->literals > literals) match = Match{nullptr, std::string(fit->id), ""};
    literals = fit->literals;
    if (!match.allowed.empty()) match.allowed += ", ";
    match.allowed.append(each.method);
    if (each.method == "GET") match.allowed += ", HEAD";
    if (each.method == (method == "HEAD" ? "GET" : method)) match.endpoint = &each;
  }
  if (!match.allowed.empty()) match.allowed += ", OPTIONS";
  return match;
}

}  // namespace tocsin::api
