// Runs the stories of tests/cases/timeline/ (its README tells their language).
#include "group/world_test.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>

using namespace tocsin;
using namespace tocsin::group;

namespace {

using Words = std::vector<std::string>;

/// Words of a line; quotes hold spaces together, `#` after a space or at the start followed by one is a comment.
Words words_of(const std::string& line) {
  Words words;
  std::string word;
  bool quoted = false;
  bool begun = false;
  for (const char c : line) {
    if (c == '"') {
      quoted = !quoted;
      begun = true;
    } else if ((c == ' ' || c == ',') && !quoted) {
      if (begun) words.push_back(std::exchange(word, {}));
      begun = false;
    } else {
      word += c;
      begun = true;
    }
  }
  if (begun) words.push_back(word);
  return words;
}

/// `HH:MM` or `HH:MM:SS` of the story's day.
clock::Instant instant_of(const std::string& text) {
  int hours = 0;
  int minutes = 0;
  int seconds = 0;
  REQUIRE_MESSAGE(std::sscanf(text.c_str(), "%d:%d:%d", &hours, &minutes, &seconds) >= 2, text);
  return clock::Instant::from_seconds(hours * 3600 + minutes * 60 + seconds);
}

std::string time_text(clock::Instant instant) {
  return clock::to_iso8601(instant).substr(11, 8);
}

/// `30m`, `45s`, `2h`.
clock::Duration duration_of(const std::string& text) {
  const int count = std::stoi(text);
  switch (text.back()) {
    case 's': return std::chrono::seconds(count);
    case 'm': return std::chrono::minutes(count);
    case 'h': return std::chrono::hours(count);
  }
  FAIL("not a duration: " << text);
  return {};
}

std::string_view name_of(model::ChangedBy by) {
  constexpr std::string_view names[] = {"nobody", "source", "user", "last_step", "wipe", "maintenance", "system"};
  return names[static_cast<int>(by)];
}

class Story {
 public:
  void run(const std::string& line) {
    words_ = words_of(line);
    at_ = 0;
    if (words_.empty()) return;
    if (take("at")) world_.advance_to(instant_of(next()));
    const std::string verb = next();
    if (verb == "refused") {
      CHECK(std::exchange(refusal_, {}) == next());
      return;
    }
    CHECK_MESSAGE(refusal_.empty(), "refused without being told so: " << refusal_);
    refusal_.clear();
    if (verb == "fire" || verb == "source-resolve" || verb == "source-acknowledge") {
      receive(verb);
    } else if (verb == "expect") {
      expect();
    } else {
      act(verb);
    }
    CHECK_MESSAGE(at_ == words_.size(), "more than was understood: " << line);
  }

  void end() { CHECK_MESSAGE(refusal_.empty(), "refused without being told so: " << refusal_); }

 private:
  bool take(const std::string& word) {
    if (at_ >= words_.size() || words_[at_] != word) return false;
    ++at_;
    return true;
  }
  std::string next() {
    REQUIRE_MESSAGE(at_ < words_.size(), "a word is missing");
    return words_[at_++];
  }
  /// A group that is named, else the one of the last alert.
  std::string group_name() {
    if (at_ < words_.size() && words_[at_][0] == '#') return words_[at_++];
    return last_;
  }
  const model::AlertGroup& group(const std::string& name) {
    const model::AlertGroup* found = world_.find(name);
    REQUIRE_MESSAGE(found != nullptr, "there is no group " << name);
    return *found;
  }

  void receive(const std::string& verb) {
    Signal signal;
    signal.resolve = verb == "source-resolve";
    signal.acknowledge = verb == "source-acknowledge";
    while (at_ < words_.size()) {
      const std::string word = next();
      const std::string value = word.substr(word.find('=') + 1);
      if (word.starts_with("key="))
        signal.key = value;
      else if (word.starts_with("series="))
        signal.series = value;
      else if (word.starts_with("route="))
        signal.route = value;
      else if (word == "acknowledge")
        signal.acknowledge = true;
      else
        FAIL("not a part of an alert: " << word);
    }
    last_ = world_.receive(signal);
  }

  model::Actor actor() {
    model::Actor actor{model::Via::api, {}, {}};
    while (at_ < words_.size()) {
      if (take("by")) {
        actor.user = model::UserId(next());
      } else if (take("via")) {
        const std::string via = next();
        for (int i = 0; i < 5; ++i) {
          if (model::name_of(static_cast<model::Via>(i)) == via) actor.via = static_cast<model::Via>(i);
        }
      } else if (take("from")) {
        actor.address = next();
      } else {
        break;
      }
    }
    return actor;
  }

  void act(const std::string& verb) {
    const std::string name = group_name();
    if (verb == "attach") {
      REQUIRE(take("to"));
      const std::string root = next();
      refusal_ = world_.attach(name, root, actor());
      return;
    }
    Action action = Acknowledge{};
    if (verb == "silence") {
      const std::string length = next();
      action = Silence{length == "forever" ? std::nullopt : std::optional(duration_of(length))};
    } else {
      const std::map<std::string, Action> simple = {
          {"acknowledge", Acknowledge{}}, {"unacknowledge", Unacknowledge{}},
          {"resolve", Resolve{}},         {"unresolve", Unresolve{}},
          {"unsilence", Unsilence{}},     {"unattach", Unattach{}},
          {"restart", Restart{}},         {"wipe", Wipe{}},
          {"delete", Delete{}},
      };
      const auto found = simple.find(verb);
      REQUIRE_MESSAGE(found != simple.end(), "not a verb: " << verb);
      action = found->second;
    }
    refusal_ = world_.act(name, action, actor());
  }

  void expect() {
    if (take("groups")) {
      CHECK(world_.groups().size() == std::stoul(next()));
    } else if (take("jobs")) {
      CHECK(world_.jobs().size() == std::stoul(next()));
    } else if (take("job")) {
      expect_job();
    } else if (take("timeline")) {
      expect_timeline();
    } else if (take("entry")) {
      expect_entry();
    } else if (take("deleted")) {
      CHECK(world_.find(next()) == nullptr);
    } else if (take("scrubbed")) {
      const std::string name = next();
      CHECK(std::count(world_.scrubbed().begin(), world_.scrubbed().end(), name) == 1);
    } else {
      const std::string name = group_name();
      expect_group(name, group(name));
    }
  }

  void expect_job() {
    const std::string name = group_name();
    const auto job = world_.jobs().find(name);
    REQUIRE_MESSAGE(job != world_.jobs().end(), "no job for " << name);
    REQUIRE(take("at"));
    CHECK(time_text(job->second) == time_text(instant_of(next())));
  }

  void expect_timeline() {
    const std::string name = group_name();
    Words told;
    for (const model::TimelineEntry& entry : world_.timeline()) {
      if (entry.group.text() == name) told.emplace_back(model::name_of(entry.kind));
    }
    const Words expected(words_.begin() + static_cast<std::ptrdiff_t>(at_), words_.end());
    at_ = words_.size();
    CHECK(told == expected);
  }

  void expect_entry() {
    const std::string name = group_name();
    const std::string kind = next();
    const model::TimelineEntry* last = nullptr;
    for (const model::TimelineEntry& entry : world_.timeline()) {
      if (entry.group.text() == name && model::name_of(entry.kind) == kind) last = &entry;
    }
    REQUIRE_MESSAGE(last != nullptr, "no such entry: " << kind);
    while (at_ < words_.size()) {
      const std::string what = next();
      const std::string value = next();
      if (what == "by")
        CHECK(last->actor.user.text() == (value == "nobody" ? "" : value));
      else if (what == "via")
        CHECK(model::name_of(last->actor.via) == value);
      else if (what == "from")
        CHECK(last->actor.address == value);
      else if (what == "at")
        CHECK(time_text(last->at) == time_text(instant_of(value)));
      else if (what == "reason")
        CHECK(last->reason == value);
      else if (what == "says")
        CHECK_MESSAGE(last->details.find(value) != std::string::npos, last->details);
      else
        FAIL("not a part of an entry: " << what);
    }
  }

  void expect_instant(const std::optional<clock::Instant>& instant) {
    const std::string expected = next();
    if (expected == "none" || expected == "forever") {
      CHECK_FALSE(instant.has_value());
    } else {
      REQUIRE(instant.has_value());
      CHECK(time_text(*instant) == time_text(instant_of(expected)));
    }
  }

  void expect_group(const std::string& name, const model::AlertGroup& group) {
    const std::string what = next();
    if (what == "firing" || what == "acknowledged" || what == "silenced" || what == "resolved") {
      CHECK(model::name_of(model::state_of(group)) == what);
      if (take("by")) {
        const std::string by = next();
        const bool acknowledged = what == "acknowledged";
        const model::UserId& user = acknowledged ? group.acknowledged_by_user : group.resolved_by_user;
        CHECK((by[0] == 'U' ? user.text()
                            : std::string(name_of(acknowledged ? group.acknowledged_by : group.resolved_by))) == by);
      }
    } else if (what == "open" || what == "closed") {
      CHECK(group.open_for_grouping == (what == "open"));
    } else if (what == "alerts") {
      const auto count = std::stoll(next());
      CHECK(group.alerts_count == count);
      CHECK(world_.alerts_in(name) == count);
    } else if (what == "root") {
      const std::string root = next();
      CHECK(group.root.text() == (root == "none" ? "" : root));
    } else if (what == "route") {
      CHECK(group.route.text() == next());
    } else if (what == "title") {
      CHECK(group.title == next());
    } else if (what == "until") {
      expect_instant(group.silenced_until);
    } else if (what == "restarted") {
      expect_instant(group.restarted_at);
    } else if (what == "last-alert") {
      expect_instant(group.last_alert_at);
    } else if (what == "response") {
      const std::string length = next();
      CHECK(group.response_time == (length == "none" ? std::nullopt : std::optional(duration_of(length))));
    } else {
      FAIL("not an expectation: " << what);
    }
  }

  World world_;
  Words words_;
  std::size_t at_ = 0;
  std::string last_;
  std::string refusal_;
};

int run_file(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::optional<Story> story;
  int cases = 0;
  int number = 0;
  std::string title;
  for (std::string line; std::getline(file, line);) {
    ++number;
    if (line.empty() || line.starts_with("# ")) continue;
    if (line.starts_with("case: ")) {
      if (story) story->end();
      story.emplace();
      title = line.substr(6);
      ++cases;
      continue;
    }
    const std::string where = path.filename().string() + ":" + std::to_string(number) + ": " + title + ": " + line;
    INFO(where);
    REQUIRE(story.has_value());
    story->run(line);
  }
  if (story) story->end();
  return cases;
}

}  // namespace

TEST_CASE("the stories of alert groups") {
  const std::filesystem::path folder = std::filesystem::path(TOCSIN_SOURCE_DIR) / "tests/cases/timeline";
  int cases = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".txt") cases += run_file(entry.path());
  }
  CHECK(cases >= 40);
}
