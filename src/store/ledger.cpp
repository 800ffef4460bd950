#include "store/ledger.hpp"

#include <future>

#include "store/sqlite/ledger.hpp"

namespace tocsin::store {

base::Result<std::unique_ptr<Ledger>> Ledger::open(const LedgerOptions& options) {
  return sqlite::open_ledger(options);
}

base::Result<Committed> Ledger::commit(Decide decide) {
  auto promise = std::make_shared<std::promise<base::Result<Committed>>>();
  std::future<base::Result<Committed>> future = promise->get_future();
  const bool queued = submit(
      std::move(decide), [promise](base::Result<Committed> committed) { promise->set_value(std::move(committed)); });
  if (!queued) return base::Error{base::ErrorKind::unavailable, "the ledger is busy; try again"};
  return future.get();
}

}  // namespace tocsin::store
