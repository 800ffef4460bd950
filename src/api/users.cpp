#include "api/endpoint.hpp"

namespace tocsin::api {

std::span<const Endpoint> user_endpoints() { return {}; }

}  // namespace tocsin::api
