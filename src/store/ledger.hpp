// The ledger: Units in, queries out, due work leased, a numbered feed of committed Units.
//
// One thread named `ledger` owns the write connection. It takes every waiting decision, runs them in one
// transaction (one that can't be written fails alone), commits with the file synced, and only then reports; so many
// requests share one sync. Reads run on their own connections and never wait for the writer.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "clock/clock.hpp"
#include "model/unit.hpp"
#include "store/reader.hpp"

namespace tocsin::store {

/// What a commit made: the feed's number and the Unit as stored (rows and numbers filled in).
struct Committed {
  std::uint64_t sequence = 0;
  model::Unit unit;
};

/// A pure function of the state, run inside the write transaction; it may be run twice.
using Decide = std::function<base::Result<model::Unit>(const Reader&)>;

/// Told on the ledger thread after the commit (or after the decision refused): must not block.
using Done = std::function<void(base::Result<Committed>)>;

/// Sees every commit of this process in order, on the ledger thread, before its Done. Must not block.
using Listener = std::function<void(const Committed&)>;

struct LedgerOptions {
  std::string directory = "data";  ///< holds tocsin.db; made (0700) when absent
  enum class Open { create, existing_only } open = Open::create;
  std::size_t queue_limit = 20'000;  ///< decisions waiting; past it `submit` refuses
  std::size_t batch_limit = 512;     ///< decisions in one transaction
  /// `server` voids the leases of earlier boots; `beside` works next to a running server (the CLI).
  enum class Role { server, beside } role = Role::server;
};

class Ledger {
 public:
  /// Opens or creates the database and brings its schema up to date.
  /// Errors: invalid (schema newer than this binary, not a ledger), unavailable (locked, no rights, disk).
  static base::Result<std::unique_ptr<Ledger>> open(const LedgerOptions& options);
  virtual ~Ledger() = default;

  /// Queues a decision; false when the queue is full or the ledger is closing (then `done` is not called).
  virtual bool submit(Decide decide, Done done) = 0;
  /// The same, and waits. Not on the ledger thread.
  base::Result<Committed> commit(Decide decide);

  /// Runs `query` on a read connection, on the calling thread, in one snapshot.
  virtual void read(const std::function<void(const Reader&)>& query) = 0;

  /// Leases up to `most` due jobs until `now + lease`, oldest first, and counts the attempt.
  virtual base::Result<std::vector<model::Job>> lease(clock::Instant now, clock::Duration lease, int most) = 0;
  /// Gives a leased job back, to be tried again at `due_at`.
  virtual base::Status retry(model::Row job, clock::Instant due_at) = 0;

  /// Before the first submit.
  virtual void listen(Listener listener) = 0;
  /// Called (on a thread of the ledger's) when another process has changed the database.
  virtual void on_foreign_change(std::function<void()> told) = 0;

  /// What it takes on the disk.
  virtual std::uintmax_t size_in_bytes() const = 0;
  /// Decisions waiting and being worked on: zero is idle.
  virtual std::size_t pending() const = 0;
  /// Refuses new decisions, finishes the queue, closes.
  virtual void close() = 0;
};

/// `ledger.read` with a result.
template <class Query>
auto read(Ledger& ledger, Query&& query) {
  using T = decltype(query(std::declval<const Reader&>()));
  std::optional<T> answer;
  ledger.read([&](const Reader& reader) { answer.emplace(query(reader)); });
  return std::move(*answer);
}

}  // namespace tocsin::store
