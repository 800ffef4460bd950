#include <fmt/format.h>

#include <ostream>

#include "api/web_files.hpp"
#include "base/log.hpp"
#include "server/command_line.hpp"
#include "server/commands.hpp"
#include "server/serve.hpp"
#include "server/supervisor.hpp"

namespace tocsin::server {
namespace {

void greet(Invocation& invocation, const Settings& settings, const Serving& serving) {
  const Address& address = serving.address();
  invocation.out << fmt::format("tocsin {} listens on {} (data folder {})\n", version(), address.local, settings.data)
                 << std::flush;
  if (!serving.first_link().empty()) {
    invocation.out << fmt::format("No admin has a password yet. Set one by this link, once, within 24 hours:\n{}\n",
                                  serving.first_link());
    if (api::embedded_web_files().empty()) {
      invocation.out
          << "This build has no web pages: post {\"password\": \"...\"} as JSON to /api/v1/signin_links/ and the\n"
             "last part of the link. The API takes tokens as well: tocsin token create.\n";
    }
    invocation.out << std::flush;
  }
  if (!settings.listen.is_loopback()) {
    base::log(base::LogLevel::info, "listening beyond this machine", {{"address", settings.listen.address}});
  }
  if (settings.public_url.empty()) {
    base::log(base::LogLevel::warning, "--public-url is not set: links begin with the listen address",
              {{"links", address.links}});
  }
}

void reload(Serving& serving, const Settings& settings) {
  if (settings.tls_certificate.empty()) return;
  const base::Status reloaded = serving.reload_tls();
  if (reloaded) {
    base::log(base::LogLevel::info, "the certificate was read again", {{"file", settings.tls_certificate}});
  } else {
    base::log(base::LogLevel::error, "the certificate could not be read again; the old one stays in use",
              {{"reason", reloaded.error().message}});
  }
}

Exit serve(Invocation& invocation) {
  const base::Result<Settings> settings = settings_of(invocation);
  if (!settings) return misuse(invocation, settings.error());
  base::set_log(settings->log_level, settings->log_format);
  give_memory_back();
  hold_signals();
  raise_file_limit();

  ServeOptions options{*settings, invocation.arguments.text("test-clock"), invocation.arguments.has("bench-endpoint")};
  base::Result<std::unique_ptr<Serving>> serving = Serving::start(options);
  if (!serving) {
    const bool is_misuse = serving.error().kind == base::ErrorKind::invalid;
    return fail(invocation, serving.error(), is_misuse ? Exit::usage : Exit::failure);
  }
  greet(invocation, *settings, **serving);
  tell_service_manager("READY=1");

  const std::string signal = wait_for_end([&] { reload(**serving, *settings); });
  tell_service_manager("STOPPING=1");
  base::log(base::LogLevel::info, "stopping", {{"signal", signal}});
  (*serving)->stop();
  base::log(base::LogLevel::info, "stopped");
  return Exit::ok;
}

}  // namespace

std::vector<Command> serve_commands() {
  return {
      {"serve",
       "Run the server",
       "Every setting may be a flag, an environment variable (TOCSIN_PUBLIC_URL for --public-url) or a key of the\n"
       "TOML file (public_url); flags win over the environment, the environment over the file.\n"
       "SIGTERM and SIGINT end it gracefully, a second one at once; SIGHUP reads the certificate again.\n\n"
       "  tocsin serve --data ./data\n"
       "  tocsin serve --config /etc/tocsin.toml --public-url https://example.org/tocsin",
       joined(settings_flags(Scope::server), {{"test-clock", "SOCKET", "a clock that tests move", Flag::Need::hidden},
                                              {"bench-endpoint", "", "answer POST /bench/empty", Flag::Need::hidden}}),
       {},
       serve}};
}

}  // namespace tocsin::server
