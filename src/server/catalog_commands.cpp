#include <fmt/format.h>

#include <ostream>

#include "base/text.hpp"
#include "server/catalog_files.hpp"
#include "server/commands.hpp"
#include "server/sheet.hpp"

namespace tocsin::server {
namespace {

std::vector<Flag> catalog_flags() {
  std::vector<Flag> flags = {{"config", "FILE", "the TOML file with settings; also TOCSIN_CONFIG"}};
  for (const Setting& setting : all_settings()) {
    if (setting.name == "catalog") {
      flags.push_back({std::string(setting.name), std::string(setting.value), std::string(setting.meaning)});
    }
  }
  return joined(std::move(flags), output_flags());
}

Exit with_catalog(Invocation& invocation, const std::function<Exit(const catalog::Catalog&)>& work) {
  const base::Result<Settings> settings = settings_of(invocation);
  if (!settings) return misuse(invocation, settings.error());
  const base::Result<catalog::Catalog> catalog = load_catalog(settings->catalog);
  if (!catalog) return misuse(invocation, catalog.error());
  return work(*catalog);
}

Record summary_of(const catalog::Type& type) {
  Record record;
  record.text("type", type.slug).text("name", type.name).text("description", type.description);
  return record.truth("creatable", type.creatable);
}

Record details_of(const catalog::Type& type) {
  Record record = summary_of(type);
  record.truth("has_url", type.has_url).truth("resolves_from_source", type.resolves_from_source);
  std::string templates = "{";
  for (const auto& [field, text] : type.templates) {
    if (templates.size() > 1) templates += ',';
    templates += base::json_quoted(field) + ':' + base::json_quoted(text);
  }
  record.json("templates", templates + "}", {}).json("example", type.example.empty() ? "null" : type.example, {});
  return record.json("connect", base::json_quoted(type.connect), {});
}

Exit list_types(Invocation& invocation) {
  return with_catalog(invocation, [&](const catalog::Catalog& catalog) {
    std::vector<Record> records;
    for (const catalog::Type* type : catalog.all()) {
      if (type->creatable || invocation.arguments.has("all")) records.push_back(summary_of(*type));
    }
    print_records(invocation, records, {"type", "name", "description"});
    return Exit::ok;
  });
}

/// The page, with words where the web pages put an integration's own URL.
std::string connect_shown(const catalog::Type& type) {
  constexpr std::string_view mark = "{{url}}";
  std::string page = type.connect;
  for (std::size_t at = page.find(mark); at != std::string::npos; at = page.find(mark, at))
    page.replace(at, mark.size(), "URL");
  return type.has_url ? "`URL` is what `tocsin integration create` prints as its last word.\n\n" + page : page;
}

void print_words(std::ostream& out, const catalog::Type& type) {
  out << details_of(type).to_lines() << "\nHow to connect\n\n" << connect_shown(type) << "\nDefault templates\n";
  for (const auto& [field, text] : type.templates) out << fmt::format("\n{}:\n{}\n", field, text);
  if (!type.example.empty()) out << "\nExample\n\n" << type.example << '\n';
}

Exit show_type(Invocation& invocation) {
  return with_catalog(invocation, [&](const catalog::Catalog& catalog) {
    const std::string slug = invocation.arguments.text("TYPE");
    const catalog::Type* type = catalog.find(slug);
    if (type == nullptr) {
      return fail(invocation,
                  {base::ErrorKind::not_found, fmt::format("there is no type '{}': see `tocsin catalog list`", slug)});
    }
    if (invocation.arguments.has("example")) {
      invocation.out << type->example << (type->example.ends_with('\n') ? "" : "\n");
    } else if (invocation.wants_json()) {
      print_record(invocation, details_of(*type));
    } else {
      print_words(invocation.out, *type);
    }
    return Exit::ok;
  });
}

}  // namespace

std::vector<Command> catalog_commands() {
  return {
      {"catalog list",
       "List the types that an integration may be of",
       "  tocsin catalog list\n  tocsin catalog list --catalog ./my-types",
       joined({{"all", "", "also those that can't be created any more"}}, catalog_flags()),
       {},
       list_types},
      {"catalog show",
       "Show a type: how to connect, default templates, example",
       "  tocsin catalog show alertmanager\n  tocsin catalog show grafana --example > payload.json",
       joined({{"example", "", "the example payload and nothing else"}}, catalog_flags()),
       {{"TYPE", "as the list shows it"}},
       show_type},
  };
}

}  // namespace tocsin::server
