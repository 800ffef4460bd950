// An integration (one URL that a monitoring system posts to) and its routes (spec: ingest.md 4, 5; api.md 2.1, 2.3).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "clock/clock.hpp"
#include "model/ids.hpp"

namespace tocsin::model {

/// Template texts by field: `grouping_key`, `resolve_signal`, `acknowledge_signal`, `source_link`,
/// `web.title`, `slack.message` … Absent: the type's default. An empty text also means the default.
using Templates = std::map<std::string, std::string>;

struct Integration {
  IntegrationId id;
  OrganizationId organization;
  TeamId team;       ///< empty: no team
  UserId author;     ///< empty: none
  std::string type;  ///< slug in the catalogue, `legacy_` prefix included
  std::string name;
  std::optional<std::string> description;
  std::string token_sealed;  ///< the URL's token, sealed with the master key, for display
  std::string token_digest;  ///< keyed hash of the token, for look-up
  Templates templates;
  bool resolves_from_source = true;                   ///< OnCall's allow_source_based_resolving
  std::map<std::string, std::string> labels;          ///< static labels
  std::map<std::string, std::string> dynamic_labels;  ///< label name → template of its value
  std::optional<double> rate_per_second;              ///< own limit; absent: the server's
  std::optional<double> rate_burst;
  clock::Instant created_at;
  std::optional<clock::Instant> deleted_at;
};

enum class RouteType { regex, jinja2, labels };

struct Route {
  RouteId id;
  OrganizationId organization;
  IntegrationId integration;
  bool is_default = false;
  std::int64_t position = 0;  ///< unique among the integration's non-default routes; may have gaps
  RouteType type = RouteType::regex;
  std::optional<std::string> expression;  ///< absent on the default route
  EscalationChainId escalation_chain;     ///< empty: none
  std::string channels =
      "{}";  ///< chat settings as the API shows them, JSON: {"slack":{"channel_id":null,"enabled":true},…}
  clock::Instant created_at;
};

}  // namespace tocsin::model
