// The public ids of the product, each its own type (spec: api.md 1.6).
#pragma once

#include "base/id.hpp"

namespace tocsin::model {

struct OrganizationKind {
  static constexpr std::string_view prefix = "O";
};
struct UserKind {
  static constexpr std::string_view prefix = "U";
};
struct TeamKind {
  static constexpr std::string_view prefix = "T";
};
struct IntegrationKind {
  static constexpr std::string_view prefix = "C";
};
struct RouteKind {
  static constexpr std::string_view prefix = "R";
};
struct AlertGroupKind {
  static constexpr std::string_view prefix = "I";
};
struct AlertKind {
  static constexpr std::string_view prefix = "A";
};
struct EscalationChainKind {
  static constexpr std::string_view prefix = "F";
};
struct ResolutionNoteKind {
  static constexpr std::string_view prefix = "M";
};
struct ApiTokenKind {
  static constexpr std::string_view prefix = "K";
};
struct SessionKind {
  static constexpr std::string_view prefix = "Y";
};

using OrganizationId = base::Id<OrganizationKind>;
using UserId = base::Id<UserKind>;
using TeamId = base::Id<TeamKind>;
using IntegrationId = base::Id<IntegrationKind>;
using RouteId = base::Id<RouteKind>;
using AlertGroupId = base::Id<AlertGroupKind>;
using AlertId = base::Id<AlertKind>;
using EscalationChainId = base::Id<EscalationChainKind>;
using ResolutionNoteId = base::Id<ResolutionNoteKind>;
using ApiTokenId = base::Id<ApiTokenKind>;
using SessionId = base::Id<SessionKind>;

}  // namespace tocsin::model
