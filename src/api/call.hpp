// One authenticated request to /api/v1/, on a worker: who asks, for what, with what. An endpoint's function takes
// it and returns the Response; it may wait for the ledger.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "access/access.hpp"
#include "api/api.hpp"
#include "api/sign_in_gate.hpp"
#include "engine/edits.hpp"
#include "value/json.hpp"

namespace tocsin::api {

/// The parameters of a query string, decoded, in order.
class Query {
 public:
  explicit Query(std::string_view text);
  /// The last one of that name; nothing when it is absent.
  std::optional<std::string> get(std::string_view name) const;
  std::vector<std::string> all(std::string_view name) const;
  const std::vector<std::pair<std::string, std::string>>& items() const { return items_; }

 private:
  std::vector<std::pair<std::string, std::string>> items_;
};

struct Call {
  engine::Engine& engine;
  const ApiOptions& options;
  interpret::Bench& bench;
  const wire::Request& request;
  std::string_view path;  ///< below /api/v1/, without a slash at the end: `alert_groups`
  std::string id;         ///< the `{id}` of the path; empty when it has none
  Query query;
  access::Principal principal;
  std::string csrf_token;  ///< of the session; empty when an API token was shown
  SignInGate& gate;
  std::shared_ptr<const value::Document> body;  ///< JSON, or a form as an object of strings; an empty one is `{}`
  value::Arena arena;                           ///< for the answer
  /// Set by an endpoint that goes on after its answer: what feeds the stream, once the head has been sent.
  std::function<void(std::shared_ptr<wire::Stream>)> stream = {};

  store::Ledger& ledger() { return engine.ledger(); }
  engine::Edits edits() const { return {engine.ledger(), engine.clock(), engine.random()}; }
  clock::Instant now() const { return engine.clock().now(); }
  model::Actor actor() const {
    return {principal.session.empty() ? model::Via::api : model::Via::web, principal.user, request.peer};
  }
  /// An absolute link of this server: the public URL and a path that begins with a slash.
  std::string link(std::string_view path_with_slash) const { return options.public_url + std::string(path_with_slash); }
};

}  // namespace tocsin::api
