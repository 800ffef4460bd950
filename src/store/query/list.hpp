// Inside the room: how rows are asked for, one, all or a page of them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "store/connection.hpp"
#include "store/query/where.hpp"
#include "store/reader.hpp"

namespace tocsin::store {

inline std::string select(std::string_view columns, std::string_view rest) {
  return std::string("SELECT ").append(columns).append(" FROM ").append(rest);
}

/// The first row of a statement, read.
template <class Read, class... Parameters>
auto one(Connection& connection, const std::string& sql, Read read, const Parameters&... parameters) {
  Run run(connection, sql, parameters...);
  return run.next() ? std::optional(read(run)) : std::nullopt;
}

template <class Read, class... Parameters>
auto all(Connection& connection, const std::string& sql, Read read, const Parameters&... parameters) {
  std::vector<decltype(read(std::declval<Run&>()))> rows;
  Run run(connection, sql, parameters...);
  while (run.next()) rows.push_back(read(run));
  return rows;
}

/// A list: what its rows are read from, which of them match, and their order.
struct List {
  std::string_view columns;
  std::string rows;   ///< tables that give the columns
  std::string table;  ///< table (with its alias) that is filtered, counted and ordered
  std::string id;     ///< its key in both
  Where where;
  std::string order;
  /// What is counted instead of `table` and `where`, with the same parameters; empty: those.
  std::string counted = {};
};

/// So few rows are found and sorted sooner than met by walking along an index; `+` keeps the index out of it.
constexpr std::int64_t few = 100;

// The ids of the page are found first, from indexes alone; only its rows are then looked at.
template <class Read>
auto page(Connection& connection, const List& list, Slice slice, Read read) {
  Page<decltype(read(std::declval<Run&>()))> result;
  {
    Run run(connection,
            "SELECT count(*) FROM " + (list.counted.empty() ? list.table + list.where.text() : list.counted));
    list.where.bind(run);
    if (run.next()) result.total = run.integer();
  }
  if (result.total <= slice.offset) return result;
  const std::string ids = "SELECT " + list.id + " FROM " + list.table + list.where.text() + " ORDER BY " +
                          (result.total <= few ? "+" : "") + list.order + " LIMIT ? OFFSET ?";
  Run run(connection,
          select(list.columns, list.rows + " WHERE " + list.id + " IN (" + ids + ") ORDER BY " + list.order));
  list.where.bind(run);
  run.bind(slice.limit);
  run.bind(slice.offset);
  while (run.next()) result.items.push_back(read(run));
  return result;
}

inline List simple_list(std::string_view columns, const std::string& table, Where where = {}) {
  return {columns, table, table, "id", std::move(where), "id"};
}

}  // namespace tocsin::store
