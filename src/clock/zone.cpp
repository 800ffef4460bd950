#include <cctz/time_zone.h>

#include <algorithm>
#include <filesystem>
#include <mutex>
#include <set>
#include <unordered_map>
#include <utility>

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

/// A zone of the database, read from its file when it is first asked for.
class Zone {
 public:
  explicit Zone(std::string name) : name_(std::move(name)) {}

  /// Null when the file is no good.
  const cctz::time_zone* rules() {
    std::call_once(read_, [&] { is_good_ = cctz::load_time_zone(name_, &rules_); });
    return is_good_ ? &rules_ : nullptr;
  }

 private:
  std::string name_;
  std::once_flag read_;
  bool is_good_ = false;
  cctz::time_zone rules_;
};

struct CaselessHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view name) const {
    std::size_t hash = name.size();
    for (const char c : name) hash = hash * 31 + (static_cast<unsigned char>(c) | 32u);
    return hash;
  }
};
struct CaselessEqual {
  using is_transparent = void;
  bool operator()(std::string_view a, std::string_view b) const { return base::same_ignoring_case(a, b); }
};
using Zones = std::unordered_map<std::string, Zone, CaselessHash, CaselessEqual>;

/// The zones by name, found once in the system's database.
Zones& zones() {
  static Zones all = [] {
    Zones found;
    const std::filesystem::path root = "/usr/share/zoneinfo";
    std::error_code error;
    for (auto each = std::filesystem::recursive_directory_iterator(root, error);
         !error && each != std::filesystem::recursive_directory_iterator(); each.increment(error)) {
      const std::string name = each->path().lexically_relative(root).string();
      if (!each->is_directory(error) && is_zone(name)) found.try_emplace(name, name);
    }
    found.try_emplace("UTC", "UTC");
    return found;
  }();
  return all;
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
  const auto named = zones().find(zone_name);
  const cctz::time_zone* const zone = named == zones().end() ? nullptr : named->second.rules();
  if (zone == nullptr) return python_error("KeyError", std::string(zone_name));
  if (!when.offset) {
    if (base::Result<double> known = timestamp(when); !known) return std::move(known).error();
  }
  const std::int64_t micros = instant_of(when).micros();
  const std::int64_t seconds = micros / 1'000'000 - (micros % 1'000'000 < 0 ? 1 : 0);
  const cctz::time_zone::absolute_lookup at =
      zone->lookup(cctz::time_point<cctz::seconds>(cctz::seconds(known_to_pytz(seconds))));
  const int offset = whole_minutes(at.offset);
  std::optional<DateTime> local = from_wall_micros(micros + std::int64_t{offset} * 1'000'000);
  if (!is_in_calendar(micros) || !local) return python_error("OverflowError", "date value out of range");
  local->offset = offset;
  local->is_summer = at.is_dst;
  local->zone = at.abbr;  // cctz keeps what it has read of a zone as long as the process lives
  return *local;
}

std::optional<DateTime> in_zone(const DateTime& when, std::string_view zone_name) {
  base::Result<DateTime> local = to_zone(when, zone_name);
  return local ? std::optional(*local) : std::nullopt;
}

}  // namespace tocsin::clock
