#include <fmt/format.h>

#include <ostream>

#include "server/catalog_files.hpp"
#include "server/commands.hpp"
#include "server/sheet.hpp"

namespace tocsin::server {
namespace {

Exit check(Invocation& invocation) {
  const base::Result<Settings> settings = settings_of(invocation);
  if (!settings) return misuse(invocation, settings.error());
  const base::Result<catalog::Catalog> catalog = load_catalog(settings->catalog);
  if (!catalog) return misuse(invocation, catalog.error());
  if (invocation.wants_json()) {
    print_record(invocation, Record().truth("valid", true));
  } else {
    invocation.out << "The configuration is valid.\n";
  }
  return Exit::ok;
}

Exit show(Invocation& invocation) {
  const base::Result<std::vector<Resolved>> resolved = resolved_texts(sources_of(invocation));
  if (!resolved) return misuse(invocation, resolved.error());
  std::vector<Record> records;
  for (const Resolved& each : *resolved) {
    Record record;
    record.text("name", each.setting->name).text("value", each.text).text("from", each.place);
    records.push_back(std::move(record));
  }
  print_records(invocation, records, {"name", "value", "from"});
  return Exit::ok;
}

}  // namespace

std::vector<Command> config_commands() {
  const std::vector<Flag> flags = settings_flags(Scope::server);
  return {
      {"config show",
       "Show every setting, its value, and where it comes from",
       "  tocsin config show --config /etc/tocsin.toml",
       flags,
       {},
       show},
      {"config check",
       "Tell whether the configuration is valid; all mistakes at once",
       "  tocsin config check --config /etc/tocsin.toml",
       flags,
       {},
       check},
  };
}

}  // namespace tocsin::server
