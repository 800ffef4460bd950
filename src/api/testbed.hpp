// For tests of the API: a ledger in a folder of its own, a clock that stands still, one user of each role, and a way
// to ask without sockets.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/public_api.hpp"
#include "catalog/catalog.hpp"
#include "clock/clock.hpp"
#include "engine/engine.hpp"
#include "seal/seal.hpp"
#include "store/ledger.hpp"
#include "value/json.hpp"

namespace tocsin::api::testbed {

/// An answer, and the JSON in it.
class Answer {
 public:
  explicit Answer(wire::Response response);

  int status() const { return response_.status; }
  const std::string& body() const { return response_.body; }
  const std::string& content_type() const { return response_.content_type; }
  /// The header's value as it was set; empty when absent.
  std::string header(std::string_view name) const;
  /// The body with sorted keys; the empty text when it is no JSON.
  std::string json() const;
  /// The member at a path such as `results.0.id`: a string as it is, anything else as JSON, `(absent)` when there is
  /// none.
  std::string at(std::string_view path) const;

 private:
  wire::Response response_;
  std::shared_ptr<const value::Document> document_;
};

/// A JSON text with sorted keys, to compare with Answer::json. CHECKs that it is JSON.
std::string sorted(std::string_view json);

enum class As { admin, editor, viewer, none, inactive, nobody };

using Headers = std::vector<std::pair<std::string, std::string>>;

class Bed {
 public:
  explicit Bed(ApiOptions options = default_options());
  ~Bed();

  static ApiOptions default_options();
  static constexpr std::string_view start = "2026-01-02T03:04:05Z";

  /// Asks `/api/v1/` + target (path and query) with a JSON body.
  Answer ask(std::string_view method, std::string_view target, std::string_view body = {}, As as = As::admin);
  /// The same with all in the hands of the test; `authorization` included.
  Answer ask_with(std::string_view method, std::string_view target, std::string_view body, const Headers& headers);

  /// Signs the user in, by a link; the headers that a page of that session sends.
  Headers session_of(As as);
  /// The same with the type of a JSON body.
  Answer ask_in(const Headers& session, std::string_view method, std::string_view target, std::string_view body = {});

  /// The secret of a user's token.
  static std::string token_of(As as);
  static model::UserId user_of(As as);

  void commit(model::Unit unit);
  /// Stores the group (with one alert, unless it has a row already).
  void put(model::AlertGroup group);
  model::AlertGroup group(const std::string& id);
  std::vector<model::TimelineEntry> timeline(const std::string& id);

  engine::Engine& engine() { return *engine_; }
  clock::VirtualClock& clock() { return clock_; }
  interpret::Bench& bench() { return bench_; }

 private:
  void found();

  std::string folder_;
  clock::VirtualClock clock_;
  catalog::Catalog catalog_;
  seal::MasterKey key_;
  std::unique_ptr<store::Ledger> ledger_;
  ApiOptions options_;
  std::unique_ptr<engine::Engine> engine_;
  std::unique_ptr<PublicApi> api_;
  interpret::Bench bench_;
};

inline const model::OrganizationId organization("OAAAAAAAAAAA1");
inline const model::IntegrationId integration("CAAAAAAAAAAA1");
inline const model::RouteId route("RAAAAAAAAAAA1");

/// A firing group of `integration` that began when the clock started, with nothing in it but a title.
model::AlertGroup firing(const std::string& id);
model::AlertGroup acknowledged(const std::string& id);
model::AlertGroup resolved(const std::string& id);
model::AlertGroup silenced(const std::string& id);
/// The alert that `Bed::put` gives a group: `A` + the group's random part.
std::string alert_id_of(const std::string& group_id);

}  // namespace tocsin::api::testbed
