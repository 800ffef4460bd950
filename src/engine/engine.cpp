#include "engine/engine.hpp"

#include "engine/edits.hpp"

namespace tocsin::engine {
namespace {

// A silence with an end is over. A group that is silenced no longer, or anew, or was deleted meanwhile needs nothing.
base::Result<model::Unit> end_silence(const store::Reader& reader, const model::Job& job, clock::Instant now) {
  const model::AlertGroupId id(job.subject);
  const std::optional<model::AlertGroup> group = reader.group(id);
  if (!group || model::state_of(*group) != model::State::silenced) return model::Unit{};
  if (!group->silenced_until || *group->silenced_until > now) return model::Unit{};
  return decide_action(reader, id, group::Unsilence{"the silence is over"}, {model::Actor{}, now});
}

}  // namespace

Engine::Engine(store::Ledger& ledger, clock::Clock& clock, const catalog::Catalog& catalog, const seal::MasterKey& key,
               const EngineOptions& options)
    : ledger_(ledger),
      clock_(clock),
      catalog_(catalog),
      started_at_(clock.now()),
      random_(seal::system_random()),
      token_sealer_(key, integration_token_purpose),
      token_digester_(key, integration_token_purpose),
      workers_(options.worker_threads, options.work_queue_limit),
      integrations_(ledger, catalog, options.template_budget),
      intake_(ledger, integrations_, random_),
      actions_(ledger, clock),
      accounts_(ledger, clock, random_, key),
      feed_(ledger),
      pulse_(ledger, clock),
      jobs_(ledger, clock) {
  jobs_.handle(model::JobKind::unsilence, end_silence);
  ledger_.on_foreign_change([this] {
    integrations_.drop_all();
    jobs_.wake();
    feed_.look_again();
  });
  jobs_.start();
}

Engine::~Engine() {
  close();
}

bool Engine::idle() const {
  return workers_.pending() == 0 && ledger_.pending() == 0 && jobs_.idle();
}

void Engine::close() {
  workers_.close();
  jobs_.close();
  ledger_.close();
  feed_.close();
}

}  // namespace tocsin::engine
