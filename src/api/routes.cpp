#include "api/endpoint.hpp"

namespace tocsin::api {

std::span<const Endpoint> route_endpoints() { return {}; }

}  // namespace tocsin::api
