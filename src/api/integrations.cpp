// integrations (spec: api.md 2.1), and the table of everything that can be done with them.
#include "api/answer.hpp"
#include "api/endpoint.hpp"
#include "api/fields.hpp"
#include "api/integration_handlers.hpp"
#include "api/integration_view.hpp"
#include "api/team_view.hpp"

namespace tocsin::api {
namespace {

using access::Permission;

wire::Response list_integrations(Call& call) {
  store::IntegrationFilter filter;
  filter.name = call.query.get("name");
  if (auto refused = read_team_filter(call, filter.team)) return std::move(*refused);
  const auto fetch = [&](store::Slice slice) {
    return store::read(call.ledger(), [&](const store::Reader& reader) {
      store::Page<model::Integration> found = reader.integrations(filter, slice);
      store::Page<change::Standing> page;
      page.total = found.total;
      for (model::Integration& each : found.items) page.items.push_back(*standing_of(reader, std::move(each)));
      return page;
    });
  };
  return list_answer<change::Standing>(
      call, 50, fetch, [&](const change::Standing& standing) { return show_integration(call, standing).value(); });
}

wire::Response get_integration(Call& call) {
  const std::optional<change::Standing> standing = find_integration(call);
  return standing ? ok(show_integration(call, *standing)) : not_found();
}

base::Result<const catalog::Type*> read_type(Call& call, Fields& fields) {
  const value::Value* given = fields.find("type");
  if (given != nullptr && given->is_string()) return change::check_type(call.engine.catalog(), given->as_text());
  if (given != nullptr && !given->is_none()) return change::check_type(call.engine.catalog(), "");
  if (given != nullptr) {
    fields.mistake("type", "This field may not be null.");
  } else if (fields.ok()) {
    fields.mistake("type", "This field is required.");
  }
  return nullptr;
}

wire::Response create_integration(Call& call) {
  Fields fields(call);
  const base::Result<const catalog::Type*> type = read_type(call, fields);
  if (!type) return refusal(type.error());
  change::IntegrationChange change;
  if (auto refused = read_integration(call, fields, change)) return std::move(*refused);
  const auto standing = call.edits().create_integration(
      **type, change, {call.engine.token_sealer(), call.engine.token_digester()}, call.actor());
  return standing ? created(show_integration(call, *standing)) : refusal(standing.error());
}

wire::Response change_integration(Call& call) {
  const std::optional<change::Standing> standing = find_integration(call);
  if (!standing) return not_found();
  Fields fields(call);
  change::IntegrationChange change;
  if (auto refused = read_integration(call, fields, change)) return std::move(*refused);
  const auto changed = call.edits().change_integration(standing->integration.id, change, call.actor());
  return changed ? ok(show_integration(call, *changed)) : refusal(changed.error());
}

wire::Response delete_integration(Call& call) {
  const base::Status status = call.edits().delete_integration(model::IntegrationId(call.id), call.actor());
  return status ? no_content() : refusal(status.error());
}

constexpr Parameter parameters[] = {
    {"name", "Integrations with exactly this name"},
    {"team_id", "Integrations of this team; `null`: of none"},
};

constexpr auto reading = Permission::integrations_read;
constexpr auto writing = Permission::integrations_write;
constexpr auto oncall = Endpoint::Origin::oncall;
constexpr auto addition = Endpoint::Origin::addition;

constexpr Endpoint table[] = {
    {"GET", "integrations", reading, list_integrations, "Integrations, oldest first", oncall, "", "Integration", true,
     parameters},
    {"POST", "integrations", writing, create_integration, "Create an integration with its default route", oncall,
     "IntegrationChange", "Integration"},
    {"GET", "integrations/{id}", reading, get_integration, "One integration", oncall, "", "Integration"},
    {"PUT", "integrations/{id}", writing, change_integration, "Change an integration; what is left out stays", oncall,
     "IntegrationChange", "Integration"},
    {"PATCH", "integrations/{id}", writing, change_integration, "Change an integration; what is left out stays", oncall,
     "IntegrationChange", "Integration"},
    {"DELETE", "integrations/{id}", writing, delete_integration,
     "Delete an integration: its URL stops working, its alert groups stay", oncall},
    {"GET", "integrations/{id}/intake", reading, show_intake,
     "What the integration takes in: its limits, counts since the start, last errors, last alert", addition, "",
     "Intake"},
    {"PATCH", "integrations/{id}/intake", writing, change_intake,
     "Change the rate limit, and whether the source resolves alert groups", addition, "IntakeChange", "Intake"},
    {"GET", "integrations/{id}/connect", reading, show_connect,
     "How to connect the monitoring system, in Markdown, with the integration's URL in it", addition, "", "Connect"},
    {"POST", "integrations/{id}/demo_alert", Permission::alert_groups_write, send_demo_alert,
     "Send the type's example (or a payload) through the integration as a demo alert", addition, "DemoAlert",
     "DemoReceipt"},
    {"POST", "integrations/{id}/preview", reading, preview,
     "What the integration would make of a payload, with other templates if given; nothing is stored", addition,
     "PreviewRequest", "Preview"},
    {"GET", "integrations/{id}/recent_payloads", reading, list_recent_payloads,
     "The newest alert of each alert group of the integration, newest group first: to try templates with", addition, "",
     "RecentPayload", true},
    {"POST", "templates/preview", reading, preview_template,
     "Render a template for a field, or all templates of an integration, over a payload or a stored alert", addition,
     "TemplatePreviewRequest", "TemplatePreview"},
};

}  // namespace

std::span<const Endpoint> integration_endpoints() {
  return table;
}

}  // namespace tocsin::api
