// Who is asking: the API token of a request (spec: api.md 1.2 A). May wait for the ledger.
#pragma once

#include <string_view>

#include "access/access.hpp"
#include "base/result.hpp"
#include "engine/engine.hpp"

namespace tocsin::api {

/// The principal of a value of `Authorization`: the raw token, without a scheme. Notes the token's use, at most once
/// a minute. Errors: unauthenticated, in the API's words.
base::Result<access::Principal> authenticate(engine::Engine& engine, std::string_view authorization);

}  // namespace tocsin::api
