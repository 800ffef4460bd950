// The secret URL of an integration.
#pragma once

#include <optional>
#include <string>

#include "model/integration.hpp"
#include "seal/seal.hpp"

namespace tocsin::server {

/// Gives the integration its token: sealed for display, hashed for look-up.
void give_token(model::Integration& integration, const seal::MasterKey& key, const std::string& token);

/// `<base>/integrations/v1/<type>/<token>/`; nothing when the token can't be opened with this key.
std::optional<std::string> url_of(const model::Integration& integration, const seal::MasterKey& key,
                                  const std::string& base);

}  // namespace tocsin::server
