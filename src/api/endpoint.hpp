// The table of endpoints: the router, the permission check and the OpenAPI description are made from it, so that
// they can't differ. One file a resource fills in its part.
#pragma once

#include <span>
#include <string_view>

#include "access/access.hpp"
#include "api/call.hpp"

namespace tocsin::api {

/// A query parameter of a list, for the description.
struct Parameter {
  std::string_view name;
  std::string_view meaning;
};

struct Endpoint {
  std::string_view method;   ///< GET, POST, PUT, PATCH, DELETE; HEAD goes where GET goes
  std::string_view pattern;  ///< `alert_groups/{id}/acknowledge`; matches with and without one trailing slash
  access::Permission permission;
  wire::Response (*handle)(Call& call);
  std::string_view summary;                                        ///< one line of the description
  enum class Origin { oncall, addition } origin = Origin::oncall;  ///< additions are marked `x-tocsin-addition`
  std::string_view request_schema = {};   ///< name in the description's components; empty: no body
  std::string_view response_schema = {};  ///< for one object; lists are `Paginated…`
  bool is_list = false;
  std::span<const Parameter> parameters = {};
  /// `open`: answers anybody, without token or session. `session`: answers sessions only, not tokens.
  enum class Access { token, open, session } access = Access::token;
};

// Each resource's part, in its own file.
std::span<const Endpoint> integration_endpoints();
std::span<const Endpoint> route_endpoints();
std::span<const Endpoint> user_endpoints();  ///< users, organizations
std::span<const Endpoint> team_endpoints();
std::span<const Endpoint> audit_endpoints();
std::span<const Endpoint> status_endpoints();
std::span<const Endpoint> session_endpoints();  ///< signing in and out, links, own sessions and password
std::span<const Endpoint> token_endpoints();
std::span<const Endpoint> catalog_endpoints();
std::span<const Endpoint> alert_group_endpoints();  ///< with actions, bulk, timeline
std::span<const Endpoint> alert_endpoints();
std::span<const Endpoint> resolution_note_endpoints();
std::span<const Endpoint> event_endpoints();        ///< live news of alert groups
std::span<const Endpoint> description_endpoints();  ///< openapi.json

/// All of them, each part after the other.
std::vector<Endpoint> all_endpoints();

}  // namespace tocsin::api
