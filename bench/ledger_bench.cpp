// How many alerts a second the ledger makes durable, without HTTP and templates: 64 deliveries at a time, each one
// Reading with a payload of 1.5 KB and its trace, through the same decision that the intake uses.
//
// Usage: ledger_bench [--alerts N] [--keys K] [--readings R] [--directory DIR]
//   --keys      distinct grouping keys; 0: every alert opens a group
//   --readings  alerts of one delivery
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "engine/gathering.hpp"
#include "store/ledger.hpp"

using namespace tocsin;

namespace {

constexpr int in_flight = 64;

struct Options {
  std::map<std::string, std::string> values = {
      {"--alerts", "100000"}, {"--keys", "1000"}, {"--readings", "1"}, {"--directory", ""}};
  std::size_t number(const std::string& name) const { return std::strtoull(values.at(name).c_str(), nullptr, 10); }
};

class Random {
 public:
  base::RandomBytes bytes() {
    return [this](unsigned char* out, std::size_t size) {
      for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<unsigned char>(engine_());
    };
  }

 private:
  std::mt19937 engine_{1};
};

model::Reading reading_of(const std::string& key) {
  model::Reading reading;
  reading.integration = model::IntegrationId("CAAAAAAAAAAAA");
  reading.organization = model::OrganizationId("OAAAAAAAAAAAA");
  reading.title = "KubePodCrashLooping in namespace " + key;
  reading.grouping_key = "{\"alertname\": \"KubePodCrashLooping\", \"namespace\": \"" + key + "\"}";
  reading.distinction = key + std::string(32 - std::min<std::size_t>(key.size(), 32), 'f');
  reading.source_link = "https://prometheus.example/graph?g0.expr=up";
  reading.route = model::RouteId("RAAAAAAAAAAAA");
  reading.labels = {{"severity", "critical"}, {"team", "platform"}};
  reading.payload = "{\"status\":\"firing\",\"alerts\":\"" + std::string(1450, 'x') + "\"}";
  reading.trace = "{\"steps\":[\"" + std::string(500, 't') + "\"],\"routes\":[]}";
  reading.received_at = clock::RealClock().now();
  return reading;
}

/// Deliveries that wait for their commit, at most `in_flight` of them.
class Flight {
 public:
  void take_off() {
    std::unique_lock lock(mutex_);
    landed_.wait(lock, [this] { return up_ < in_flight; });
    ++up_;
  }
  void land(double seconds) {
    {
      const std::lock_guard lock(mutex_);
      --up_;
      seconds_.push_back(seconds);
    }
    landed_.notify_one();
  }
  std::vector<double> wait_for_all() {
    std::unique_lock lock(mutex_);
    landed_.wait(lock, [this] { return up_ == 0; });
    return seconds_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable landed_;
  int up_ = 0;
  std::vector<double> seconds_;
};

double percentile(std::vector<double>& seconds, double part) {
  const auto at = static_cast<std::ptrdiff_t>(static_cast<double>(seconds.size() - 1) * part);
  std::nth_element(seconds.begin(), seconds.begin() + at, seconds.end());
  return seconds[static_cast<std::size_t>(at)];
}

double cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) { return static_cast<double>(time.tv_sec) + time.tv_usec / 1e6; };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

void run(const Options& options, store::Ledger& ledger) {
  using steady = std::chrono::steady_clock;
  const std::size_t alerts = options.number("--alerts");
  const std::size_t keys = options.number("--keys");
  const std::size_t readings = std::max<std::size_t>(options.number("--readings"), 1);
  Random random;
  Flight flight;
  const base::RandomBytes bytes = random.bytes();
  const auto begun = steady::now();
  const double cpu = cpu_seconds();
  for (std::size_t sent = 0; sent < alerts;) {
    auto delivery = std::make_shared<std::vector<engine::Numbered>>();
    for (std::size_t i = 0; i < readings; ++i, ++sent) {
      delivery->push_back({reading_of(std::to_string(keys == 0 ? sent : sent % keys)),
                           base::new_id<model::AlertKind>(bytes), base::new_id<model::AlertGroupKind>(bytes)});
    }
    flight.take_off();
    const auto submitted = steady::now();
    const bool queued =
        ledger.submit([delivery](const store::Reader& reader) { return engine::gather(reader, *delivery); },
                      [&flight, submitted](base::Result<store::Committed> committed) {
                        CHECK(committed.ok());
                        flight.land(std::chrono::duration<double>(steady::now() - submitted).count());
                      });
    CHECK(queued);
  }
  std::vector<double> seconds = flight.wait_for_all();
  const double total = std::chrono::duration<double>(steady::now() - begun).count();
  std::printf(
      "%zu alerts, %zu keys, %zu a delivery: %.0f durable alerts/s, p50 %.2f ms, p99 %.2f ms, %.1f us of CPU each\n",
      alerts, keys, readings, static_cast<double>(alerts) / total, percentile(seconds, 0.5) * 1e3,
      percentile(seconds, 0.99) * 1e3, (cpu_seconds() - cpu) / static_cast<double>(alerts) * 1e6);
}

}  // namespace

int main(int count, char** words) {
  Options options;
  for (int i = 1; i + 1 < count; i += 2) {
    if (options.values.count(words[i]) == 0) {
      std::fprintf(stderr, "ledger_bench: unknown argument %s\n", words[i]);
      return 2;
    }
    options.values[words[i]] = words[i + 1];
  }
  std::string directory = options.values["--directory"];
  const bool own = directory.empty();
  if (own) {
    std::string pattern = (std::filesystem::temp_directory_path() / "tocsin-bench-XXXXXX").string();
    directory = ::mkdtemp(pattern.data());
  }
  store::LedgerOptions ledger_options;
  ledger_options.directory = directory;
  {
    auto ledger = store::Ledger::open(ledger_options);
    CHECK(ledger.ok());
    run(options, **ledger);
  }
  if (own) std::filesystem::remove_all(directory);
}
