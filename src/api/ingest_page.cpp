#include "api/ingest_page.hpp"

#include "base/text.hpp"

namespace tocsin::api {

std::string ingest_page(const model::Integration& integration, const catalog::Type& type) {
  const std::string name = base::html_escaped(integration.name);
  const std::string kind = base::html_escaped(type.name);
  return "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
         "<meta name=\"referrer\" content=\"no-referrer\"><title>" +
         name +
         " · Tocsin</title><style>"
         ":root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:42rem;margin:3rem auto;"
         "padding:0 1rem}pre{padding:1rem;overflow:auto;border:1px solid;border-radius:4px}</style></head><body>"
         "<h1>" +
         name +
         "</h1>"
         "<p>This is the address of a Tocsin integration of type <strong>" +
         kind +
         "</strong>. It is for a monitoring "
         "system to send alerts to, not for a browser. Whoever knows the address can send alerts: treat it as a "
         "secret.</p>"
         "<p>Send a test alert from a shell, with this page's address in place of <code>URL</code>:</p>"
         "<pre>curl -H 'Content-Type: application/json' -d '" +
         base::html_escaped(type.example) +
         "' URL</pre>"
         "<p>The answer <code>\"Ok.\"</code> means that the alert is stored. Its header <code>X-Tocsin-Receipt</code> "
         "names the alert.</p></body></html>\n";
}

}  // namespace tocsin::api
