// What a monitoring system posts, whatever it says it is, as one value (better than ingest.md 1.4; weak points 3 to 5).
#pragma once

#include <memory>
#include <string_view>

#include "base/result.hpp"
#include "value/json.hpp"

namespace tocsin::api {

/// JSON is recognised whatever the Content-Type says. A form becomes an object of strings, other text becomes
/// `{"message": text}`. Errors: invalid, for an empty body (message in plain words), for JSON that breaks off or
/// is malformed (`where` holds line and column), for uploaded files.
base::Result<std::shared_ptr<const value::Document>> read_body(std::string_view body, std::string_view content_type);

}  // namespace tocsin::api
