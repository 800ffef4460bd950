// The disk fails under the ledger: at the n-th write or sync of its write-ahead log, for good or once.
#include "store/ledger.hpp"

#include <doctest/doctest.h>
#include <sqlite3.h>

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <future>
#include <set>

using namespace tocsin;

namespace {

/// What goes wrong, counted from the moment it is armed; zero: nothing.
struct Fault {
  std::atomic<int> writes_until = 0;
  std::atomic<int> syncs_until = 0;
  std::atomic<int> code = SQLITE_IOERR;
  std::atomic<bool> lasting = false;  ///< goes on failing

  void clear() { writes_until = syncs_until = 0; }
  bool strikes(std::atomic<int>& until) const {
    if (until == 0) return false;
    if (until == 1) {
      if (!lasting) until = 0;
      return true;
    }
    --until;
    return false;
  }
};
Fault fault;

/// A layer over SQLite's own files: passes everything on, but for the faults in the write-ahead log.
struct FaultyFile {
  sqlite3_file base;
  bool is_log;
  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};
FaultyFile* of(sqlite3_file* file) {
  return reinterpret_cast<FaultyFile*>(file);
}
sqlite3_file* real(sqlite3_file* file) {
  return of(file)->real();
}

int write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 at) {
  if (of(file)->is_log && fault.strikes(fault.writes_until)) return fault.code;
  return real(file)->pMethods->xWrite(real(file), bytes, size, at);
}
int sync(sqlite3_file* file, int flags) {
  if (of(file)->is_log && fault.strikes(fault.syncs_until)) return SQLITE_IOERR_FSYNC;
  return real(file)->pMethods->xSync(real(file), flags);
}

const sqlite3_io_methods methods = {
    3,
    [](sqlite3_file* f) { return real(f)->pMethods->xClose(real(f)); },
    [](sqlite3_file* f, void* b, int n, sqlite3_int64 at) { return real(f)->pMethods->xRead(real(f), b, n, at); },
    write,
    [](sqlite3_file* f, sqlite3_int64 size) { return real(f)->pMethods->xTruncate(real(f), size); },
    sync,
    [](sqlite3_file* f, sqlite3_int64* size) { return real(f)->pMethods->xFileSize(real(f), size); },
    [](sqlite3_file* f, int level) { return real(f)->pMethods->xLock(real(f), level); },
    [](sqlite3_file* f, int level) { return real(f)->pMethods->xUnlock(real(f), level); },
    [](sqlite3_file* f, int* out) { return real(f)->pMethods->xCheckReservedLock(real(f), out); },
    [](sqlite3_file* f, int op, void* arg) { return real(f)->pMethods->xFileControl(real(f), op, arg); },
    [](sqlite3_file* f) { return real(f)->pMethods->xSectorSize(real(f)); },
    [](sqlite3_file* f) { return real(f)->pMethods->xDeviceCharacteristics(real(f)); },
    [](sqlite3_file* f, int region, int size, int extend, void volatile** out) {
      return real(f)->pMethods->xShmMap(real(f), region, size, extend, out);
    },
    [](sqlite3_file* f, int offset, int n, int flags) {
      return real(f)->pMethods->xShmLock(real(f), offset, n, flags);
    },
    [](sqlite3_file* f) { real(f)->pMethods->xShmBarrier(real(f)); },
    [](sqlite3_file* f, int remove) { return real(f)->pMethods->xShmUnmap(real(f), remove); },
    [](sqlite3_file* f, sqlite3_int64 at, int n, void** out) { return real(f)->pMethods->xFetch(real(f), at, n, out); },
    [](sqlite3_file* f, sqlite3_int64 at, void* p) { return real(f)->pMethods->xUnfetch(real(f), at, p); },
};

int open_file(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  auto* own = static_cast<sqlite3_vfs*>(vfs->pAppData);
  of(file)->is_log = (flags & SQLITE_OPEN_WAL) != 0;
  const int code = own->xOpen(own, name, of(file)->real(), flags, out_flags);
  file->pMethods = code == SQLITE_OK ? &methods : nullptr;
  return code;
}

/// While it lives, databases are opened over the faulty layer.
class FaultyDisk {
 public:
  FaultyDisk() : own_(sqlite3_vfs_find(nullptr)), vfs_(*own_) {
    vfs_.zName = "faulty";
    vfs_.pAppData = own_;
    vfs_.szOsFile = own_->szOsFile + static_cast<int>(sizeof(FaultyFile));
    vfs_.xOpen = open_file;
    sqlite3_vfs_register(&vfs_, 1);
    std::string pattern = (std::filesystem::temp_directory_path() / "tocsin-fault-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~FaultyDisk() {
    fault.clear();
    sqlite3_vfs_unregister(&vfs_);
    sqlite3_vfs_register(own_, 1);
    std::filesystem::remove_all(path_);
  }
  std::unique_ptr<store::Ledger> open() const {
    store::LedgerOptions options;
    options.directory = path_;
    auto ledger = store::Ledger::open(options);
    REQUIRE(ledger.ok());
    return std::move(*ledger);
  }

 private:
  sqlite3_vfs* own_;
  sqlite3_vfs vfs_;
  std::string path_;
};

model::Unit unit_of(int number) {
  model::AlertGroup group;
  group.id = model::AlertGroupId("I" + std::to_string(number));
  group.organization = model::OrganizationId("O1");
  group.integration = model::IntegrationId("C1");
  group.distinction = std::to_string(number);
  group.title = std::string(3000, 'x');
  model::Unit unit;
  unit.groups = {group};
  return unit;
}

/// Submits so many Units at once, so that they share commits, and gives the numbers of those that were acknowledged.
std::set<int> submit_all(store::Ledger& ledger, int first, int count, std::set<int>* refused = nullptr) {
  std::vector<std::promise<base::Result<store::Committed>>> promises(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    auto& promise = promises[static_cast<std::size_t>(i)];
    REQUIRE(ledger.submit([n = first + i](const store::Reader&) { return base::Result<model::Unit>(unit_of(n)); },
                          [&promise](base::Result<store::Committed> c) { promise.set_value(std::move(c)); }));
  }
  std::set<int> acknowledged;
  for (int i = 0; i < count; ++i) {
    const base::Result<store::Committed> outcome = promises[static_cast<std::size_t>(i)].get_future().get();
    if (outcome.ok()) {
      acknowledged.insert(first + i);
    } else {
      CHECK(outcome.error().kind == base::ErrorKind::unavailable);
      if (refused != nullptr) refused->insert(first + i);
    }
  }
  return acknowledged;
}

std::set<int> stored(store::Ledger& ledger) {
  std::set<int> found;
  const auto page = store::read(ledger, [](const store::Reader& r) { return r.groups({}, {0, 100'000}); });
  for (const model::AlertGroup& group : page.items) found.insert(std::stoi(group.id.text().substr(1)));
  CHECK(page.total == static_cast<std::int64_t>(found.size()));
  return found;
}

}  // namespace

TEST_CASE("whichever write or sync fails: what was acknowledged is there, what was refused is not") {
  const FaultyDisk disk;
  std::set<int> acknowledged;
  std::set<int> refused;
  int number = 0;
  int failures = 0;
  {
    auto ledger = disk.open();
    for (int nth = 1; nth <= 40; ++nth) {
      fault.code = nth % 2 == 0 ? SQLITE_FULL : SQLITE_IOERR_WRITE;
      (nth % 4 == 1 ? fault.syncs_until : fault.writes_until) = nth % 4 == 1 ? 1 + nth / 8 : nth;
      const std::size_t before = refused.size();
      acknowledged.merge(submit_all(*ledger, number, 20, &refused));
      number += 20;
      fault.clear();
      if (refused.size() > before) ++failures;
      // The ledger is as usable as before.
      acknowledged.merge(submit_all(*ledger, number, 3));
      number += 3;
      REQUIRE(stored(*ledger) == acknowledged);
    }
  }
  CHECK(failures > 15);
  CHECK(acknowledged.size() + refused.size() == static_cast<std::size_t>(number));
  auto ledger = disk.open();
  CHECK(stored(*ledger) == acknowledged);
}

TEST_CASE("a full disk is told in plain words, reads go on, and the ledger works again when there is room") {
  const FaultyDisk disk;
  auto ledger = disk.open();
  REQUIRE(submit_all(*ledger, 0, 5).size() == 5);
  fault.code = SQLITE_FULL;
  fault.lasting = true;
  fault.writes_until = 1;
  for (int i = 0; i < 3; ++i) {
    const auto outcome = ledger->commit([&](const store::Reader&) { return unit_of(100 + i); });
    REQUIRE_FALSE(outcome.ok());
    CHECK(outcome.error().kind == base::ErrorKind::unavailable);
    CHECK(outcome.error().message == "the disk is full");
    CHECK(stored(*ledger).size() == 5);
  }
  fault.lasting = false;
  fault.clear();
  CHECK(submit_all(*ledger, 200, 5).size() == 5);
  CHECK(stored(*ledger).size() == 10);
  // Numbers have no gaps: what was refused took none.
  const auto page = store::read(*ledger, [](const store::Reader& r) { return r.groups({}, {0, 1}); });
  CHECK(page.items.at(0).number == 10);
}
