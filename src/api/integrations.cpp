#include "api/endpoint.hpp"

namespace tocsin::api {

std::span<const Endpoint> integration_endpoints() { return {}; }

}  // namespace tocsin::api
