#include "api/endpoint.hpp"

namespace tocsin::api {

std::span<const Endpoint> description_endpoints() { return {}; }

}  // namespace tocsin::api
