// How long the lists of alert groups take over many groups, filter by filter, with their counts (CPU time).
//
// Usage: list_bench [GROUPS]   (default 100000)
#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "store/ledger.hpp"

using namespace tocsin;

namespace {

constexpr std::int64_t start = 1'700'000'000;

model::AlertGroup group_of(int number) {
  const std::string text = std::to_string(number);
  model::AlertGroup group;
  group.id = model::AlertGroupId("I" + std::string(12 - text.size(), 'X') + text);
  group.organization = model::OrganizationId("OAAAAAAAAAAAA");
  group.integration = model::IntegrationId("CAAAAAAAAAAA" + std::to_string(number % 10));
  group.route = model::RouteId("RAAAAAAAAAAA" + std::to_string(number % 5));
  group.team = model::TeamId(number % 3 == 0 ? "" : "TAAAAAAAAAAAA");
  group.title = "KubePodCrashLooping in namespace " + text;
  group.grouping_key = "{\"alertname\": \"KubePodCrashLooping\", \"namespace\": \"" + text + "\"}";
  group.distinction = text;
  group.labels = {{"severity", number % 4 == 0 ? "critical" : "warning"}, {"namespace", text}};
  group.started_at = clock::Instant::from_seconds(start + number);
  group.last_alert_at = group.started_at;
  group.alerts_count = 1;
  if (number % 20 != 0) {
    group.resolved_at = group.started_at;
    group.open_for_grouping = false;
  } else if (number % 40 == 0) {
    group.acknowledged_at = group.started_at;
  }
  return group;
}

void fill(store::Ledger& ledger, int groups) {
  for (int first = 0; first < groups; first += 1000) {
    model::Unit unit;
    for (int i = first; i < std::min(first + 1000, groups); ++i) {
      unit.groups.push_back(group_of(i));
      model::Alert alert;
      alert.id = model::AlertId("A" + unit.groups.back().id.text().substr(1));
      alert.organization = unit.groups.back().organization;
      alert.group = unit.groups.back().id;
      alert.payload = "{\"x\":\"" + std::string(1400, 'x') + "\"}";
      alert.trace = "{}";
      unit.alerts.push_back(std::move(alert));
    }
    CHECK(ledger.commit([&](const store::Reader&) { return unit; }).ok());
  }
}

/// Of this thread, on which reads run: what else the machine does is left out.
double cpu_milliseconds() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

void time(const std::string& name, const std::function<std::int64_t()>& query) {
  std::vector<double> times;
  std::int64_t total = 0;
  for (int i = 0; i < 7; ++i) {
    const double begun = cpu_milliseconds();
    total = query();
    times.push_back(cpu_milliseconds() - begun);
  }
  std::sort(times.begin(), times.end());
  std::printf("%-28s %8.2f ms  (%lld rows match)\n", name.c_str(), times[times.size() / 2],
              static_cast<long long>(total));
}

void measure(store::Ledger& ledger, int groups) {
  const auto list = [&](const store::AlertGroupFilter& filter, std::int64_t offset = 0) {
    return [&ledger, filter, offset] {
      return store::read(ledger, [&](const store::Reader& r) { return r.groups(filter, {offset, 50}); }).total;
    };
  };
  const auto at = [](int seconds) { return clock::Instant::from_seconds(start + seconds); };
  time("all", list({}));
  time("all, last page", list({}, groups - 50));
  time("all, middle page", list({}, groups / 2));
  time("state=firing", list({.state = model::State::firing}));
  time("state=resolved", list({.state = model::State::resolved}));
  time("state=resolved, last page", list({.state = model::State::resolved}, groups * 19 / 20 - 50));
  time("integration", list({.integration = "CAAAAAAAAAAA3"}));
  time("integration, state", list({.integration = "CAAAAAAAAAAA3", .state = model::State::resolved}));
  time("route", list({.route = "RAAAAAAAAAAA1"}));
  time("without a team", list({.team = ""}));
  time("label (a quarter)", list({.labels = {{"severity", "critical"}}}));
  time("two labels", list({.labels = {{"severity", "critical"}, {"namespace", "400"}}}));
  time("started, a tenth", list({.started_from = at(groups / 2), .started_to = at(groups / 2 + groups / 10)}));
  time("search, one", list({.search = "namespace 4242"}));
  time("search, all", list({.search = "crash"}));
  time("search, state", list({.state = model::State::firing, .search = "crash"}));
  time("id", list({.id = "IXXXXXXXXXX42"}));
  time("counts by state", [&] {
    const auto counts = store::read(ledger, [](const store::Reader& r) { return r.count_by_state({}); });
    return counts.at(model::State::firing);
  });
  time("alerts", [&] { return store::read(ledger, [](const store::Reader& r) { return r.alerts({}, {}); }).total; });
  time("alerts, search", [&] {
    return store::read(ledger, [](const store::Reader& r) { return r.alerts({.search = "needle"}, {}); }).total;
  });
  time("last alert of integration", [&] {
    const model::IntegrationId id("CAAAAAAAAAAA3");
    return store::read(ledger, [&](const store::Reader& r) { return r.last_alert_of_integration(id); })->row;
  });
}

}  // namespace

int main(int count, char** words) {
  const int groups = count > 1 ? std::atoi(words[1]) : 100'000;
  std::string pattern = (std::filesystem::temp_directory_path() / "tocsin-list-XXXXXX").string();
  store::LedgerOptions options;
  options.directory = ::mkdtemp(pattern.data());
  {
    auto ledger = store::Ledger::open(options);
    CHECK(ledger.ok());
    fill(**ledger, groups);
    measure(**ledger, groups);
  }
  std::filesystem::remove_all(options.directory);
}
