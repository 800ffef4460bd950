#include <fmt/format.h>

#include <ostream>

#include "base/text.hpp"
#include "server/address.hpp"
#include "server/commands.hpp"
#include "server/desk.hpp"
#include "server/http_post.hpp"
#include "server/input.hpp"
#include "server/integration_lookup.hpp"
#include "server/measure.hpp"
#include "server/sheet.hpp"

namespace tocsin::server {
namespace {

/// Where to send, and what is sent there for a try.
struct Destination {
  std::string url;
  std::string example;  ///< empty: the type has none
};

base::Result<Destination> destination_of(Desk& desk) {
  const Arguments& arguments = desk.invocation.arguments;
  const base::Result<model::Integration> integration = store::read(desk.ledger(), [&](const store::Reader& reader) {
    return integration_named(reader, arguments.text("integration"));
  });
  if (!integration) return integration.error();
  const std::optional<std::string> token =
      engine::token_of(*integration, seal::Sealer(desk.installation.key, engine::integration_token_purpose));
  if (!token) return base::Error{base::ErrorKind::invalid, "the integration's URL was sealed with another master key"};
  std::string server = local_url(desk.settings);
  if (const auto named = arguments.maybe("server")) {
    const base::Result<std::string> read = read_public_url(*named);
    if (!read) return base::Error{base::ErrorKind::invalid, "--server: " + read.error().message};
    server = *read;
  }
  const catalog::Type* type = desk.installation.catalog.find(integration->type);
  return Destination{integration_url(server, integration->type, *token), type == nullptr ? "" : type->example};
}

/// The payload: the type's example, or what FILE or standard input holds.
base::Result<std::string> payload_of(Invocation& invocation, const std::string& example) {
  if (!invocation.arguments.has("example")) {
    return read_input(invocation, invocation.arguments.maybe("FILE").value_or("-"));
  }
  if (!example.empty()) return example;
  return base::Error{base::ErrorKind::not_found, "the type has no example"};
}

std::string header(const HttpAnswer& answer, const std::string& name) {
  const auto found = answer.headers.find(name);
  return found == answer.headers.end() ? std::string() : found->second;
}

Exit tell(Invocation& invocation, const HttpAnswer& answer) {
  const bool accepted = answer.status >= 200 && answer.status < 300;
  const std::string receipt = header(answer, "x-tocsin-receipt");
  if (invocation.wants_json()) {
    std::string ids;
    for (const std::string& id : read_list(receipt)) ids += (ids.empty() ? "" : ",") + base::json_quoted(id);
    Record record;
    record.number("status", answer.status).truth("accepted", accepted).json("receipt", "[" + ids + "]", {});
    print_record(invocation, record.text("answer", answer.body));
  } else if (!accepted) {
    invocation.err << fmt::format("tocsin: the server answers {}: {}\n", answer.status, base::trimmed(answer.body));
  } else if (receipt.empty()) {
    invocation.out << "Accepted: there was no alert in it.\n";
  } else {
    const std::string count = header(answer, "x-tocsin-receipt-count");
    invocation.out << (count.empty() ? "Accepted: " : fmt::format("Accepted {} alerts, the first of them: ", count))
                   << receipt << '\n';
  }
  return accepted ? Exit::ok : Exit::failure;
}

Exit post(Invocation& invocation, const Destination& destination) {
  const base::Result<std::string> payload = payload_of(invocation, destination.example);
  if (!payload) return fail(invocation, payload.error());
  const base::Result<HttpAnswer> answer = http_post(destination.url, *payload);
  return answer ? tell(invocation, *answer) : fail(invocation, answer.error());
}

Exit send(Invocation& invocation) {
  const Arguments& arguments = invocation.arguments;
  const auto wrong = [&](const char* what) { return misuse(invocation, {base::ErrorKind::invalid, what}); };
  if (arguments.has("to") == arguments.has("integration"))
    return wrong("say where to: --integration NAME, or --to URL");
  if (arguments.has("example") && arguments.has("FILE")) return wrong("FILE and --example: only one of them");
  if (arguments.has("to")) {
    if (arguments.has("example")) return wrong("--example needs --integration, whose type it is of");
    return post(invocation, {arguments.text("to"), {}});
  }
  return at_desk(invocation, [&](Desk& desk) {
    const base::Result<Destination> destination = destination_of(desk);
    return destination ? post(invocation, *destination) : fail(invocation, destination.error());
  });
}

}  // namespace

std::vector<Command> send_commands() {
  return {{"send",
           "Send a payload to an integration of a running server and print the receipt",
           "The receipt holds the ids of the alerts that were made; they are on the disk. The server's address is the\n"
           "one that it wrote into the data folder, unless --server names another.\n\n"
           "  tocsin send --data ./data --integration Production --example\n"
           "  tocsin send --data ./data --integration Production alert.json\n"
           "  tocsin send --to http://127.0.0.1:8080/integrations/v1/webhook/TOKEN/ < alert.json",
           joined({{"integration", "NAME", "the integration, by name or id"},
                   {"to", "URL", "its URL, without looking into the data folder"},
                   {"example", "", "send the example of the integration's type"},
                   {"server", "URL", "the server, if it is not the one of the data folder: http://127.0.0.1:8080"}},
                  settings_flags(Scope::ledger)),
           {{"FILE", "the payload; without it, or -, standard input", Positional::Count::maybe_one}},
           send}};
}

}  // namespace tocsin::server
