#include <cctz/time_zone.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <mutex>
#include <set>

#include "base/text.hpp"
#include "clock/timedelta.hpp"

namespace tocsin::clock {
namespace {

/// Files of the database that are no zones, and zones that pytz does not list.
bool is_zone(std::string_view name) {
  if (name.starts_with("posix/") || name.starts_with("right/") || name.find('.') != std::string_view::npos)
    return false;
  return name != "Factory" && name != "localtime" && name != "posixrules" && name != "leapseconds";
}

/// IANA names by their lower-case form, read once from the system's database.
const std::map<std::string, std::string>& zone_names() {
  static const std::map<std::string, std::string> names = [] {
    std::map<std::string, std::string> found;
    const std::filesystem::path root = "/usr/share/zoneinfo";
    std::error_code error;
    for (auto each = std::filesystem::recursive_directory_iterator(root, error);
         !error && each != std::filesystem::recursive_directory_iterator(); each.increment(error)) {
      const std::string name = each->path().lexically_relative(root).string();
      if (!each->is_directory(error) && is_zone(name)) found.emplace(base::ascii_lower(name), name);
    }
    found.emplace("utc", "UTC");
    return found;
  }();
  return names;
}

/// datetime keeps offsets of whole minutes; the local mean times of old are rounded as pytz rounds them.
int whole_minutes(int offset) {
  const int shifted = offset + 30;
  return (shifted / 60 - (shifted % 60 < 0)) * 60;
}

/// pytz reads the 32-bit part of the zone files: before it counts the zone's first time, after it the last.
std::int64_t known_to_pytz(std::int64_t seconds) {
  constexpr std::int64_t last = 2'147'483'647;
  constexpr std::int64_t before_all = -100'000'000'000;
  if (seconds < -last - 1) return before_all;
  return std::min(seconds, last);
}

}  // namespace

std::string_view kept_zone_name(std::string_view name) {
  static std::mutex mutex;
  static std::set<std::string, std::less<>> names;
  const std::lock_guard lock(mutex);
  const auto known = names.find(name);
  return known != names.end() ? *known : *names.emplace(name).first;
}

base::Result<DateTime> to_zone(const DateTime& when, std::string_view zone_name) {
  const auto name = zone_names().find(base::ascii_lower(zone_name));
  cctz::time_zone zone;
  if (name == zone_names().end() || !cctz::load_time_zone(name->second, &zone)) {
    return python_error("KeyError", std::string(zone_name));
  }
  if (base::Result<double> known = timestamp(when); !known) return std::move(known).error();
  const std::int64_t micros = instant_of(when).micros();
  const std::int64_t seconds = micros / 1'000'000 - (micros % 1'000'000 < 0 ? 1 : 0);
  const cctz::time_zone::absolute_lookup at =
      zone.lookup(cctz::time_point<cctz::seconds>(cctz::seconds(known_to_pytz(seconds))));
  const int offset = whole_minutes(at.offset);
  const std::optional<DateTime> utc = from_wall_micros(micros);
  std::optional<DateTime> local = from_wall_micros(micros + std::int64_t{offset} * 1'000'000);
  if (!utc || !local) return python_error("OverflowError", "date value out of range");
  local->offset = offset;
  local->zone = kept_zone_name(at.abbr);
  return *local;
}

std::optional<DateTime> in_zone(const DateTime& when, std::string_view zone_name) {
  base::Result<DateTime> local = to_zone(when, zone_name);
  return local ? std::optional(*local) : std::nullopt;
}

}  // namespace tocsin::clock
