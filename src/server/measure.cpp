#include "server/measure.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include "base/text.hpp"

namespace tocsin::server {
namespace {

base::Error invalid(std::string message) {
  return {base::ErrorKind::invalid, std::move(message)};
}

template <class Number>
std::optional<Number> number_of(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// A number and the word behind it.
struct Measure {
  std::uint64_t number = 0;
  std::string_view unit;
};

std::optional<Measure> measure_of(std::string_view text) {
  const std::size_t digits = text.find_first_not_of("0123456789");
  const auto number = number_of<std::uint64_t>(text.substr(0, digits));
  if (!number) return std::nullopt;
  return Measure{*number, digits == std::string_view::npos ? std::string_view() : text.substr(digits)};
}

bool is_address(const std::string& text) {
  std::array<unsigned char, 16> bytes;
  return inet_pton(AF_INET, text.c_str(), bytes.data()) == 1 || inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1;
}

}  // namespace

base::Result<std::uint64_t> read_count(std::string_view text, std::uint64_t least, std::uint64_t most) {
  const auto number = number_of<std::uint64_t>(text);
  if (!number || *number < least || *number > most) {
    return invalid(fmt::format("'{}' is not a whole number from {} to {}", text, least, most));
  }
  return *number;
}

base::Result<double> read_rate(std::string_view text) {
  const auto number = number_of<double>(text);
  if (!number || !std::isfinite(*number) || *number <= 0 || *number > 1e9) {
    return invalid(fmt::format("'{}' is not a number above zero", text));
  }
  return *number;
}

base::Result<std::size_t> read_size(std::string_view text) {
  constexpr std::uint64_t most = std::uint64_t{1} << 40;
  const auto measure = measure_of(text);
  std::uint64_t factor = 0;
  if (measure) {
    if (measure->unit.empty() || measure->unit == "B") factor = 1;
    if (measure->unit == "KiB") factor = std::uint64_t{1} << 10;
    if (measure->unit == "MiB") factor = std::uint64_t{1} << 20;
    if (measure->unit == "GiB") factor = std::uint64_t{1} << 30;
  }
  if (factor == 0 || measure->number == 0 || measure->number > most / factor) {
    return invalid(fmt::format("'{}' is not a size such as 65536, 64KiB or 10MiB", text));
  }
  return measure->number * factor;
}

base::Result<clock::Duration> read_duration(std::string_view text) {
  constexpr std::uint64_t most = 100ULL * 366 * 24 * 3600;
  const auto measure = measure_of(text);
  std::uint64_t factor = 0;
  if (measure) {
    if (measure->unit == "s") factor = 1;
    if (measure->unit == "m") factor = 60;
    if (measure->unit == "h") factor = 3600;
    if (measure->unit == "d") factor = 86400;
  }
  if (factor == 0 || measure->number == 0 || measure->number > most / factor) {
    return invalid(fmt::format("'{}' is not a time such as 30s, 10m, 2h or 7d", text));
  }
  return clock::Duration(std::chrono::seconds(static_cast<std::int64_t>(measure->number * factor)));
}

base::Result<Endpoint> read_endpoint(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  const auto port = colon == std::string_view::npos ? std::nullopt : number_of<std::uint16_t>(text.substr(colon + 1));
  std::string address(text.substr(0, colon));
  const bool bracketed = address.size() > 2 && address.front() == '[' && address.back() == ']';
  if (bracketed) address = address.substr(1, address.size() - 2);
  if (address == "localhost") address = "127.0.0.1";
  const bool has_colon = address.find(':') != std::string::npos;
  if (!port || !is_address(address) || has_colon != bracketed) {
    return invalid(
        fmt::format("'{}' is not an address and port such as 127.0.0.1:8080, 0.0.0.0:8080 or [::1]:8080", text));
  }
  return Endpoint{std::move(address), *port};
}

base::Result<std::string> read_public_url(std::string_view text) {
  std::string_view rest = text;
  if (rest.starts_with("https://"))
    rest.remove_prefix(8);
  else if (rest.starts_with("http://"))
    rest.remove_prefix(7);
  const bool has_scheme = rest.size() != text.size();
  const bool has_host = !rest.empty() && rest.front() != '/' && rest.front() != ':';
  constexpr std::string_view refused = " \t\r\n\"'<>\\?#@";
  if (!has_scheme || !has_host || rest.find_first_of(refused) != std::string_view::npos) {
    return invalid(
        fmt::format("'{}' is not a URL such as https://tocsin.example.org or https://example.org/tocsin", text));
  }
  while (text.ends_with('/')) text.remove_suffix(1);
  return std::string(text);
}

std::vector<std::string> read_list(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    const std::string_view part = base::trimmed(text.substr(0, comma));
    if (!part.empty()) parts.emplace_back(part);
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
  }
  return parts;
}

}  // namespace tocsin::server
