// What changes in alert groups, told to those who watch: a numbered feed behind the ledger's commits, those of other
// processes included. Changes of one group within a moment are told once, as the group then stands.
//
// The ledger thread only notes ids; one thread named `feed` reads the groups and calls the watchers.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "store/ledger.hpp"

namespace tocsin::engine {

/// A group changed.
struct News {
  std::uint64_t sequence = 0;
  model::AlertGroupId id;
  std::string what;                        ///< the newest timeline entry's kind, or `deleted`
  std::optional<model::AlertGroup> group;  ///< absent: deleted
};

/// What a watcher is told at a time.
struct Bulletin {
  enum class Kind {
    news,
    gap,      ///< something was missed: look at everything again
    beat,     ///< nothing, for a while
    accounts  ///< users, sessions or tokens have changed: who watches may no longer be allowed to
  };
  Kind kind = Kind::news;
  std::vector<News> news;
  std::uint64_t sequence = 0;  ///< the newest that is told by now
};

class Feed {
 public:
  /// Called on the feed's thread: must not block. False: it wants no more.
  using Watcher = std::function<bool(const Bulletin&)>;

  explicit Feed(store::Ledger& ledger);
  ~Feed();

  /// First tells what came after `after` (of this process's numbering), or that it is no longer known; nothing: where
  /// the numbering stands. False when there are too many watchers or the feed is closed.
  bool watch(std::optional<std::uint64_t> after, Watcher watcher);
  std::size_t watchers() const;
  /// Tells apart the numberings of different processes.
  const std::string& boot() const { return boot_; }

  /// Another process has changed the ledger.
  void look_again();
  void close();

  static constexpr std::size_t most_watchers = 1000;
  static constexpr std::size_t kept_news = 4096;
  /// More changes than that at a time are told as a gap.
  static constexpr std::size_t most_at_a_time = 500;

 private:
  struct Newcomer {
    std::optional<std::uint64_t> after;
    Watcher watcher;
  };
  /// What is to be told, since the last time.
  struct Pending {
    std::unordered_map<std::string, std::string> groups;  ///< id → what
    bool gap = false;
    bool accounts = false;
    bool foreign = false;
    bool empty() const { return groups.empty() && !gap && !accounts && !foreign; }
  };

  void note(const store::Committed& committed);
  void run();
  bool wait(Pending& pending, std::vector<Newcomer>& newcomers);
  void add_foreign(Pending& pending);
  std::vector<News> read(const Pending& pending);
  void welcome(Newcomer newcomer);
  void put_back(const Pending& pending, std::vector<Newcomer>& newcomers);
  void tell(const Bulletin& bulletin);

  store::Ledger& ledger_;
  const std::string boot_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Pending pending_;
  std::vector<Newcomer> newcomers_;
  model::Row newest_row_ = 0;  ///< of the timeline entries that are known
  std::size_t count_ = 0;      ///< watchers and newcomers
  bool closing_ = false;

  // The thread's own.
  std::vector<Watcher> watchers_;
  std::deque<News> kept_;
  std::uint64_t sequence_ = 0;
  std::uint64_t told_from_ = 0;  ///< everything after this number is kept
  std::jthread thread_;
};

}  // namespace tocsin::engine
