#include <fmt/format.h>

#include <algorithm>
#include <ostream>

#include "base/text.hpp"
#include "jinja/check.hpp"
#include "jinja/template.hpp"
#include "server/commands.hpp"
#include "server/input.hpp"
#include "server/template_batch.hpp"
#include "server/template_report.hpp"
#include "value/json.hpp"

namespace tocsin::server {
namespace {

/// A template and where it came from, for messages.
struct Source {
  std::string text;
  std::string place;
};

base::Result<Source> source_of(Invocation& invocation) {
  const std::optional<std::string> text = invocation.arguments.maybe("TEMPLATE");
  const std::optional<std::string> file = invocation.arguments.maybe("file");
  if (text && file) return base::Error{base::ErrorKind::invalid, "TEMPLATE and --file: only one of them"};
  if (text) return Source{*text, "template"};
  base::Result<std::string> read = read_input(invocation, file.value_or("-"));
  if (!read) return read.error();
  return Source{std::move(*read), file.value_or("standard input")};
}

/// The failure, its place, and the line of the template with a mark under the column.
Exit refuse(Invocation& invocation, const Source& source, const jinja::Error& error) {
  if (invocation.wants_json()) {
    invocation.out << "{\"error\":{" << members_of(source.text, error) << "}}\n";
    return Exit::failure;
  }
  invocation.err << fmt::format("tocsin: {}{}: {} ({})\n", source.place, place_of(error), error.message,
                                jinja::name_of(error.kind));
  show_excerpt(invocation.err, source.text, error);
  return Exit::failure;
}

base::Result<value::Document> read_context(Invocation& invocation, const std::string& flag) {
  const std::optional<std::string> path = invocation.arguments.maybe(flag);
  if (!path) return value::Document();
  const base::Result<std::string> text = read_input(invocation, *path);
  if (!text) return text.error();
  base::Result<value::Document> document = value::read_json(*text, {.dialect = value::Dialect::python});
  if (document) return document;
  return base::Error{base::ErrorKind::invalid,
                     fmt::format("{}: {}, {}", *path, document.error().where, document.error().message)};
}

base::Result<clock::Instant> now_of(const Arguments& arguments) {
  const std::optional<std::string> text = arguments.maybe("now");
  if (!text) return clock::RealClock().now();
  if (const auto now = clock::from_iso8601(*text)) return *now;
  return base::Error{base::ErrorKind::invalid,
                     fmt::format("--now: '{}' is not a time such as 2026-03-01T12:00:00Z", *text)};
}

/// The variables: those of --context, and the payload.
base::Result<std::vector<jinja::Variable>> scope_of(const value::Document& context, const value::Document& payload,
                                                    const Arguments& arguments) {
  std::vector<jinja::Variable> scope;
  if (arguments.has("context")) {
    if (!context.root().is_dict()) return base::Error{base::ErrorKind::invalid, "--context must hold a JSON object"};
    for (const value::Entry& entry : *context.root().as_dict()) scope.push_back({entry.key.as_text(), entry.value});
  }
  if (arguments.has("payload")) {
    std::erase_if(scope, [](const jinja::Variable& each) { return each.name == "payload"; });
    scope.push_back({"payload", payload.root()});
  }
  return scope;
}

Exit render(Invocation& invocation) {
  const Arguments& arguments = invocation.arguments;
  const base::Result<Source> source = source_of(invocation);
  if (!source) return misuse(invocation, source.error());
  const base::Result<value::Document> context = read_context(invocation, "context");
  if (!context) return misuse(invocation, context.error());
  const base::Result<value::Document> payload = read_context(invocation, "payload");
  if (!payload) return misuse(invocation, payload.error());
  const base::Result<std::vector<jinja::Variable>> scope = scope_of(*context, *payload, arguments);
  if (!scope) return misuse(invocation, scope.error());
  const base::Result<clock::Instant> now = now_of(arguments);
  if (!now) return misuse(invocation, now.error());

  const auto compiled = jinja::Template::compile(source->text);
  if (const auto* error = std::get_if<jinja::Error>(&compiled)) return refuse(invocation, *source, *error);
  jinja::Renderer renderer;
  std::string text;
  const std::optional<jinja::Error> error =
      renderer.render(std::get<jinja::Template>(compiled), *scope, *now, jinja::Budget(), text);
  if (error) return refuse(invocation, *source, *error);
  jinja::cut_result(text);
  if (invocation.wants_json()) {
    invocation.out << "{\"output\":" << base::json_quoted(text) << "}\n";
  } else {
    invocation.out << text << '\n';
  }
  return Exit::ok;
}

/// What templates get besides the payload: of alerts, of groups (what the web shows of them), and by OnCall's names.
/// A sample of each, for those that are not given.
base::Result<value::Document> usual_variables() {
  return value::read_json(R"({"labels": {}, "integration_name": "Integration", "source_link": null,
    "web_title": "Title", "web_message": "Message", "web_image_url": "", "grafana_oncall_link": "https://example.org",
    "grafana_oncall_alert_group_id": 1, "grafana_oncall_incident_id": 1})");
}

jinja::Surroundings surroundings_of(const value::Document& usual, std::vector<jinja::Variable> sample,
                                    const std::vector<std::string>& more, clock::Instant now) {
  jinja::Surroundings surroundings{{"payload"}, {}, now};
  const bool tries = !sample.empty();
  for (const value::Entry& each : *usual.root().as_dict()) {
    const std::string_view name = each.key.as_text();
    surroundings.variables.push_back(name);
    const bool given =
        std::any_of(sample.begin(), sample.end(), [&](const auto& variable) { return variable.name == name; });
    if (!given && tries) sample.push_back({name, each.value});
  }
  for (const jinja::Variable& each : sample) surroundings.variables.push_back(each.name);
  surroundings.variables.insert(surroundings.variables.end(), more.begin(), more.end());
  surroundings.sample = std::move(sample);
  return surroundings;
}

bool is_error(const jinja::Finding& finding) {
  return finding.what == jinja::Finding::What::refused || finding.what == jinja::Finding::What::failed;
}

void show_findings(Invocation& invocation, const Source& source, const std::vector<jinja::Finding>& findings) {
  for (const jinja::Finding& each : findings) {
    const std::string place =
        each.error.line > 0 ? fmt::format(":{}:{}", each.error.line, each.error.column) : std::string();
    invocation.out << fmt::format("{}{}: {}: {} [{}]\n", source.place, place, is_error(each) ? "error" : "warning",
                                  each.error.message, jinja::name_of(each.what));
    show_excerpt(invocation.out, source.text, each.error);
  }
}

std::string json_of(const Source& source, const std::vector<jinja::Finding>& findings) {
  std::string list;
  for (const jinja::Finding& each : findings) {
    if (!list.empty()) list += ',';
    list += fmt::format(R"({{"what":"{}",{}}})", jinja::name_of(each.what), members_of(source.text, each.error));
  }
  return fmt::format(R"({{"file":{},"findings":[{}]}})", base::json_quoted(source.place), list);
}

base::Result<std::vector<Source>> sources_of(Invocation& invocation) {
  std::vector<Source> sources;
  for (const std::string& file : invocation.arguments.all("FILE")) {
    base::Result<std::string> text = read_input(invocation, file);
    if (!text) return text.error();
    sources.push_back({std::move(*text), file == "-" ? "standard input" : file});
  }
  return sources;
}

Exit check(Invocation& invocation) {
  const base::Result<std::vector<Source>> sources = sources_of(invocation);
  if (!sources) return misuse(invocation, sources.error());
  const base::Result<value::Document> context = read_context(invocation, "context");
  if (!context) return misuse(invocation, context.error());
  const base::Result<value::Document> payload = read_context(invocation, "payload");
  if (!payload) return misuse(invocation, payload.error());
  const base::Result<std::vector<jinja::Variable>> sample = scope_of(*context, *payload, invocation.arguments);
  if (!sample) return misuse(invocation, sample.error());
  const base::Result<clock::Instant> now = now_of(invocation.arguments);
  if (!now) return misuse(invocation, now.error());

  const std::vector<std::string> more = invocation.arguments.all("variable");
  const auto usual = usual_variables();
  const jinja::Surroundings surroundings = surroundings_of(*usual, *sample, more, *now);
  std::size_t count = 0;
  std::string json;
  for (const Source& source : *sources) {
    const std::vector<jinja::Finding> findings = jinja::check(source.text, surroundings);
    count += findings.size();
    if (!json.empty()) json += ',';
    if (invocation.wants_json()) {
      json += json_of(source, findings);
    } else {
      show_findings(invocation, source, findings);
    }
  }
  if (invocation.wants_json()) {
    invocation.out << '[' << json << "]\n";
  } else {
    invocation.out << fmt::format("{} template{} checked, {} finding{}\n", sources->size(),
                                  sources->size() == 1 ? "" : "s", count, count == 1 ? "" : "s");
  }
  return count == 0 ? Exit::ok : Exit::failure;
}

Exit batch(Invocation& invocation) {
  render_batch(invocation.in, invocation.out);
  return Exit::ok;
}

}  // namespace

std::vector<Command> template_commands() {
  const Positional text{"TEMPLATE", "the template; without it, --file or standard input", Positional::Count::maybe_one};
  const Flag file{"file", "FILE", "the file of the template"};
  return {
      {"template render",
       "Render a template over a payload and print the result",
       "A template that fails prints why, with line and column, and ends with exit code 1.\n\n"
       "  tocsin template render --payload alert.json '{{ payload.labels.alertname }}'\n"
       "  tocsin template render --payload alert.json --file title.j2",
       joined({{"payload", "FILE", "the JSON that the template sees as `payload`; - is standard input"},
               {"context", "FILE", "a JSON object of further variables"},
               file,
               {"now", "TIME", "what time() gives: 2026-03-01T12:00:00Z [now]"}},
              output_flags()),
       {text},
       render},
      {"template check",
       "Look for mistakes in templates, over a sample payload if there is one",
       "Finds what does not compile, unknown filters and tests, variables that templates do not get, variables that\n"
       "nothing reads and, with --payload, members that the sample has not and what fails over it. A member that the\n"
       "template asks for (`is defined`, `default`, `or`, a condition) may be missing. Exit code 1 when there is\n"
       "a finding.\n\n"
       "  tocsin template check --payload alert.json templates/*.j2",
       joined(
           {{"payload", "FILE", "a sample: the JSON that the templates see as `payload`"},
            {"context", "FILE", "a JSON object of further variables"},
            {"variable", "NAME", "a variable that the templates also get; may be given again", Flag::Need::repeatable},
            {"now", "TIME", "what time() gives: 2026-03-01T12:00:00Z [now]"}},
           output_flags()),
       {{"FILE", "files of templates; - is standard input", Positional::Count::many}},
       check},
      {"template batch",
       "Render many templates: JSON Lines in, JSON Lines out",
       "Each line of standard input is an object: `id`, `template`, `context` (all the variables; `payload` is None\n"
       "unless it is among them), and optionally `now` (what time() gives), `limit` (characters of the result) and\n"
       "`mode` (\"webhook\" escapes the context for JSON). Each gives one line: {\"id\",\"output\"} or\n"
       "{\"id\",\"error\":{\"kind\",\"message\",\"line\"}}.\n\n"
       "  echo '{\"id\":1,\"template\":\"{{ a + 1 }}\",\"context\":{\"a\":1}}' | tocsin template batch",
       {},
       {},
       batch},
  };
}

}  // namespace tocsin::server
