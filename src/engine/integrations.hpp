// The integrations that are in use, with templates compiled: a cache in front of the ledger, exact within the
// process (every commit of settings drops what it touches) and fresh within a second of another process's change.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "catalog/catalog.hpp"
#include "clock/clock.hpp"
#include "interpret/interpret.hpp"
#include "store/ledger.hpp"
#include "watch/rate_limit.hpp"

namespace tocsin::engine {

/// Counts of one integration since the process started, shown by the API.
struct IntegrationCounts {
  std::uint64_t accepted = 0;      ///< requests that got a 2xx
  std::uint64_t refused_rate = 0;  ///< answered 429
  std::uint64_t bad_requests = 0;  ///< answered 400
  std::uint64_t template_errors = 0;
  std::string last_template_error;
  std::optional<clock::Instant> last_alert_at;
  std::optional<clock::Instant> last_refused_at;
};

class Integrations {
 public:
  using Compiled = std::shared_ptr<const interpret::Settings>;

  Integrations(store::Ledger& ledger, const catalog::Catalog& catalog, const jinja::Budget& budget);

  /// Forgets everything: another process has changed the ledger.
  void drop_all();

  /// The same as `by_token` if it is in use already, else null: for a thread that must not wait.
  Compiled known_by_token(const std::string& token_digest) const;
  /// By the digest of the URL's token; null when there is no such live integration. May read the ledger.
  Compiled by_token(const std::string& token_digest);
  /// By id, deleted ones too (their groups stay visible); null when unknown or of a type that is gone.
  Compiled by_id(const model::IntegrationId& id);

  /// The token bucket of the integration, with the integration's own rate or the given one.
  watch::Admission admit(const interpret::Settings& settings, const watch::Rate& fallback, double cost,
                         clock::Instant now);

  /// The limits that every template of an integration has.
  const jinja::Budget& budget() const { return budget_; }

  IntegrationCounts counts(const model::IntegrationId& id) const;
  /// The sums over all of them; times and texts are left out.
  IntegrationCounts total_counts() const;
  /// Changes the counts under the lock.
  void count(const model::IntegrationId& id, const std::function<void(IntegrationCounts&)>& change);

 private:
  Compiled load(const store::Reader& reader, std::optional<model::Integration> found);
  void drop_touched(const store::Committed& committed);
  void remember(const Compiled& compiled, std::uint64_t generation);

  store::Ledger& ledger_;
  const catalog::Catalog& catalog_;
  const jinja::Budget budget_;
  mutable std::mutex mutex_;
  std::uint64_t generation_ = 0;
  std::unordered_map<std::string, Compiled> by_token_;
  std::unordered_map<std::string, Compiled> by_id_;
  std::unordered_map<std::string, watch::Bucket> buckets_;
  std::unordered_map<std::string, IntegrationCounts> counts_;
};

}  // namespace tocsin::engine
