// The ledger on SQLite.
#pragma once

#include <memory>

#include "store/ledger.hpp"

namespace tocsin::store::sqlite {

base::Result<std::unique_ptr<Ledger>> open_ledger(const LedgerOptions& options);

}  // namespace tocsin::store::sqlite
