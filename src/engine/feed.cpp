#include "engine/feed.hpp"

#include <pthread.h>

#include <chrono>
#include <exception>
#include <utility>

#include "base/log.hpp"

namespace tocsin::engine {
namespace {

using std::chrono::steady_clock;

/// Changes gather for so long. Like the beat, it follows the system's clock: connections live by it, not by the
/// product's.
constexpr std::chrono::milliseconds gathering{100};
/// Longer when there is too much to tell: who is told of a gap asks for everything.
constexpr std::chrono::milliseconds gathering_in_a_flood{800};
constexpr std::chrono::seconds beat{15};

std::string new_boot() {
  return std::to_string(
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
          .count());
}

bool touches_accounts(const model::Unit& unit) {
  for (const model::Record& record : unit.records) {
    if (std::holds_alternative<model::User>(record) || std::holds_alternative<model::ApiToken>(record)) return true;
  }
  for (const model::Removal& removal : unit.removals) {
    if (std::holds_alternative<model::SessionId>(removal)) return true;
  }
  return false;
}

}  // namespace

Feed::Feed(store::Ledger& ledger) : ledger_(ledger), boot_(new_boot()) {
  newest_row_ = store::read(ledger, [](const store::Reader& reader) { return reader.told_since(0, 0).newest; });
  ledger.listen([this](const store::Committed& committed) { note(committed); });
  thread_ = std::jthread([this] { run(); });
}

Feed::~Feed() {
  close();
}

void Feed::close() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

bool Feed::watch(std::optional<std::uint64_t> after, Watcher watcher) {
  {
    const std::lock_guard lock(mutex_);
    if (closing_ || count_ >= most_watchers) return false;
    newcomers_.push_back({after, std::move(watcher)});
    ++count_;
  }
  changed_.notify_all();
  return true;
}

std::size_t Feed::watchers() const {
  const std::lock_guard lock(mutex_);
  return count_;
}

void Feed::look_again() {
  {
    const std::lock_guard lock(mutex_);
    pending_.foreign = true;
    pending_.accounts = true;
  }
  changed_.notify_all();
}

// On the ledger thread, for every commit: while nobody watches it only remembers that there is a gap.
void Feed::note(const store::Committed& committed) {
  const model::Unit& unit = committed.unit;
  const bool accounts = touches_accounts(unit);
  const bool groups = !unit.timeline.empty() || !unit.groups.empty() || !unit.removals.empty();
  if (!accounts && !groups) return;
  {
    const std::lock_guard lock(mutex_);
    for (const model::TimelineEntry& entry : unit.timeline) newest_row_ = std::max(newest_row_, entry.row);
    if (count_ == 0 || pending_.groups.size() > most_at_a_time) {
      pending_.gap |= groups;
      if (count_ == 0) return;
    } else {
      for (const model::AlertGroup& group : unit.groups) pending_.groups.try_emplace(group.id.text(), "alert added");
      for (const model::TimelineEntry& entry : unit.timeline) {
        pending_.groups[entry.group.text()] = model::name_of(entry.kind);
      }
      for (const model::Removal& removal : unit.removals) {
        if (const auto* id = std::get_if<model::AlertGroupId>(&removal)) pending_.groups[id->text()] = "deleted";
      }
    }
    pending_.accounts |= accounts;
  }
  changed_.notify_all();
}

bool Feed::wait(Pending& pending, std::vector<Newcomer>& newcomers) {
  std::unique_lock lock(mutex_);
  const auto is_wanted = [this] { return closing_ || !newcomers_.empty() || (count_ > 0 && !pending_.empty()); };
  if (count_ == 0) {
    changed_.wait(lock, is_wanted);
  } else {
    changed_.wait_for(lock, beat, is_wanted);
  }
  if (closing_) return false;
  pending = std::exchange(pending_, Pending());
  newcomers = std::exchange(newcomers_, {});
  return true;
}

void Feed::run() {
  pthread_setname_np(pthread_self(), "feed");
  Pending pending;
  std::vector<Newcomer> newcomers;
  auto next_beat = steady_clock::now() + beat;
  while (wait(pending, newcomers)) {
    bool flooded = false;
    try {
      if (pending.foreign) add_foreign(pending);
      Bulletin bulletin;
      if (pending.gap || pending.groups.size() > most_at_a_time) {
        kept_.clear();
        told_from_ = ++sequence_;
        flooded = true;
        bulletin.kind = Bulletin::Kind::gap;
        bulletin.sequence = sequence_;
        tell(bulletin);
      } else if (!pending.groups.empty()) {
        bulletin.news = read(pending);
        bulletin.sequence = sequence_;
        tell(bulletin);
      }
      if (pending.accounts) tell({Bulletin::Kind::accounts, {}, sequence_});
      for (Newcomer& newcomer : newcomers) welcome(std::exchange(newcomer, Newcomer()));
      if (steady_clock::now() >= next_beat) {
        tell({Bulletin::Kind::beat, {}, sequence_});
        next_beat = steady_clock::now() + beat;
      }
    } catch (const std::exception& failure) {
      base::log(base::LogLevel::error, "the news could not be told", {{"what", failure.what()}});
      put_back(pending, newcomers);
    }
    // What comes meanwhile is told together.
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, flooded ? gathering_in_a_flood : gathering, [this] { return closing_; });
  }
}

// What could not be read is a gap, which is told without the ledger; who came meanwhile is welcomed then.
void Feed::put_back(const Pending& pending, std::vector<Newcomer>& newcomers) {
  const std::lock_guard lock(mutex_);
  pending_.gap = true;
  pending_.accounts |= pending.accounts;
  for (Newcomer& newcomer : newcomers) {
    if (newcomer.watcher) newcomers_.push_back(std::move(newcomer));
  }
  count_ = watchers_.size() + newcomers_.size();
}

// Their timeline entries tell which groups another process changed. Rows only grow but for the newest, which may be
// deleted: then it can't be told.
void Feed::add_foreign(Pending& pending) {
  model::Row from = 0;
  {
    const std::lock_guard lock(mutex_);
    from = newest_row_;
  }
  const auto told = store::read(ledger_, [&](const store::Reader& reader) {
    return reader.told_since(from, static_cast<std::int64_t>(most_at_a_time) * 4);
  });
  for (const auto& [id, kind] : told.groups) pending.groups[id.text()] = model::name_of(kind);
  if (told.newest < from) pending.gap = true;
  const std::lock_guard lock(mutex_);
  newest_row_ = told.newest < from ? told.newest : std::max(newest_row_, told.newest);
}

std::vector<News> Feed::read(const Pending& pending) {
  std::vector<News> news;
  news.reserve(pending.groups.size());
  ledger_.read([&](const store::Reader& reader) {
    for (const auto& [id, what] : pending.groups) {
      News each{0, model::AlertGroupId(id), what, reader.group(model::AlertGroupId(id))};
      if (!each.group) each.what = "deleted";
      news.push_back(std::move(each));
    }
  });
  for (News& each : news) {
    each.sequence = ++sequence_;
    kept_.push_back(each);
  }
  while (kept_.size() > kept_news) {
    told_from_ = kept_.front().sequence;
    kept_.pop_front();
  }
  return news;
}

void Feed::welcome(Newcomer newcomer) {
  Bulletin bulletin;
  bulletin.sequence = sequence_;
  if (newcomer.after && (*newcomer.after < told_from_ || *newcomer.after > sequence_)) {
    bulletin.kind = Bulletin::Kind::gap;
  } else if (newcomer.after) {
    for (const News& each : kept_) {
      if (each.sequence > *newcomer.after) bulletin.news.push_back(each);
    }
  }
  if (newcomer.watcher(bulletin)) {
    watchers_.push_back(std::move(newcomer.watcher));
    return;
  }
  const std::lock_guard lock(mutex_);
  --count_;
}

void Feed::tell(const Bulletin& bulletin) {
  const std::size_t before = watchers_.size();
  std::erase_if(watchers_, [&](const Watcher& watcher) { return !watcher(bulletin); });
  const std::lock_guard lock(mutex_);
  count_ -= before - watchers_.size();
}

}  // namespace tocsin::engine
