// Where a command works on an open data folder, beside a server that may be running.
#pragma once

#include <functional>

#include "engine/edits.hpp"
#include "server/command.hpp"
#include "server/installation.hpp"

namespace tocsin::server {

struct Desk {
  Invocation& invocation;
  const Settings& settings;
  Installation& installation;
  clock::Clock& clock;

  store::Ledger& ledger() { return *installation.ledger; }
  engine::Edits edits() { return {ledger(), clock, installation.random}; }
  /// The admin, from the command line.
  model::Actor actor() const { return {model::Via::cli, installation.admin.id, {}}; }
};

/// Reads the settings, opens the folder and works on it; tells what keeps it from that.
Exit at_desk(Invocation& invocation, store::LedgerOptions::Open open, const std::function<Exit(Desk&)>& work);
/// The same on a folder that must be there.
Exit at_desk(Invocation& invocation, const std::function<Exit(Desk&)>& work);

}  // namespace tocsin::server
