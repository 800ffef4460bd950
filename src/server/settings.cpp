#include "server/settings.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "server/measure.hpp"
#include "server/settings_file.hpp"
#include "wire/forwarded.hpp"

namespace tocsin::server {
namespace {

base::Status bad(std::string message) {
  return base::Error{base::ErrorKind::invalid, std::move(message)};
}

/// Sets a field from what a reader of texts gives.
template <class Field, class T>
base::Status put(Field& field, base::Result<T> read) {
  if (!read) return std::move(read).error();
  field = static_cast<Field>(*read);
  return {};
}

base::Status apply_proxies(Settings& settings, std::string_view text) {
  settings.trusted_proxies = read_list(text);
  std::string malformed;
  if (wire::TrustedProxies::parse(settings.trusted_proxies, malformed)) return {};
  return bad(fmt::format("'{}' is not an address or a CIDR block such as 10.0.0.0/8", malformed));
}

template <unsigned Settings::*field>
base::Status apply_seconds(Settings& settings, std::string_view text) {
  const base::Result<clock::Duration> read = read_duration(text);
  if (!read) return read.error();
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(*read).count();
  if (seconds > 86400) return bad(fmt::format("'{}' is more than a day", text));
  settings.*field = static_cast<unsigned>(seconds);
  return {};
}

template <std::size_t Settings::*field>
base::Status apply_size(Settings& settings, std::string_view text) {
  return put(settings.*field, read_size(text));
}

template <std::string Settings::*field>
base::Status apply_text(Settings& settings, std::string_view text) {
  settings.*field = std::string(text);
  return {};
}

template <unsigned Settings::*field>
base::Status apply_threads(Settings& settings, std::string_view text) {
  return put(settings.*field, read_count(text, 1, 256));
}

base::Status apply_data(Settings& settings, std::string_view text) {
  if (text.empty()) return bad("the data folder must have a name");
  settings.data = std::string(text);
  return {};
}

base::Status apply_public_url(Settings& settings, std::string_view text) {
  if (text.empty()) return {};
  return put(settings.public_url, read_public_url(text));
}

base::Status apply_log_level(Settings& settings, std::string_view text) {
  constexpr std::array<std::string_view, 4> names = {"debug", "info", "warning", "error"};
  const auto found = std::find(names.begin(), names.end(), text);
  if (found == names.end()) return bad(fmt::format("'{}' is not debug, info, warning or error", text));
  settings.log_level = static_cast<base::LogLevel>(found - names.begin());
  return {};
}

base::Status apply_log_format(Settings& settings, std::string_view text) {
  if (text != "text" && text != "json") return bad(fmt::format("'{}' is not text or json", text));
  settings.log_format = text == "json" ? base::LogFormat::json : base::LogFormat::text;
  return {};
}

base::Status apply_template_watchdog(Settings& settings, std::string_view text) {
  const base::Result<clock::Duration> read = read_duration(text);
  if (!read) return read.error();
  settings.template_budget.watchdog = std::chrono::duration_cast<std::chrono::milliseconds>(*read);
  return {};
}

// The API's rate is told a minute, as its users know it, and kept a second.
base::Status apply_api_rate(Settings& settings, std::string_view text) {
  const base::Result<double> read = read_rate(text);
  if (!read) return read.error();
  settings.api_rate = {*read / 60, std::max(1.0, *read)};
  return {};
}

constexpr auto server = Scope::server;
constexpr auto ledger = Scope::ledger;

constexpr auto table = std::to_array<Setting>({
    {"listen", "ADDRESS:PORT", "127.0.0.1:8080", "where to listen; port 0 lets the system pick one", server,
     [](Settings& s, std::string_view text) { return put(s.listen, read_endpoint(text)); }},
    {"public-url", "URL", "",
     "the server's URL as others reach it, a path prefix included; every link is built from it", ledger,
     apply_public_url},
    {"data", "DIR", "data", "the data folder: the database and, unless told otherwise, the master key", ledger,
     apply_data},
    {"master-key-file", "FILE", "",
     "the file of the master key; unset: `master.key` in the data folder, made at the first start", ledger,
     apply_text<&Settings::master_key_file>},
    {"catalog", "DIR", "", "a folder of integration types that adds to the built-in ones or replaces them", ledger,
     apply_text<&Settings::catalog>},
    {"tls-cert", "FILE", "", "the certificate chain (PEM) for HTTPS; read again at SIGHUP", server,
     apply_text<&Settings::tls_certificate>},
    {"tls-key", "FILE", "", "the certificate's key (PEM)", server, apply_text<&Settings::tls_key>},
    {"trusted-proxy", "ADDRESS,...", "", "addresses or CIDR blocks of proxies whose X-Forwarded-* headers are believed",
     server, apply_proxies},
    {"header-limit", "SIZE", "64KiB", "the largest request head", server, apply_size<&Settings::header_limit>},
    {"body-limit", "SIZE", "10MiB", "the largest request body, compressed or not", server,
     apply_size<&Settings::body_limit>},
    {"header-timeout", "TIME", "10s", "how long a request head may take to arrive", server,
     apply_seconds<&Settings::header_seconds>},
    {"body-timeout", "TIME", "30s", "how long a request body may take to arrive", server,
     apply_seconds<&Settings::body_seconds>},
    {"idle-timeout", "TIME", "75s", "how long a connection may stay open without a request", server,
     apply_seconds<&Settings::idle_seconds>},
    {"write-timeout", "TIME", "30s", "how long a client may take to read an answer", server,
     apply_seconds<&Settings::write_seconds>},
    {"shutdown-timeout", "TIME", "30s", "how long requests in flight may take to finish at the end", server,
     apply_seconds<&Settings::shutdown_seconds>},
    {"connection-limit", "N", "20000", "connections at a time", server,
     [](Settings& s, std::string_view text) { return put(s.connection_limit, read_count(text, 1, 1'000'000)); }},
    {"io-threads", "N", "2", "threads that read requests and write answers", server,
     apply_threads<&Settings::io_threads>},
    {"work-threads", "N", "4", "threads that interpret alerts and answer the API", server,
     apply_threads<&Settings::work_threads>},
    {"ingest-rate", "N", "200", "alerts a second that an integration may send on average", server,
     [](Settings& s, std::string_view text) { return put(s.ingest_rate.per_second, read_rate(text)); }},
    {"ingest-burst", "N", "10000", "alerts that an integration may send at once after a quiet time", server,
     [](Settings& s, std::string_view text) { return put(s.ingest_rate.burst, read_rate(text)); }},
    {"api-rate", "N", "300", "API requests a minute that a user may make", server, apply_api_rate},
    {"template-steps", "N", "1000000", "steps that the rendering of one template may take", server,
     [](Settings& s, std::string_view text) {
       return put(s.template_budget.steps, read_count(text, 1000, 1'000'000'000));
     }},
    {"template-output", "SIZE", "4MiB", "output that the rendering of one template may make before it is cut", server,
     [](Settings& s, std::string_view text) { return put(s.template_budget.output_bytes, read_size(text)); }},
    {"template-memory", "SIZE", "64MiB", "memory that the rendering of one template may take", server,
     [](Settings& s, std::string_view text) { return put(s.template_budget.memory_bytes, read_size(text)); }},
    {"template-depth", "N", "200", "calls within calls (macros, blocks, recursive loops) of one template", server,
     [](Settings& s, std::string_view text) { return put(s.template_budget.depth, read_count(text, 10, 10'000)); }},
    {"template-regex-steps", "N", "1000000", "backtracking of one regular expression; a rendering has 16 times as much",
     server,
     [](Settings& s,
        std::string_view text) { return put(s.template_budget.regex_matches, read_count(text, 1000, 1'000'000'000)); }},
    {"template-watchdog", "TIME", "10s", "time that the rendering of one template may take whatever its steps", server,
     apply_template_watchdog},
    {"log-level", "LEVEL", "info", "the least that is logged: debug, info, warning or error", server, apply_log_level},
    {"log-format", "FORMAT", "text", "text or json, a line each, to standard error", server, apply_log_format},
});

/// A text and where it came from, for messages.
struct Said {
  std::string text;
  std::string place;
};

const Setting* setting_named(std::string_view name) {
  const auto found = std::find_if(table.begin(), table.end(), [&](const Setting& each) { return each.name == name; });
  return found == table.end() ? nullptr : &*found;
}

// Kubernetes tells every container of a service named `tocsin` where it is, in variables of these shapes.
bool is_of_kubernetes(std::string_view variable) {
  return variable == "TOCSIN_PORT" || variable.starts_with("TOCSIN_PORT_") || variable.starts_with("TOCSIN_SERVICE_");
}

/// Gathers what the three doors said, strongest last, and every unknown name.
class Gathering {
 public:
  void take_file(const std::string& path) {
    base::Result<Texts> texts = read_settings_file(path);
    if (!texts) return complain(texts.error().message);
    for (auto& [key, text] : *texts) {
      std::string name = key;
      std::replace(name.begin(), name.end(), '_', '-');
      if (key.find('-') != std::string::npos || setting_named(name) == nullptr) {
        complain(fmt::format("{}: unknown key '{}'", path, key));
      } else {
        said_[name] = {std::move(text), fmt::format("{}: {}", path, key)};
      }
    }
  }

  void take_environment(const std::map<std::string, std::string>& variables) {
    for (const auto& [variable, text] : variables) {
      if (!variable.starts_with("TOCSIN_") || variable == "TOCSIN_CONFIG" || variable == "TOCSIN_TEST") continue;
      const auto found = std::find_if(table.begin(), table.end(),
                                      [&](const Setting& each) { return variable_of(each.name) == variable; });
      if (found != table.end()) {
        said_[std::string(found->name)] = {text, variable};
      } else if (!is_of_kubernetes(variable)) {
        complain(fmt::format("unknown environment variable {}", variable));
      }
    }
  }

  void take_flags(const Texts& flags) {
    for (const auto& [name, text] : flags) said_[name] = {text, "--" + name};
  }

  base::Result<Settings> settings() {
    Settings made;
    for (const Setting& setting : table) {
      const auto said = said_.find(std::string(setting.name));
      if (said == said_.end()) {
        CHECK(setting.apply(made, setting.initial).ok());
        continue;
      }
      const base::Status applied = setting.apply(made, said->second.text);
      if (!applied) complain(fmt::format("{}: {}", said->second.place, applied.error().message));
    }
    if (made.tls_certificate.empty() != made.tls_key.empty()) complain("--tls-cert and --tls-key belong together");
    if (mistakes_.empty()) return made;
    base::Error error{base::ErrorKind::invalid, mistakes_.front().message};
    error.also.assign(mistakes_.begin() + 1, mistakes_.end());
    return error;
  }

  std::vector<Resolved> texts() const {
    std::vector<Resolved> resolved;
    for (const Setting& setting : table) {
      const auto said = said_.find(std::string(setting.name));
      resolved.push_back(said == said_.end() ? Resolved{&setting, std::string(setting.initial), "default"}
                                             : Resolved{&setting, said->second.text, said->second.place});
    }
    return resolved;
  }

 private:
  void complain(std::string message) { mistakes_.push_back({"", std::move(message)}); }

  std::map<std::string, Said> said_;
  std::vector<base::Mistake> mistakes_;
};

Gathering gathered(const Sources& sources) {
  Gathering gathering;
  const auto named = sources.environment.find("TOCSIN_CONFIG");
  if (sources.file) {
    gathering.take_file(*sources.file);
  } else if (named != sources.environment.end() && !named->second.empty()) {
    gathering.take_file(named->second);
  }
  gathering.take_environment(sources.environment);
  gathering.take_flags(sources.flags);
  return gathering;
}

}  // namespace

bool Endpoint::is_loopback() const {
  return address == "::1" || address.starts_with("127.");
}

std::string Settings::key_path() const {
  return master_key_file.empty() ? data + "/master.key" : master_key_file;
}

std::span<const Setting> all_settings() {
  return table;
}

std::string variable_of(std::string_view name) {
  std::string variable = "TOCSIN_";
  for (const char c : name) variable += c == '-' ? '_' : static_cast<char>(c - 'a' + 'A');
  return variable;
}

std::string key_of(std::string_view name) {
  std::string key(name);
  std::replace(key.begin(), key.end(), '-', '_');
  return key;
}

base::Result<Settings> resolve(const Sources& sources) {
  return gathered(sources).settings();
}

base::Result<std::vector<Resolved>> resolved_texts(const Sources& sources) {
  Gathering gathering = gathered(sources);
  const base::Result<Settings> settings = gathering.settings();
  if (!settings) return settings.error();
  return gathering.texts();
}

std::map<std::string, std::string> process_environment() {
  std::map<std::string, std::string> variables;
  for (char** each = environ; each != nullptr && *each != nullptr; ++each) {
    const std::string_view text(*each);
    const std::size_t equals = text.find('=');
    if (equals != std::string_view::npos) variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

}  // namespace tocsin::server
