#include "change/integration.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/text.hpp"
#include "change/describe.hpp"

namespace tocsin::change {
namespace {

constexpr std::size_t label_limit = 15;
constexpr std::size_t label_text_limit = 200;
constexpr double rate_limit = 1e6;

base::Error name_taken() {
  return {base::ErrorKind::invalid, "An integration with this name already exists for this team"};
}

base::Error bad_template(const std::string& field) {
  const std::size_t dot = field.find('.');
  if (dot == std::string::npos) return {base::ErrorKind::invalid, "Invalid " + field + " template data"};
  return {base::ErrorKind::invalid, "invalid " + field.substr(0, dot) + " " + field.substr(dot + 1) + " template"};
}

base::Status check_labels(const std::map<std::string, std::string>& labels, const char* where) {
  const auto wrong = [&](const char* message) { return base::Error{base::ErrorKind::invalid, message, where}; };
  if (labels.size() > label_limit) return wrong("An integration has at most 15 labels.");
  for (const auto& [key, text] : labels) {
    if (key.empty()) return wrong("A label's key may not be blank.");
    if (base::utf8_length(key) > label_text_limit) return wrong("A label's key has at most 200 characters.");
  }
  return {};
}

base::Status check_rate(const std::optional<std::optional<double>>& rate, const char* where) {
  if (!rate || !*rate) return {};
  if (**rate > 0 && **rate <= rate_limit) return {};
  return base::Error{base::ErrorKind::invalid, "A rate is more than 0 and at most 1000000.", where};
}

void apply(model::Integration& integration, const IntegrationChange& change) {
  if (change.name) integration.name = *change.name;
  if (change.description) integration.description = *change.description;
  if (change.team) integration.team = *change.team;
  for (const auto& [field, text] : change.templates) {
    if (text) {
      integration.templates[field] = *text;
    } else {
      integration.templates.erase(field);
    }
  }
  if (change.labels) integration.labels = *change.labels;
  if (change.dynamic_labels) integration.dynamic_labels = *change.dynamic_labels;
  if (change.resolves_from_source) integration.resolves_from_source = *change.resolves_from_source;
  if (change.rate_per_second) integration.rate_per_second = *change.rate_per_second;
  if (change.rate_burst) integration.rate_burst = *change.rate_burst;
}

/// `Alertmanager`, or `Alertmanager 2` and so on.
std::string free_name(const catalog::Type& type, const model::TeamId& team, const NameTaken& taken) {
  std::string name = type.name;
  for (int number = 2; taken(name, team); ++number) name = type.name + " " + std::to_string(number);
  return name;
}

bool says_something(const RouteChange& change) {
  return change.escalation_chain || !change.channels.empty();
}

}  // namespace

base::Result<const catalog::Type*> check_type(const catalog::Catalog& catalog, std::string_view slug) {
  const auto wrong = [](const char* message) { return base::Error{base::ErrorKind::invalid, message}; };
  if (slug == "direct_paging") return wrong("Direct paging integrations can't be created");
  const catalog::Type* type = catalog.find(slug);
  if (type == nullptr) return wrong("Invalid integration type");
  if (slug.starts_with("legacy_")) return wrong("This integration type is deprecated");
  if (!type->creatable) return wrong("Invalid integration type");
  return type;
}

base::Status check_integration(const IntegrationChange& change) {
  for (const auto& [field, text] : change.templates) {
    if (text && interpret::check_template(*text)) return bad_template(field);
  }
  if (change.labels) {
    if (base::Status status = check_labels(*change.labels, "labels"); !status) return status;
  }
  if (change.dynamic_labels) {
    if (base::Status status = check_labels(*change.dynamic_labels, "dynamic_labels"); !status) return status;
    for (const auto& [key, text] : *change.dynamic_labels) {
      if (const auto error = interpret::check_template(text)) {
        return base::Error{base::ErrorKind::invalid, "The template of " + key + " is wrong: " + error->message,
                           "dynamic_labels"};
      }
    }
  }
  if (base::Status status = check_rate(change.rate_per_second, "rate_per_second"); !status) return status;
  return check_rate(change.rate_burst, "rate_burst");
}

base::Result<model::Unit> create_integration(const FreshIntegration& fresh, const IntegrationChange& change,
                                             const NameTaken& taken, const Edit& edit) {
  model::Integration integration;
  integration.id = fresh.id;
  integration.organization = edit.organization;
  integration.author = edit.actor.user;
  integration.type = fresh.type->slug;
  integration.token_sealed = fresh.token_sealed;
  integration.token_digest = fresh.token_digest;
  integration.resolves_from_source = fresh.type->resolves_from_source;
  integration.created_at = edit.now;
  apply(integration, change);
  if (!change.name) integration.name = free_name(*fresh.type, integration.team, taken);
  if (change.name && taken(integration.name, integration.team)) return name_taken();

  model::Route route = default_route(integration, fresh.default_route);
  apply(route, change.default_route);
  model::Unit unit;
  unit.audit.push_back(
      audit_entry(edit, {"integration.created", integration.id.text()}, "null", describe(integration)));
  unit.records.emplace_back(std::move(integration));
  unit.records.emplace_back(std::move(route));
  return unit;
}

base::Result<model::Unit> change_integration(const Standing& standing, const IntegrationChange& change,
                                             const NameTaken& taken, const Edit& edit) {
  model::Integration changed = standing.integration;
  apply(changed, change);
  if (change.name && taken(changed.name, changed.team)) return name_taken();

  model::Unit unit;
  unit.audit.push_back(
      audit_entry(edit, {"integration.changed", changed.id.text()}, describe(standing.integration), describe(changed)));
  if (says_something(change.default_route) && !standing.routes.empty()) {
    const model::Route& before = standing.routes.back();
    model::Route route = before;
    apply(route, change.default_route);
    unit.audit.push_back(audit_entry(edit, {"route.changed", route.id.text()}, describe(before), describe(route)));
    unit.records.emplace_back(std::move(route));
  }
  unit.records.emplace_back(std::move(changed));
  return unit;
}

base::Result<model::Unit> delete_integration(const model::Integration& integration, const Edit& edit) {
  if (integration.type == "direct_paging") {
    return base::Error{base::ErrorKind::conflict, "Direct paging integrations can't be deleted"};
  }
  model::Integration deleted = integration;
  deleted.deleted_at = edit.now;
  model::Unit unit;
  unit.audit.push_back(
      audit_entry(edit, {"integration.deleted", integration.id.text()}, describe(integration), "null"));
  unit.records.emplace_back(std::move(deleted));
  return unit;
}

}  // namespace tocsin::change
