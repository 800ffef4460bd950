#include "catalog/catalog.hpp"

#include <algorithm>
#include <array>

#include "value/json.hpp"

namespace tocsin::catalog {
namespace {

constexpr std::string_view fields[] = {
    "grouping_key",    "resolve_signal",    "acknowledge_signal", "source_link",        "slack.title",
    "slack.message",   "slack.image_url",   "web.title",          "web.message",        "web.image_url",
    "telegram.title",  "telegram.message",  "telegram.image_url", "sms.title",          "phone_call.title",
    "email.title",     "email.message",     "mobile_app.title",   "mobile_app.message", "webhook.title",
    "webhook.message", "webhook.image_url", "mattermost.title",   "mattermost.message", "mattermost.image_url",
};

bool is_field(std::string_view name) {
  return std::find(std::begin(fields), std::end(fields), name) != std::end(fields);
}

std::optional<Format> format_of(std::string_view name) {
  if (name == "plain") return Format::plain;
  if (name == "alertmanager") return Format::alertmanager;
  if (name == "alertmanager_each") return Format::alertmanager_each;
  if (name == "grafana") return Format::grafana;
  return std::nullopt;
}

/// Collects the files of one type, and every mistake in them.
class Loader {
 public:
  Loader(std::map<std::string, Type, std::less<>>& types, std::vector<base::Mistake>& mistakes)
      : types_(types), mistakes_(mistakes) {}

  void add(const File& file) {
    const std::size_t slash = file.path.find('/');
    if (slash == std::string::npos) return;
    const std::string slug = file.path.substr(0, slash);
    const std::string_view name = std::string_view(file.path).substr(slash + 1);
    Type& type = types_[slug];
    type.slug = slug;
    if (name == "manifest.json") return read_manifest(type, file);
    if (name == "connect.md") {
      type.connect = file.text;
    } else if (name == "example.json") {
      read_example(type, file);
    } else if (name.starts_with("templates/") && name.ends_with(".j2")) {
      read_template(type, name.substr(10, name.size() - 13), file);
    } else {
      wrong(file, "is not a file that a type has");
    }
  }

 private:
  void wrong(const File& file, std::string what) { mistakes_.push_back({file.path, std::move(what)}); }

  void read_template(Type& type, std::string_view field, const File& file) {
    if (!is_field(field)) return wrong(file, "'" + std::string(field) + "' is not a template field");
    std::string text = file.text;
    // A file ends with a newline; the template does not.
    if (text.ends_with('\n')) text.pop_back();
    type.templates[std::string(field)] = std::move(text);
  }

  void read_example(Type& type, const File& file) {
    const auto document = value::read_json(file.text);
    if (!document) return wrong(file, document.error().message + " at " + document.error().where);
    type.example = file.text;
  }

  void read_flag(const File& file, const value::Entry& entry, bool& flag) {
    if (!entry.value.is(value::Kind::boolean)) {
      return wrong(file, "'" + std::string(entry.key.as_text()) + "' must be true or false");
    }
    flag = entry.value.as_boolean();
  }

  void read_manifest(Type& type, const File& file) {
    const auto document = value::read_json(file.text);
    if (!document) return wrong(file, document.error().message + " at " + document.error().where);
    if (!document->root().is_dict()) return wrong(file, "must hold an object");
    for (const value::Entry& entry : *document->root().as_dict()) read_entry(type, file, entry);
    if (type.name.empty()) wrong(file, "'name' is missing");
  }

  void read_entry(Type& type, const File& file, const value::Entry& entry) {
    const std::string_view key = entry.key.as_text();
    const bool is_text = entry.value.is_string();
    if (key == "name" && is_text) {
      type.name = entry.value.as_text();
    } else if (key == "description" && is_text) {
      type.description = entry.value.as_text();
    } else if (key == "format" && is_text && format_of(entry.value.as_text())) {
      type.format = *format_of(entry.value.as_text());
    } else if (key == "featured") {
      read_flag(file, entry, type.featured);
    } else if (key == "creatable") {
      read_flag(file, entry, type.creatable);
    } else if (key == "has_url") {
      read_flag(file, entry, type.has_url);
    } else if (key == "has_demo") {
      read_flag(file, entry, type.has_demo);
    } else if (key == "has_heartbeat") {
      read_flag(file, entry, type.has_heartbeat);
    } else if (key == "resolves_from_source") {
      read_flag(file, entry, type.resolves_from_source);
    } else {
      wrong(file, "'" + std::string(key) + "' is unknown, or its value is of the wrong kind");
    }
  }

  std::map<std::string, Type, std::less<>>& types_;
  std::vector<base::Mistake>& mistakes_;
};

}  // namespace

base::Result<Catalog> Catalog::load(std::span<const File> files) {
  Catalog catalog;
  std::vector<base::Mistake> mistakes;
  Loader loader(catalog.types_, mistakes);
  for (const File& file : files) loader.add(file);
  for (const auto& [slug, type] : catalog.types_) {
    if (type.name.empty()) mistakes.push_back({slug, "has no manifest.json"});
  }
  if (mistakes.empty()) return catalog;
  base::Error error{
      base::ErrorKind::invalid, mistakes.front().where + ": " + mistakes.front().message, mistakes.front().where, {}};
  error.also.assign(mistakes.begin() + 1, mistakes.end());
  return error;
}

const Type* Catalog::find(std::string_view slug) const {
  const auto found = types_.find(slug);
  return found == types_.end() ? nullptr : &found->second;
}

std::vector<const Type*> Catalog::all() const {
  std::vector<const Type*> types;
  types.reserve(types_.size());
  for (const auto& [slug, type] : types_) types.push_back(&type);
  std::sort(types.begin(), types.end(), [](const Type* a, const Type* b) {
    if (a->featured != b->featured) return a->featured;
    return a->name < b->name;
  });
  return types;
}

std::optional<std::string_view> default_template(const Type& type, std::string_view field) {
  if (const auto own = type.templates.find(std::string(field)); own != type.templates.end()) return own->second;
  const std::size_t dot = field.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const auto web = type.templates.find("web" + std::string(field.substr(dot)));
  if (web == type.templates.end()) return std::nullopt;
  return web->second;
}

std::string_view shown_slug(std::string_view slug) {
  return slug.starts_with("legacy_") ? slug.substr(7) : slug;
}

std::span<const std::string_view> template_fields() {
  return fields;
}

}  // namespace tocsin::catalog
