#include "api/endpoint.hpp"

namespace tocsin::api {

std::span<const Endpoint> token_endpoints() { return {}; }

}  // namespace tocsin::api
