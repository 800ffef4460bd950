// What a list of the ledger is asked for: a page, and filters.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "clock/clock.hpp"
#include "model/alert_group.hpp"

namespace tocsin::store {

/// One page of a list.
template <class T>
struct Page {
  std::vector<T> items;
  std::int64_t total = 0;  ///< rows that the filter matches
};

/// Which rows: skip `offset`, take `limit`.
struct Slice {
  std::int64_t offset = 0;
  std::int64_t limit = 50;
};

/// Filters of the list of alert groups (spec: api.md 2.14, and additions). Absent: not filtered.
struct AlertGroupFilter {
  std::optional<std::string> id;
  std::optional<std::int64_t> number;
  std::optional<std::string> integration;
  std::optional<std::string> route;
  std::optional<std::string> team;  ///< empty text: without a team
  std::optional<model::State> state;
  std::vector<std::pair<std::string, std::string>> labels;  ///< all of them
  std::optional<clock::Instant> started_from;
  std::optional<clock::Instant> started_to;  ///< both inclusive
  std::optional<std::string> search;         ///< substring of the title, exact public id, or the number
};

struct AlertFilter {
  std::optional<std::string> id;
  std::optional<std::string> group;
  /// Case-insensitive (ASCII) substring of the payload's JSON; without a group, of the newest 20,000 alerts.
  std::optional<std::string> search;
};

struct IntegrationFilter {
  std::optional<std::string> name;  ///< exact
  std::optional<std::string> team;  ///< empty text: without a team
};

struct RouteFilter {
  std::optional<std::string> integration;
  std::optional<std::string> expression;  ///< exact
};

/// Of the changes of settings. Absent: not filtered.
struct AuditFilter {
  std::optional<std::string> user;     ///< who did it
  std::optional<std::string> action;   ///< exact, or with a `.` at its end all that begin so: `integration.`
  std::optional<std::string> subject;  ///< exact public id
  std::optional<std::string> search;   ///< part of the action, the subject or what was or is
};

}  // namespace tocsin::store
