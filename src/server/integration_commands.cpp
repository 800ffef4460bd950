#include <fmt/format.h>

#include <ostream>

#include "server/address.hpp"
#include "server/commands.hpp"
#include "server/desk.hpp"
#include "server/integration_lookup.hpp"
#include "server/sheet.hpp"

namespace tocsin::server {
namespace {

constexpr std::int64_t page = 500;

/// Shows integrations with their secret URLs.
class Shower {
 public:
  explicit Shower(Desk& desk)
      : sealer_(desk.installation.key, engine::integration_token_purpose), base_(base_url(desk.settings)) {}

  Record record_of(const model::Integration& integration) const {
    Record record;
    record.text("id", integration.id.text()).text("name", integration.name);
    record.text("type", catalog::shown_slug(integration.type)).maybe_text("url", url_of(integration));
    return record.instant("created_at", integration.created_at);
  }

 private:
  std::string url_of(const model::Integration& integration) const {
    const std::optional<std::string> token = engine::token_of(integration, sealer_);
    return token ? integration_url(base_, integration.type, *token) : std::string();
  }

  const seal::Sealer sealer_;
  const std::string base_;
};

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

Exit create_integration(Invocation& invocation) {
  return at_desk(invocation, store::LedgerOptions::Open::create, [&](Desk& desk) {
    const base::Result<const catalog::Type*> type =
        type_named(desk.installation.catalog, invocation.arguments.text("type"));
    if (!type) return misuse(invocation, type.error());
    change::IntegrationChange change;
    change.name = invocation.arguments.text("name");
    if (const auto text = invocation.arguments.maybe("description")) change.description = *text;
    const seal::Sealer sealer(desk.installation.key, engine::integration_token_purpose);
    const seal::Digester digester(desk.installation.key, engine::integration_token_purpose);
    const base::Result<change::Standing> made =
        desk.edits().create_integration(**type, change, {sealer, digester}, desk.actor());
    if (!made) return fail(invocation, made.error());

    const Record record = Shower(desk).record_of(made->integration);
    if (invocation.wants_json()) {
      print_record(invocation, record);
    } else {
      invocation.out << fmt::format("Integration {} ({}) receives alerts of type {} at {}\n", record.shown("id"),
                                    record.shown("name"), record.shown("type"), record.shown("url"));
    }
    if (desk.settings.public_url.empty() && !written_address(desk.settings)) {
      invocation.err << "tocsin: no server runs on this data folder, and --public-url is not set: the URL begins with "
                        "the address that --listen names\n";
    }
    return Exit::ok;
  });
}

Exit list_integrations(Invocation& invocation) {
  return at_desk(invocation, [&](Desk& desk) {
    std::vector<Record> records;
    const Shower shower(desk);
    desk.ledger().read([&](const store::Reader& reader) {
      for (std::int64_t offset = 0;; offset += page) {
        const store::Page<model::Integration> found = reader.integrations({}, {offset, page});
        for (const model::Integration& each : found.items) records.push_back(shower.record_of(each));
        if (offset + page >= found.total) break;
      }
    });
    print_records(invocation, records, {"id", "name", "type", "url"});
    return Exit::ok;
  });
}

Exit delete_integration(Invocation& invocation) {
  return at_desk(invocation, [&](Desk& desk) {
    const base::Result<model::Integration> found = store::read(desk.ledger(), [&](const store::Reader& reader) {
      return integration_named(reader, invocation.arguments.text("ID"));
    });
    if (!found) return fail(invocation, found.error());
    const base::Status deleted = desk.edits().delete_integration(found->id, desk.actor());
    if (!deleted) return fail(invocation, deleted.error());
    if (invocation.wants_json()) {
      print_record(invocation, Record().text("id", found->id.text()).truth("deleted", true));
    } else {
      invocation.out << fmt::format("Integration {} ({}) is deleted: its URL takes no alerts any more.\n",
                                    found->id.text(), found->name);
    }
    return Exit::ok;
  });
}

}  // namespace

std::vector<Command> integration_commands() {
  const std::vector<Flag> ledger = settings_flags(Scope::ledger);
  return {
      {"integration create",
       "Make an integration and print its URL, as the last word",
       "`tocsin catalog list` shows the types. The URL holds a secret: who knows it may send alerts. A running server\n"
       "takes alerts at it within a second. The URL begins with --public-url, else with the running server's "
       "address.\n\n"
       "  tocsin integration create --data ./data --type alertmanager --name Production",
       joined({{"type", "TYPE", "the monitoring system: alertmanager, grafana, webhook ...", Flag::Need::required},
               {"name", "NAME", "how people call it", Flag::Need::required},
               {"description", "TEXT", "a remark"}},
              ledger),
       {},
       create_integration},
      {"integration list",
       "List the integrations and their URLs",
       "  tocsin integration list --data ./data",
       ledger,
       {},
       list_integrations},
      {"integration delete",
       "Delete an integration; its alert groups stay",
       "  tocsin integration delete --data ./data CABC123DEF456Z",
       ledger,
       {{"ID", "the integration's id or name"}},
       delete_integration},
  };
}

}  // namespace tocsin::server
