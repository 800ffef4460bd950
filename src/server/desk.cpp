#include "server/desk.hpp"

#include "server/commands.hpp"

namespace tocsin::server {

Exit at_desk(Invocation& invocation, store::LedgerOptions::Open open, const std::function<Exit(Desk&)>& work) {
  const base::Result<Settings> settings = settings_of(invocation);
  if (!settings) return misuse(invocation, settings.error());
  clock::RealClock clock;
  base::Result<Installation> installation =
      open_installation(*settings, {store::LedgerOptions::Role::beside, open}, clock);
  if (!installation) return fail(invocation, installation.error());
  Desk desk{invocation, *settings, *installation, clock};
  const Exit exit = work(desk);
  installation->ledger->close();
  return exit;
}

Exit at_desk(Invocation& invocation, const std::function<Exit(Desk&)>& work) {
  return at_desk(invocation, store::LedgerOptions::Open::existing_only, work);
}

}  // namespace tocsin::server
