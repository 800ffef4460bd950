// An open data folder: the ledger, the master key, the catalogue, and the admin.
// `serve` and the commands that work on the ledger open it the same way.
#pragma once

#include <memory>
#include <string>

#include "base/result.hpp"
#include "catalog/catalog.hpp"
#include "clock/clock.hpp"
#include "model/account.hpp"
#include "seal/seal.hpp"
#include "server/settings.hpp"
#include "store/ledger.hpp"

namespace tocsin::server {

struct Installation {
  std::unique_ptr<store::Ledger> ledger;
  seal::MasterKey key;
  catalog::Catalog catalog;
  base::RandomBytes random;
  model::User admin;  ///< the first active one
};

/// How to open it.
struct Opening {
  store::LedgerOptions::Role role = store::LedgerOptions::Role::beside;
  store::LedgerOptions::Open open = store::LedgerOptions::Open::existing_only;
};

/// Opens the folder; an empty one gets master key, database, organisation and admin if `open` says create. A database
/// whose master key is missing is an error: a new key could not open what the old one sealed.
base::Result<Installation> open_installation(const Settings& settings, const Opening& opening, clock::Clock& clock);

}  // namespace tocsin::server
