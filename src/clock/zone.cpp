#include <cctz/time_zone.h>

#include <filesystem>
#include <map>
#include <mutex>
#include <set>

#include "base/text.hpp"
#include "clock/civil.hpp"

namespace tocsin::clock {
namespace {

/// IANA names by their lower-case form, read once from the system's database.
const std::map<std::string, std::string>& zone_names() {
  static const std::map<std::string, std::string> names = [] {
    std::map<std::string, std::string> found;
    const std::filesystem::path root = "/usr/share/zoneinfo";
    std::error_code error;
    for (auto each = std::filesystem::recursive_directory_iterator(root, error);
         !error && each != std::filesystem::recursive_directory_iterator(); each.increment(error)) {
      const std::string name = std::filesystem::relative(each->path(), root, error).string();
      if (each->is_directory(error) || name.starts_with("posix/") || name.starts_with("right/")) continue;
      if (name.find('.') != std::string::npos) continue;
      found.emplace(base::ascii_lower(name), name);
    }
    found.emplace("utc", "UTC");
    return found;
  }();
  return names;
}

}  // namespace

std::string_view kept_zone_name(std::string_view name) {
  static std::mutex mutex;
  static std::set<std::string, std::less<>> names;
  const std::lock_guard lock(mutex);
  const auto known = names.find(name);
  return known != names.end() ? *known : *names.emplace(name).first;
}

std::optional<DateTime> in_zone(const DateTime& when, std::string_view zone_name) {
  const auto name = zone_names().find(base::ascii_lower(zone_name));
  cctz::time_zone zone;
  if (name == zone_names().end() || !cctz::load_time_zone(name->second, &zone)) return std::nullopt;
  const std::int64_t micros = instant_of(when).micros();
  const std::int64_t seconds = micros / 1'000'000 - (micros % 1'000'000 < 0 ? 1 : 0);
  const auto point = cctz::time_point<cctz::seconds>(cctz::seconds(seconds));
  const cctz::time_zone::absolute_lookup at = zone.lookup(point);
  std::optional<DateTime> local = from_wall_micros(micros + std::int64_t{at.offset} * 1'000'000);
  if (!local) return std::nullopt;
  local->offset = at.offset;
  local->zone = kept_zone_name(at.abbr);
  return local;
}

}  // namespace tocsin::clock
