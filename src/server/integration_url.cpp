#include "server/integration_url.hpp"

#include <fmt/format.h>

#include "catalog/catalog.hpp"

namespace tocsin::server {
namespace {

// As the engine names it.
constexpr std::string_view purpose = "integration token";

}  // namespace

void give_token(model::Integration& integration, const seal::MasterKey& key, const std::string& token) {
  integration.token_sealed = seal::Sealer(key, purpose).seal(token, integration.id.text());
  integration.token_digest = seal::Digester(key, purpose).digest(token);
}

std::optional<std::string> url_of(const model::Integration& integration, const seal::MasterKey& key,
                                  const std::string& base) {
  const std::optional<std::string> token = seal::Sealer(key, purpose).open(integration.token_sealed, integration.id.text());
  if (!token) return std::nullopt;
  return fmt::format("{}/integrations/v1/{}/{}/", base, catalog::shown_slug(integration.type), *token);
}

}  // namespace tocsin::server
