// The configuration of the process: one table of settings, each with its flag, its environment variable, its key in
// the TOML file, its default and its meaning. Flags win over the environment, the environment over the file.
// docs/configuration.md shows the same table; a test holds the two together. Read once, at start.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.hpp"
#include "base/result.hpp"
#include "jinja/template.hpp"
#include "seal/seal.hpp"
#include "watch/rate_limit.hpp"

namespace tocsin::server {

/// An address to listen on. `[::1]:8080` and `localhost:8080` are understood.
struct Endpoint {
  std::string address;
  std::uint16_t port = 0;

  bool is_loopback() const;
};

/// What a process was told to be.
struct Settings {
  Endpoint listen;
  std::string public_url;  ///< without a slash at the end; empty: unset
  std::string data;
  std::string master_key_file;  ///< empty: `master.key` in the data folder
  std::string catalog;          ///< a folder of integration types; empty: only the embedded ones
  std::string tls_certificate;
  std::string tls_key;
  std::vector<std::string> trusted_proxies;

  std::size_t header_limit = 0;
  std::size_t body_limit = 0;
  unsigned header_seconds = 0;
  unsigned body_seconds = 0;
  unsigned idle_seconds = 0;
  unsigned write_seconds = 0;
  unsigned shutdown_seconds = 0;
  std::size_t connection_limit = 0;
  unsigned io_threads = 0;
  unsigned work_threads = 0;

  watch::Rate ingest_rate;
  watch::Rate api_rate;
  jinja::Budget template_budget;

  base::LogLevel log_level = base::LogLevel::info;
  base::LogFormat log_format = base::LogFormat::text;

  std::string key_path() const;
};

/// Which commands a setting matters to.
enum class Scope { server, ledger };  ///< `tocsin serve` only; also the commands that open the ledger

/// One row of the table. `name` is the flag without its dashes.
struct Setting {
  std::string_view name;
  std::string_view value;    ///< what kind of value, as help shows it: `ADDRESS:PORT`
  std::string_view initial;  ///< the default, as it would be written
  std::string_view meaning;
  Scope scope;
  /// Sets the field. The error's message says what is wrong with the value, without naming the setting.
  base::Status (*apply)(Settings& settings, std::string_view text);
};

std::span<const Setting> all_settings();
/// `public-url` → `TOCSIN_PUBLIC_URL`.
std::string variable_of(std::string_view name);
/// `public-url` → `public_url`.
std::string key_of(std::string_view name);

/// Texts by setting name. A list is written with commas.
using Texts = std::map<std::string, std::string>;

/// What was said, by the door it came in through.
struct Sources {
  Texts flags;                                     ///< by setting name
  std::map<std::string, std::string> environment;  ///< every variable of the process
  std::optional<std::string> file;                 ///< path; absent: TOCSIN_CONFIG, else none
};

/// The settings, or every mistake: unknown names and bad values, each naming the flag, variable or key.
base::Result<Settings> resolve(const Sources& sources);

/// A setting's text and the flag, variable or key that said it; `default` when none did.
struct Resolved {
  const Setting* setting;
  std::string text;
  std::string place;
};
/// Every setting in the order of the table, or every mistake.
base::Result<std::vector<Resolved>> resolved_texts(const Sources& sources);

/// The variables of this process.
std::map<std::string, std::string> process_environment();

}  // namespace tocsin::server
