#include <fmt/format.h>

#include <ostream>

#include "server/commands.hpp"
#include "server/integration_url.hpp"
#include "server/installation.hpp"
#include "server/sheet.hpp"

namespace tocsin::server {
namespace {

constexpr std::int64_t page = 500;

Record record_of(const model::Integration& integration, const Installation& installation, const std::string& base) {
  Record record;
  record.text("id", integration.id.text()).text("name", integration.name);
  record.text("type", catalog::shown_slug(integration.type));
  record.maybe_text("url", url_of(integration, installation.key, base).value_or(std::string()));
  record.instant("created_at", integration.created_at);
  return record;
}

base::Result<const catalog::Type*> type_named(const catalog::Catalog& catalog, const std::string& slug) {
  const catalog::Type* type = catalog.find(slug);
  if (type != nullptr && type->creatable) return type;
  std::string known;
  for (const catalog::Type* each : catalog.all()) {
    if (each->creatable) known += (known.empty() ? "" : ", ") + each->slug;
  }
  return base::Error{base::ErrorKind::invalid,
                     fmt::format("--type: there is no type '{}' to be created; there are: {}", slug, known)};
}

/// The Unit that makes the integration and its default route.
model::Unit creation(const model::Integration& integration, const base::RandomBytes& random) {
  model::Route route;
  route.id = base::new_id<model::RouteKind>(random);
  route.organization = integration.organization;
  route.integration = integration.id;
  route.is_default = true;
  route.created_at = integration.created_at;
  model::Unit unit;
  unit.records.emplace_back(integration);
  unit.records.emplace_back(std::move(route));
  return unit;
}

Exit create_integration(Invocation& invocation) {
  const base::Result<Settings> settings = settings_of(invocation);
  if (!settings) return misuse(invocation, settings.error());
  clock::RealClock clock;
  base::Result<Installation> installation =
      open_installation(*settings, {.open = store::LedgerOptions::Open::create}, clock);
  if (!installation) return fail(invocation, installation.error());
  const base::Result<const catalog::Type*> type = type_named(installation->catalog, invocation.arguments.text("type"));
  if (!type) return misuse(invocation, type.error());

  const base::RandomBytes random = seal::system_random();
  model::Integration integration;
  integration.id = base::new_id<model::IntegrationKind>(random);
  integration.organization = installation->organization.id;
  integration.author = installation->admin.id;
  integration.type = (*type)->slug;
  integration.name = invocation.arguments.text("name");
  integration.description = invocation.arguments.maybe("description");
  integration.resolves_from_source = (*type)->resolves_from_source;
  integration.created_at = clock.now();
  give_token(integration, installation->key, seal::new_integration_token(random));
  const base::Result<store::Committed> committed = installation->ledger->commit(
      [&](const store::Reader&) -> base::Result<model::Unit> { return creation(integration, random); });
  if (!committed) return fail(invocation, committed.error());

  const Record record = record_of(integration, *installation, base_url(*settings));
  if (invocation.wants_json()) {
    print_record(invocation, record);
  } else {
    invocation.out << fmt::format("Integration {} ({}) receives alerts of type {} at {}\n", integration.id.text(),
                                  integration.name, (*type)->slug, record.shown("url"));
  }
  return Exit::ok;
}

Exit list_integrations(Invocation& invocation) {
  const base::Result<Settings> settings = settings_of(invocation);
  if (!settings) return misuse(invocation, settings.error());
  clock::RealClock clock;
  base::Result<Installation> installation = open_installation(*settings, {}, clock);
  if (!installation) return fail(invocation, installation.error());

  std::vector<Record> records;
  const std::string base = base_url(*settings);
  installation->ledger->read([&](const store::Reader& reader) {
    for (std::int64_t offset = 0;; offset += page) {
      const store::Page<model::Integration> found = reader.integrations({}, {offset, page});
      for (const model::Integration& each : found.items) records.push_back(record_of(each, *installation, base));
      if (offset + page >= found.total) break;
    }
  });
  print_records(invocation, records, {"id", "name", "type", "url"});
  return Exit::ok;
}

Exit delete_integration(Invocation& invocation) {
  const base::Result<Settings> settings = settings_of(invocation);
  if (!settings) return misuse(invocation, settings.error());
  clock::RealClock clock;
  base::Result<Installation> installation = open_installation(*settings, {}, clock);
  if (!installation) return fail(invocation, installation.error());

  const model::IntegrationId id(invocation.arguments.text("ID"));
  const base::Result<store::Committed> committed =
      installation->ledger->commit([&](const store::Reader& reader) -> base::Result<model::Unit> {
        std::optional<model::Integration> found = reader.integration(id);
        if (!found) return base::Error{base::ErrorKind::not_found, fmt::format("there is no integration '{}'", id.text())};
        found->deleted_at = clock.now();
        model::Unit unit;
        unit.records.emplace_back(std::move(*found));
        return unit;
      });
  if (!committed) return fail(invocation, committed.error());
  if (invocation.wants_json()) {
    print_record(invocation, Record().text("id", id.text()).truth("deleted", true));
  } else {
    invocation.out << fmt::format("Integration {} is deleted: its URL answers 403 from now on.\n", id.text());
  }
  return Exit::ok;
}

}  // namespace

std::vector<Command> integration_commands() {
  const std::vector<Flag> ledger = settings_flags(Scope::ledger);
  return {
      {"integration create", "Make an integration and print its URL, as the last word",
       "`tocsin catalog list` shows the types. The URL holds a secret: who knows it may send alerts. A running server\n"
       "takes alerts at it within a second. The URL begins with --public-url if that is set.\n\n"
       "  tocsin integration create --data ./data --type alertmanager --name Production",
       joined({{"type", "TYPE", "the monitoring system: alertmanager, grafana, webhook ...", Flag::Need::required},
               {"name", "NAME", "how people call it", Flag::Need::required},
               {"description", "TEXT", "a remark"}},
              ledger),
       {}, create_integration},
      {"integration list", "List the integrations and their URLs", "  tocsin integration list --data ./data", ledger, {},
       list_integrations},
      {"integration delete", "Delete an integration; its alert groups stay",
       "  tocsin integration delete --data ./data CABC123DEF456Z", ledger,
       {{"ID", "the integration's id, as `tocsin integration list` shows it"}}, delete_integration},
  };
}

}  // namespace tocsin::server
