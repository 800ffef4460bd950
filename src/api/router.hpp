// Which endpoint a method and a path mean. Made from the table of endpoints; immutable, any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/endpoint.hpp"

namespace tocsin::api {

/// What a path stands for.
struct Match {
  const Endpoint* endpoint = nullptr;  ///< null: the path is unknown, or known but not with this method
  std::string id;                      ///< what stands in the place of `{id}`
  std::string allowed;                 ///< the methods of the path, for `Allow`; empty: the path is unknown
};

class Router {
 public:
  explicit Router(std::vector<Endpoint> endpoints) : endpoints_(std::move(endpoints)) {}

  /// `path` is below /api/v1/, without a slash at the end. A literal segment wins over `{id}`.
  Match find(std::string_view method, std::string_view path) const;

  const std::vector<Endpoint>& endpoints() const { return endpoints_; }

 private:
  std::vector<Endpoint> endpoints_;
};

}  // namespace tocsin::api
