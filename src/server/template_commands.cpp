#include <fmt/format.h>

#include <ostream>

#include "base/text.hpp"
#include "jinja/template.hpp"
#include "server/commands.hpp"
#include "server/input.hpp"
#include "server/template_batch.hpp"
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

std::string line_of(std::string_view text, int number) {
  for (int line = 1; line < number; ++line) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  return std::string(text.substr(0, text.find('\n')));
}

/// The failure, its place, and the line of the template with a mark under the column.
Exit refuse(Invocation& invocation, const Source& source, const jinja::Error& error) {
  if (invocation.wants_json()) {
    invocation.out << fmt::format(
        "{{\"error\":{{\"kind\":{},\"message\":{},\"line\":{},\"column\":{},\"hint\":{}}}}}\n",
        base::json_quoted(jinja::name_of(error.kind)), base::json_quoted(error.message), error.line, error.column,
        error.hint.empty() ? "null" : base::json_quoted(error.hint));
    return Exit::failure;
  }
  std::string place = source.place;
  if (error.line > 0) place += fmt::format(", line {}", error.line);
  if (error.line > 0 && error.column > 0) place += fmt::format(", column {}", error.column);
  invocation.err << fmt::format("tocsin: {}: {} ({})\n", place, error.message, jinja::name_of(error.kind));
  const std::string line = error.line > 0 ? line_of(source.text, error.line) : std::string();
  if (!line.empty() && line.size() <= 200) {
    invocation.err << "  " << line << '\n';
    if (error.column > 0)
      invocation.err << "  " << std::string(static_cast<std::size_t>(error.column - 1), ' ') << "^\n";
  }
  if (!error.hint.empty()) invocation.err << "  " << error.hint << '\n';
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

Exit check(Invocation& invocation) {
  const base::Result<Source> source = source_of(invocation);
  if (!source) return misuse(invocation, source.error());
  const auto compiled = jinja::Template::compile(source->text);
  if (const auto* error = std::get_if<jinja::Error>(&compiled)) return refuse(invocation, *source, *error);
  std::string names;
  for (const std::string& name : std::get<jinja::Template>(compiled).undeclared_names()) {
    if (!names.empty()) names += invocation.wants_json() ? "," : ", ";
    names += invocation.wants_json() ? base::json_quoted(name) : name;
  }
  if (invocation.wants_json()) {
    invocation.out << "{\"names\":[" << names << "]}\n";
  } else {
    invocation.out << "The template is well-formed. It reads: " << (names.empty() ? "nothing" : names) << '\n';
  }
  return Exit::ok;
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
       "Tell whether a template is well-formed, and which names it reads",
       "  tocsin template check '{{ payload.title or title }}'",
       joined({file}, output_flags()),
       {text},
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
