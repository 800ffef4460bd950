#include "engine/integrations.hpp"

#include "base/log.hpp"

namespace tocsin::engine {

namespace {

// A guess at a token costs a look-up in the ledger and nothing more: only what exists is remembered.
constexpr std::size_t remembered_limit = 50'000;

}  // namespace

Integrations::Integrations(store::Ledger& ledger, const catalog::Catalog& catalog, const jinja::Budget& budget)
    : ledger_(ledger), catalog_(catalog), budget_(budget) {
  ledger_.listen([this](const store::Committed& committed) { drop_touched(committed); });
}

Integrations::Compiled Integrations::known_by_token(const std::string& token_digest) const {
  const std::lock_guard lock(mutex_);
  const auto known = by_token_.find(token_digest);
  return known == by_token_.end() ? nullptr : known->second;
}

Integrations::Compiled Integrations::by_token(const std::string& token_digest) {
  std::uint64_t generation = 0;
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = by_token_.find(token_digest); known != by_token_.end()) return known->second;
    generation = generation_;
  }
  Compiled compiled = store::read(
      ledger_, [&](const store::Reader& reader) { return load(reader, reader.integration_by_token(token_digest)); });
  if (compiled) remember(compiled, generation);
  return compiled;
}

Integrations::Compiled Integrations::by_id(const model::IntegrationId& id) {
  std::uint64_t generation = 0;
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = by_id_.find(id.text()); known != by_id_.end()) return known->second;
    generation = generation_;
  }
  Compiled compiled = store::read(
      ledger_, [&](const store::Reader& reader) { return load(reader, reader.integration_even_deleted(id)); });
  if (compiled) remember(compiled, generation);
  return compiled;
}

Integrations::Compiled Integrations::load(const store::Reader& reader, std::optional<model::Integration> found) {
  if (!found) return nullptr;
  const catalog::Type* type = catalog_.find(found->type);
  if (type == nullptr) {
    base::log(base::LogLevel::error, "an integration's type is not in the catalogue",
              {{"integration", found->id.text()}, {"type", found->type}});
    return nullptr;
  }
  return interpret::Settings::compile(*found, reader.routes_of(found->id), *type, budget_);
}

// A load that began before a change must not outlive it: then the generation has moved on.
void Integrations::remember(const Compiled& compiled, std::uint64_t generation) {
  const std::lock_guard lock(mutex_);
  if (generation != generation_) return;
  if (by_id_.size() >= remembered_limit) {
    by_id_.clear();
    by_token_.clear();
  }
  const model::Integration& integration = compiled->integration();
  by_id_[integration.id.text()] = compiled;
  if (!integration.deleted_at) by_token_[integration.token_digest] = compiled;
}

void Integrations::drop_touched(const store::Committed& committed) {
  if (committed.unit.records.empty() && committed.unit.removals.empty()) return;
  const auto touches = [](const model::Record& record) {
    return std::holds_alternative<model::Integration>(record) || std::holds_alternative<model::Route>(record);
  };
  const auto removes = [](const model::Removal& removal) { return std::holds_alternative<model::RouteId>(removal); };
  bool touched = false;
  for (const model::Record& record : committed.unit.records) touched |= touches(record);
  for (const model::Removal& removal : committed.unit.removals) touched |= removes(removal);
  if (touched) drop_all();
}

// Settings change rarely; compiling again costs less than deciding what a change reaches.
void Integrations::drop_all() {
  const std::lock_guard lock(mutex_);
  ++generation_;
  by_id_.clear();
  by_token_.clear();
}

watch::Admission Integrations::admit(const interpret::Settings& settings, const watch::Rate& fallback, double cost,
                                     clock::Instant now) {
  const model::Integration& integration = settings.integration();
  const watch::Rate rate{integration.rate_per_second.value_or(fallback.per_second),
                         integration.rate_burst.value_or(fallback.burst)};
  const std::lock_guard lock(mutex_);
  return watch::admit(buckets_[integration.id.text()], rate, cost, now);
}

IntegrationCounts Integrations::counts(const model::IntegrationId& id) const {
  const std::lock_guard lock(mutex_);
  const auto found = counts_.find(id.text());
  return found == counts_.end() ? IntegrationCounts{} : found->second;
}

IntegrationCounts Integrations::total_counts() const {
  const std::lock_guard guard(mutex_);
  IntegrationCounts sum;
  for (const auto& [id, counts] : counts_) {
    sum.accepted += counts.accepted;
    sum.refused_rate += counts.refused_rate;
    sum.bad_requests += counts.bad_requests;
    sum.template_errors += counts.template_errors;
  }
  return sum;
}

void Integrations::count(const model::IntegrationId& id, const std::function<void(IntegrationCounts&)>& change) {
  const std::lock_guard lock(mutex_);
  change(counts_[id.text()]);
}

}  // namespace tocsin::engine
