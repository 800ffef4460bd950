#include "engine/intake.hpp"

#include <utility>

#include "engine/gathering.hpp"

namespace tocsin::engine {
namespace {

Accepted accepted_of(const store::Committed& committed) {
  Accepted accepted;
  for (const model::Alert& alert : committed.unit.alerts) {
    accepted.alerts.push_back(alert.id);
    accepted.groups.push_back(alert.group);
  }
  return accepted;
}

}  // namespace

Intake::Intake(store::Ledger& ledger, Integrations& integrations, const base::RandomBytes& random)
    : ledger_(ledger), integrations_(integrations), random_(random), ids_(random) {}

void Intake::take(const Integrations::Compiled& settings, const model::Delivery& delivery, interpret::Bench& bench,
                  const Answer& answer) {
  store(settings->integration().id, interpret::interpret(*settings, delivery, key_seed(delivery), bench), answer);
}

bool Intake::take_briefly(const Integrations::Compiled& settings, const model::Delivery& delivery,
                          interpret::Bench& bench, const Answer& answer) {
  auto readings = interpret::interpret_briefly(*settings, delivery, key_seed(delivery), bench);
  if (!readings) return false;
  store(settings->integration().id, std::move(*readings), answer);
  return true;
}

std::string Intake::key_seed(const model::Delivery& delivery) const {
  if (delivery.kind != model::DeliveryKind::demo) return {};
  return base::random_text(random_, base::id_alphabet, base::id_random_length);
}

void Intake::store(const model::IntegrationId& id, std::vector<model::Reading> readings, const Answer& answer) {
  count_readings(id, readings);
  if (readings.empty()) return answer(Accepted{});
  auto batch = std::make_shared<std::vector<Numbered>>();
  batch->reserve(readings.size());
  for (model::Reading& reading : readings) {
    batch->push_back({std::move(reading), ids_.next<model::AlertKind>(), ids_.next<model::AlertGroupKind>()});
  }
  const bool queued = ledger_.submit([batch](const store::Reader& reader) { return gather(reader, *batch); },
                                     [answer](base::Result<store::Committed> committed) {
                                       if (committed) {
                                         answer(accepted_of(*committed));
                                       } else {
                                         answer(std::move(committed).error());
                                       }
                                     });
  if (!queued) answer(base::Error{base::ErrorKind::unavailable, "the server is busy storing alerts; send it again"});
}

void Intake::count_readings(const model::IntegrationId& id, const std::vector<model::Reading>& readings) {
  const model::Reading* failed = nullptr;
  std::uint64_t failures = 0;
  for (const model::Reading& reading : readings) {
    if (reading.first_error.empty()) continue;
    failed = &reading;
    ++failures;
  }
  if (failed == nullptr) return;
  integrations_.count(id, [&](IntegrationCounts& counts) {
    counts.template_errors += failures;
    counts.last_template_error = failed->first_error;
  });
}

}  // namespace tocsin::engine
