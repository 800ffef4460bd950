#include "api/endpoint.hpp"

namespace tocsin::api {

std::span<const Endpoint> catalog_endpoints() { return {}; }

}  // namespace tocsin::api
