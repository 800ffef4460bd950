#include "api/endpoint.hpp"

namespace tocsin::api {

std::vector<Endpoint> all_endpoints() {
  std::vector<Endpoint> all;
  for (const std::span<const Endpoint> part :
       {integration_endpoints(), route_endpoints(), alert_group_endpoints(), alert_endpoints(),
        resolution_note_endpoints(), user_endpoints(), team_endpoints(), session_endpoints(), audit_endpoints(),
        status_endpoints(), token_endpoints(), catalog_endpoints(), event_endpoints(), description_endpoints()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

}  // namespace tocsin::api
