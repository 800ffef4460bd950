// Inside the room: records as the audit log keeps them. No secret and no hash of one is in it.
#pragma once

#include <string>

#include "model/account.hpp"
#include "model/integration.hpp"
#include "model/session.hpp"

namespace tocsin::change {

std::string describe(const model::Integration& integration);
std::string describe(const model::Route& route);
std::string describe(const model::User& user);
std::string describe(const model::ApiToken& token);
std::string describe(const model::Session& session);
std::string describe(const model::SignInLink& link);
std::string describe(const model::Team& team);

}  // namespace tocsin::change
