// Texts of the configuration and the command line into numbers, sizes, times, addresses and URLs.
// Pure. Errors say what is wrong with the text, without naming where it stood.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "clock/clock.hpp"
#include "server/settings.hpp"

namespace tocsin::server {

/// A whole number from `least` to `most`.
base::Result<std::uint64_t> read_count(std::string_view text, std::uint64_t least, std::uint64_t most);
/// A number above zero, such as `0.5`.
base::Result<double> read_rate(std::string_view text);
/// Bytes: `65536`, `64KiB`, `10MiB`, `1GiB`.
base::Result<std::size_t> read_size(std::string_view text);
/// A time with its unit: `30s`, `10m`, `2h`, `7d`.
base::Result<clock::Duration> read_duration(std::string_view text);
/// `127.0.0.1:8080`, `[::1]:8080`, `localhost:8080`.
base::Result<Endpoint> read_endpoint(std::string_view text);
/// `https://tocsin.example.org/oncall`, without a slash at its end.
base::Result<std::string> read_public_url(std::string_view text);
/// The parts between commas, trimmed; empty ones are left out.
std::vector<std::string> read_list(std::string_view text);

}  // namespace tocsin::server
