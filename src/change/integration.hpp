// Edits of integrations (spec: api.md 2.1). Pure.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "catalog/catalog.hpp"
#include "change/edit.hpp"
#include "change/route.hpp"
#include "model/unit.hpp"

namespace tocsin::change {

/// What an edit says of an integration; absent members are kept.
struct IntegrationChange {
  std::optional<std::string> name;
  std::optional<std::optional<std::string>> description;
  std::optional<model::TeamId> team;                            ///< empty: no team
  std::map<std::string, std::optional<std::string>> templates;  ///< by field; null: back to the type's default
  std::optional<std::map<std::string, std::string>> labels;
  std::optional<std::map<std::string, std::string>> dynamic_labels;
  std::optional<bool> resolves_from_source;
  std::optional<std::optional<double>> rate_per_second;
  std::optional<std::optional<double>> rate_burst;
  RouteChange default_route;
};

/// Ids and the token in its two kept forms, made before the transaction.
struct FreshIntegration {
  model::IntegrationId id;
  model::RouteId default_route;
  std::string token_sealed;
  std::string token_digest;
  const catalog::Type* type = nullptr;
};

/// Is the name borne by another live integration of that team?
using NameTaken = std::function<bool(const std::string& name, const model::TeamId& team)>;

/// The type that an integration may be made of. Errors: invalid, in the API's words.
base::Result<const catalog::Type*> check_type(const catalog::Catalog& catalog, std::string_view slug);
/// Do the templates compile, are the labels and rates sensible? Before the transaction. Errors: invalid.
base::Status check_integration(const IntegrationChange& change);

/// With its default route; without a name it gets one of its own.
base::Result<model::Unit> create_integration(const FreshIntegration& fresh, const IntegrationChange& change,
                                             const NameTaken& taken, const Edit& edit);

/// An integration with its routes, the default one last.
struct Standing {
  model::Integration integration;
  std::vector<model::Route> routes;
};
base::Result<model::Unit> change_integration(const Standing& standing, const IntegrationChange& change,
                                             const NameTaken& taken, const Edit& edit);
/// Its URL stops working, its alert groups stay, its name is free again.
base::Result<model::Unit> delete_integration(const model::Integration& integration, const Edit& edit);

}  // namespace tocsin::change
