// Flow type 2, filled by interpret: what an alert means to its integration, and how that was found.
#pragma once

#include <map>
#include <string>

#include "base/shared_text.hpp"
#include "clock/clock.hpp"
#include "model/ids.hpp"

namespace tocsin::model {

enum class Signal { fire, acknowledge, resolve };

struct Reading {
  IntegrationId integration;
  OrganizationId organization;
  TeamId team;
  std::string title;
  std::string grouping_key;  ///< never empty: a fallback when the template failed or gave nothing
  std::string distinction;   ///< MD5 hex of the key (OnCall's, so that migrated open groups go on)
  bool acknowledge = false;  ///< the acknowledge template held
  bool resolve = false;      ///< the resolve template held and the integration lets the source resolve
  std::string source_link;
  RouteId route;
  std::map<std::string, std::string> labels;
  std::string series;        ///< see Alert::series; then `resolve` speaks of this series only
  base::SharedText payload;  ///< JSON to store
  base::SharedText trace;    ///< JSON, see docs/api.md
  std::string first_error;   ///< plain words of the first template failure; empty: none
  bool demo = false;
  clock::Instant received_at;
  std::string peer;  ///< the sender's address
};

}  // namespace tocsin::model
