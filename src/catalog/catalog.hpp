// Integration types, as data: one folder a type with manifest.json, templates/*.j2, example.json, connect.md.
// The catalogue takes texts, never files; `server` reads them (embedded, or from --catalog DIR).
// Immutable once loaded; any thread.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "model/integration.hpp"

namespace tocsin::catalog {

/// How a body of this type becomes alerts (spec: ingest.md 1.6).
enum class Format {
  plain,              ///< the whole body is one alert
  alertmanager,       ///< one alert; numFiring and numResolved are added when absent
  alertmanager_each,  ///< each element of `alerts` is an alert; resolved by counting label sets
  grafana,            ///< old Grafana: `alerts` as alertmanager_each, `attachments` Slack-shaped, else plain
};

struct Type {
  std::string slug;
  std::string name;
  std::string description;  ///< one sentence
  Format format = Format::plain;
  bool featured = false;
  bool creatable = true;  ///< may be created by people (legacy and hidden types may not)
  bool has_url = true;
  bool has_demo = true;
  bool has_heartbeat = false;
  bool resolves_from_source = true;  ///< is_able_to_autoresolve
  model::Templates templates;        ///< defaults by field name, see model::Templates
  std::string example;               ///< JSON
  std::string connect;               ///< Markdown; `{{url}}` stands for the integration's URL
};

/// A file of the catalogue: `alertmanager/manifest.json` and its text.
struct File {
  std::string path;
  std::string text;
};

class Catalog {
 public:
  /// Later files replace earlier ones of the same path. Errors name the file and the field; all are reported.
  static base::Result<Catalog> load(std::span<const File> files);

  const Type* find(std::string_view slug) const;
  /// Featured first, then by name.
  std::vector<const Type*> all() const;

 private:
  std::map<std::string, Type, std::less<>> types_;
};

/// The default text of a field for a type: its own, else (for channels without one) the type's web default.
std::optional<std::string_view> default_template(const Type& type, std::string_view field);

/// The slug shown in URLs and by the API: without `legacy_`.
std::string_view shown_slug(std::string_view slug);

/// The names of all template fields in the order of the API: behaviour fields, then channels.
std::span<const std::string_view> template_fields();

}  // namespace tocsin::catalog
