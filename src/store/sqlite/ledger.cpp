#include "store/sqlite/ledger.hpp"

#include <pthread.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <future>
#include <mutex>
#include <thread>

#include "base/log.hpp"
#include "base/metric.hpp"
#include "store/query/writer.hpp"
#include "store/schema/migrations.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/data_folder.hpp"
#include "store/sqlite/read_pool.hpp"

namespace tocsin::store::sqlite {
namespace {

/// How often the database is asked whether another process changed it. Looking at a file is I/O, like a socket's
/// deadline: it follows the system's clock, not the product's.
constexpr std::chrono::milliseconds look_interval{200};

std::int64_t wall_micros() {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

/// One thing for the ledger thread: a decision with its answer, or an operation of the ledger's own.
struct Item {
  Decide decide;
  Done done;
  std::function<void(Writer&)> operation;
  std::function<void(const std::string& error)> operated;
};

struct Metrics {
  base::Histogram batch{"tocsin_ledger_batch_size", "Decisions in one commit", {1, 2, 5, 10, 25, 50, 100, 250, 500}};
  base::Histogram seconds{"tocsin_ledger_commit_seconds",
                          "Time of one transaction, from begin to synced",
                          {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1}};
  base::Gauge queued{"tocsin_ledger_queue", "Decisions that wait"};
  base::Counter failures{"tocsin_ledger_failed_commits_total", "Transactions that were rolled back"};
};

base::Error told(const DatabaseError& error) {
  switch (error.kind) {
    case DatabaseError::Kind::busy: return {base::ErrorKind::unavailable, "the database is locked by another process"};
    case DatabaseError::Kind::full: return {base::ErrorKind::unavailable, "the disk is full"};
    case DatabaseError::Kind::constraint: return {base::ErrorKind::conflict, error.what()};
    case DatabaseError::Kind::other: break;
  }
  return {base::ErrorKind::unavailable, std::string("the database failed: ") + error.what()};
}

class SqliteLedger final : public Ledger {
 public:
  SqliteLedger(const LedgerOptions& options, std::unique_ptr<Connection> connection, Descriptor lock,
               const std::string& path)
      : options_(options),
        lock_file_(std::move(lock)),
        connection_(std::move(connection)),
        writer_(*connection_),
        readers_(path),
        boot_(std::to_string(::getpid()) + "." + std::to_string(wall_micros())) {
    if (options.role == LedgerOptions::Role::server) writer_.void_leases(boot_);
    data_version_ = data_version();
    thread_ = std::jthread([this] { run(); });
  }
  ~SqliteLedger() override { close(); }

  bool submit(Decide decide, Done done) override { return push({std::move(decide), std::move(done), {}, {}}); }

  void read(const std::function<void(const Reader&)>& query) override { readers_.read(query); }

  base::Result<std::vector<model::Job>> lease(clock::Instant now, clock::Duration length, int most) override {
    std::vector<model::Job> jobs;
    const base::Status leased = operate([&](Writer& writer) { jobs = writer.lease(now, length, most, boot_); });
    if (!leased) return leased.error();
    return jobs;
  }

  base::Status retry(model::Row job, clock::Instant due_at) override {
    return operate([&](Writer& writer) { writer.retry(job, due_at); });
  }

  void listen(Listener listener) override {
    const std::lock_guard guard(mutex_);
    listeners_.push_back(std::move(listener));
  }

  void on_foreign_change(std::function<void()> foreign) override {
    const std::lock_guard guard(mutex_);
    foreign_ = std::move(foreign);
  }

  std::uintmax_t size_in_bytes() const override {
    std::uintmax_t bytes = 0;
    for (const char* name : {"/tocsin.db", "/tocsin.db-wal"}) {
      std::error_code error;
      const std::uintmax_t size = std::filesystem::file_size(options_.directory + name, error);
      if (!error) bytes += size;
    }
    return bytes;
  }

  std::size_t pending() const override {
    const std::lock_guard guard(mutex_);
    return queue_.size() + working_;
  }

  void close() override {
    {
      const std::lock_guard guard(mutex_);
      closing_ = true;
    }
    ready_.notify_all();
    if (thread_.joinable()) thread_.join();
  }

 private:
  bool push(Item item) {
    {
      const std::lock_guard guard(mutex_);
      if (closing_ || queue_.size() >= options_.queue_limit) return false;
      queue_.push_back(std::move(item));
    }
    ready_.notify_one();
    return true;
  }

  base::Status operate(std::function<void(Writer&)> operation) {
    auto promise = std::make_shared<std::promise<std::string>>();
    std::future<std::string> future = promise->get_future();
    const auto tell = [promise](const std::string& error) { promise->set_value(error); };
    if (!push({{}, {}, std::move(operation), tell})) {
      return base::Error{base::ErrorKind::unavailable, "the ledger is closing or its queue is full"};
    }
    const std::string error = future.get();
    if (error.empty()) return {};
    return base::Error{base::ErrorKind::unavailable, error};
  }

  void run() {
    pthread_setname_np(pthread_self(), "ledger");
    while (true) {
      std::vector<Item> batch = take();
      if (batch.empty() && closed_and_drained()) break;
      look_for_foreign_change();
      if (batch.empty()) continue;
      work_on(batch);
      const std::lock_guard guard(mutex_);
      working_ = 0;
    }
  }

  /// All that waits, up to the limit; empty after a while without work, so that the thread can look around.
  std::vector<Item> take() {
    std::unique_lock guard(mutex_);
    ready_.wait_for(guard, look_interval, [this] { return closing_ || !queue_.empty(); });
    std::vector<Item> batch;
    while (!queue_.empty() && batch.size() < options_.batch_limit) {
      batch.push_back(std::move(queue_.front()));
      queue_.pop_front();
    }
    working_ = batch.size();
    metrics_.queued.set(static_cast<double>(queue_.size()));
    return batch;
  }

  bool closed_and_drained() const {
    const std::lock_guard guard(mutex_);
    return closing_ && queue_.empty();
  }

  // SQLite counts commits of other connections only; the readers of this process never write.
  std::int64_t data_version() {
    Run run(*connection_, "PRAGMA data_version");
    return run.next() ? run.integer() : 0;
  }

  void look_for_foreign_change() {
    const auto now = std::chrono::steady_clock::now();
    if (now < next_look_) return;
    next_look_ = now + look_interval;
    try {
      const std::int64_t version = data_version();
      if (version == data_version_) return;
      data_version_ = version;
    } catch (const DatabaseError& error) {
      base::log(base::LogLevel::warning, "the database could not be looked at", {{"reason", error.what()}});
      return;
    }
    std::function<void()> foreign;
    {
      const std::lock_guard guard(mutex_);
      foreign = foreign_;
    }
    if (foreign) foreign();
  }

  // The whole batch in one transaction. If writing one of the Units breaks a rule of the schema (or throws), all is
  // undone and done again with a savepoint around each, so that it fails alone; decisions are pure, so running them
  // again is safe.
  void work_on(std::vector<Item>& batch) {
    const auto begun = std::chrono::steady_clock::now();
    if (!attempt(batch, Each::bare)) attempt(batch, Each::in_savepoint);
    metrics_.batch.observe(static_cast<double>(batch.size()));
    metrics_.seconds.observe(std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count());
  }

  enum class Each { bare, in_savepoint };

  /// False when a Unit could not be written and nothing was committed or answered; with savepoints always true.
  bool attempt(std::vector<Item>& batch, Each each) {
    std::vector<base::Result<Committed>> outcomes;
    outcomes.reserve(batch.size());
    try {
      connection_->execute("BEGIN IMMEDIATE");
      for (Item& item : batch) outcomes.push_back(each == Each::bare ? write(item) : write_alone(item));
      connection_->execute("COMMIT");
    } catch (const DatabaseError& error) {
      roll_back();
      metrics_.failures.add();
      if (error.kind == DatabaseError::Kind::constraint && each == Each::bare) return false;
      base::log(base::LogLevel::error, "a commit failed", {{"reason", error.what()}, {"batch", batch.size()}});
      answer_all(batch, told(error));
      return true;
    } catch (const std::exception& failure) {
      roll_back();
      metrics_.failures.add();
      if (each == Each::bare) return false;
      base::log(base::LogLevel::error, "the ledger threw", {{"what", failure.what()}});
      answer_all(batch, unexplained());
      return true;
    }
    answer(batch, outcomes);
    return true;
  }

  static base::Error unexplained() { return {base::ErrorKind::internal, "internal error; the log knows more"}; }

  base::Result<Committed> write(Item& item) {
    if (item.operation) {
      item.operation(writer_);
      return Committed{};
    }
    base::Result<model::Unit> unit = decide(item);
    if (!unit) return std::move(unit).error();
    Committed committed{0, std::move(*unit)};
    writer_.write(committed.unit);
    return committed;
  }

  base::Result<model::Unit> decide(Item& item) {
    try {
      return item.decide(Reader(*connection_));
    } catch (const DatabaseError&) {
      throw;
    } catch (const std::exception& failure) {
      base::log(base::LogLevel::error, "a decision threw", {{"what", failure.what()}});
      return unexplained();
    }
  }

  base::Result<Committed> write_alone(Item& item) {
    connection_->execute("SAVEPOINT unit");
    try {
      base::Result<Committed> outcome = write(item);
      connection_->execute("RELEASE unit");
      return outcome;
    } catch (const DatabaseError& error) {
      // What ails the database as a whole is the batch's business.
      if (error.kind != DatabaseError::Kind::constraint) throw;
      base::log(base::LogLevel::error, "a unit broke a rule of the schema", {{"rule", error.what()}});
    } catch (const std::exception& failure) {
      base::log(base::LogLevel::error, "a unit could not be written", {{"what", failure.what()}});
    }
    connection_->execute("ROLLBACK TO unit; RELEASE unit");
    return unexplained();
  }

  void roll_back() {
    try {
      connection_->execute("ROLLBACK");
    } catch (const DatabaseError&) {
      // SQLite has rolled back by itself (a full disk, an I/O error).
    }
  }

  void answer_all(std::vector<Item>& batch, const base::Error& error) {
    for (Item& item : batch) {
      if (item.operated) {
        item.operated(error.message);
      } else if (item.done) {
        item.done(error);
      }
    }
  }

  void answer(std::vector<Item>& batch, std::vector<base::Result<Committed>>& outcomes) {
    std::vector<Listener> listeners;
    {
      const std::lock_guard guard(mutex_);
      listeners = listeners_;
    }
    for (std::size_t i = 0; i < batch.size(); ++i) {
      if (batch[i].operated) {
        batch[i].operated(outcomes[i] ? std::string() : outcomes[i].error().message);
        continue;
      }
      if (outcomes[i] && !outcomes[i]->unit.empty()) {
        outcomes[i]->sequence = ++sequence_;
        for (const Listener& listener : listeners) listener(*outcomes[i]);
      }
      batch[i].done(std::move(outcomes[i]));
    }
  }

  const LedgerOptions options_;
  Descriptor lock_file_;
  std::unique_ptr<Connection> connection_;
  Writer writer_;
  ReadPool readers_;
  const std::string boot_;
  Metrics metrics_;
  std::int64_t data_version_ = 0;
  std::chrono::steady_clock::time_point next_look_{};
  std::uint64_t sequence_ = 0;

  mutable std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<Item> queue_;
  std::size_t working_ = 0;
  bool closing_ = false;
  std::vector<Listener> listeners_;
  std::function<void()> foreign_;
  std::jthread thread_;
};

}  // namespace

base::Result<std::unique_ptr<Ledger>> open_ledger(const LedgerOptions& options) {
  if (base::Status made = make_directory(options); !made) return made.error();
  base::Result<Descriptor> lock = lock_for_server(options);
  if (!lock) return std::move(lock).error();

  const bool may_create = options.open == LedgerOptions::Open::create;
  const std::string path = prepare_database(options);
  auto connection = open_connection(path, may_create ? Access::create : Access::read_write);
  if (!connection) return std::move(connection).error();
  try {
    if (base::Status migrated = migrate(**connection, wall_micros()); !migrated) return migrated.error();
    return std::unique_ptr<Ledger>(
        std::make_unique<SqliteLedger>(options, std::move(*connection), std::move(*lock), path));
  } catch (const DatabaseError& error) {
    return told(error);
  }
}

}  // namespace tocsin::store::sqlite
