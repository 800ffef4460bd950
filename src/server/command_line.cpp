#include "server/command_line.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <deque>
#include <exception>
#include <map>
#include <ostream>

#include "base/log.hpp"

namespace tocsin::server {
namespace {

constexpr const char* exit_codes =
    "Exit codes: 0 done, 1 the command could not do what it was asked to, 2 wrong arguments or configuration.";

/// What the words before the last of a path stand for, as help shows it.
const std::map<std::string, std::string>& group_meanings() {
  static const std::map<std::string, std::string> meanings = {
      {"user", "People who sign in: create, list, signin-link"},
      {"token", "API tokens: create, list, revoke"},
      {"integration", "Integrations, the URLs that monitoring systems post to: create, list, delete"},
      {"catalog", "The types of integrations that Tocsin knows: list, show"},
      {"template", "Templates: render, check, batch"},
      {"config", "The configuration: show, check"},
  };
  return meanings;
}

/// The parser of CLI11 for a table of commands, and where it puts what it reads.
class Parser {
 public:
  explicit Parser(std::span<const Command> commands) : app_("Tocsin, an on-call server", "tocsin") {
    app_.set_version_flag("--version", "tocsin " + std::string(version()), "Show the version");
    app_.set_help_flag("--help,-h", "Show this help");
    app_.get_formatter()->column_width(34);
    app_.require_subcommand(1);
    app_.footer(std::string("`tocsin COMMAND --help` tells more about each.\n") + exit_codes);
    for (const Command& command : commands) add(command);
  }

  std::variant<Chosen, Shown> read(std::vector<std::string> arguments) {
    std::reverse(arguments.begin(), arguments.end());
    try {
      app_.parse(std::move(arguments));
    } catch (const CLI::ParseError& error) {
      return shown(error);
    }
    for (const Reading& reading : readings_) {
      if (reading.app->parsed()) return Chosen{reading.command, gathered(reading)};
    }
    return Shown{help(), Exit::usage};
  }

 private:
  struct Given {
    std::string name;
    CLI::Option* option;
  };
  struct Reading {
    const Command* command;
    CLI::App* app;
    std::vector<Given> given;
  };

  /// The subcommand of a path; the words before its last are made as they are met.
  CLI::App* place(const Command& command) {
    CLI::App* app = &app_;
    std::size_t start = 0;
    for (std::size_t space = command.path.find(' '); space != std::string::npos;
         space = command.path.find(' ', start)) {
      app = group(*app, command.path.substr(0, space), command.path.substr(start, space - start));
      start = space + 1;
    }
    return app->add_subcommand(command.path.substr(start), command.summary);
  }

  CLI::App* group(CLI::App& parent, const std::string& path, const std::string& word) {
    CLI::App*& app = groups_[path];
    if (app == nullptr) {
      const auto meaning = group_meanings().find(path);
      app = parent.add_subcommand(word, meaning == group_meanings().end() ? std::string() : meaning->second);
      app->require_subcommand(1);
    }
    return app;
  }

  void add(const Command& command) {
    Reading reading{&command, place(command), {}};
    if (!command.detail.empty()) reading.app->footer(command.detail);
    for (const Positional& positional : command.positionals) reading.given.push_back(add(*reading.app, positional));
    for (const Flag& flag : command.flags) reading.given.push_back(add(*reading.app, flag));
    readings_.push_back(std::move(reading));
  }

  static Given add(CLI::App& app, const Positional& positional) {
    CLI::Option* option = app.add_option(positional.name, CLI::callback_t([](const CLI::results_t&) { return true; }),
                                         positional.meaning);
    option->type_name("");
    switch (positional.count) {
      case Positional::Count::one: option->required()->expected(1); break;
      case Positional::Count::maybe_one: option->expected(1); break;
      case Positional::Count::many:
        option->required()->expected(1, CLI::detail::expected_max_vector_size)->allow_extra_args();
        break;
    }
    return {positional.name, option};
  }

  static Given add(CLI::App& app, const Flag& flag) {
    CLI::Option* option = nullptr;
    const std::string names = flag.name == "output" ? "--output,-o" : "--" + flag.name;
    if (flag.value.empty()) {
      option = app.add_flag(names, flag.meaning);
    } else {
      option = app.add_option(names, CLI::callback_t([](const CLI::results_t&) { return true; }), flag.meaning);
      option->type_name(flag.value)->expected(1)->allow_extra_args(false);
      // Said twice, the last counts: so scripts can put their defaults before what they are given.
      const bool is_repeatable = flag.need == Flag::Need::repeatable;
      option->multi_option_policy(is_repeatable ? CLI::MultiOptionPolicy::TakeAll : CLI::MultiOptionPolicy::TakeLast);
    }
    if (flag.need == Flag::Need::required) option->required();
    if (flag.need == Flag::Need::hidden) option->group("");
    return {flag.name, option};
  }

  static Arguments gathered(const Reading& reading) {
    Arguments arguments;
    for (const Given& given : reading.given) {
      if (given.option->count() == 0) continue;
      for (const std::string& value : given.option->results()) arguments.add(given.name, value);
    }
    return arguments;
  }

  /// The innermost subcommand that was named: its help is the one that was asked for.
  const CLI::App& innermost() const {
    const CLI::App* app = &app_;
    while (!app->get_subcommands().empty()) app = app->get_subcommands().back();
    return *app;
  }

  /// Of the command that was named, if there is one.
  std::string help() const {
    std::string text = app_.help();
    return text.ends_with('\n') ? text : text + '\n';
  }

  Shown shown(const CLI::ParseError& error) const {
    if (dynamic_cast<const CLI::CallForVersion*>(&error) != nullptr)
      return {std::string(error.what()) + "\n", Exit::ok};
    if (error.get_exit_code() == 0) return {help(), Exit::ok};
    const CLI::App& app = innermost();
    std::string path = app.get_name();
    for (const CLI::App* parent = app.get_parent(); parent != nullptr; parent = parent->get_parent()) {
      path.insert(0, parent->get_name() + " ");
    }
    // CLI11 says that a command is missing where one is unknown, too.
    const std::vector<std::string> left = app.remaining();
    const bool wants_command = app.get_require_subcommand_min() > 0;
    if (wants_command && left.empty()) return {help(), Exit::usage};
    std::string what = error.what();
    if (wants_command) what = unknown(left, "there is no command '");
    if (!wants_command && dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr)
      what = unknown(app_.remaining(true), "nothing is expected where it says '");
    return {"tocsin: " + what + "\nTry `" + path + " --help`.\n", Exit::usage};
  }

  /// Flags go first: what follows an unknown one may be its value.
  static std::string unknown(const std::vector<std::string>& words, const char* about_word) {
    const auto flag = std::find_if(words.begin(), words.end(), [](const auto& word) { return word.starts_with('-'); });
    if (flag != words.end()) return "there is no flag '" + *flag + "'";
    return words.empty() ? "there is a word too many" : about_word + words.front() + "'";
  }

  CLI::App app_;
  std::map<std::string, CLI::App*> groups_;
  std::deque<Reading> readings_;
};

}  // namespace

std::variant<Chosen, Shown> read_command_line(std::span<const Command> commands, std::vector<std::string> arguments) {
  return Parser(commands).read(std::move(arguments));
}

Exit run_command_line(std::vector<std::string> arguments, std::istream& in, std::ostream& out, std::ostream& err) {
  std::variant<Chosen, Shown> read = read_command_line(all_commands(), std::move(arguments));
  if (const Shown* shown = std::get_if<Shown>(&read)) {
    (shown->exit == Exit::ok ? out : err) << shown->text;
    return shown->exit;
  }
  Chosen& chosen = std::get<Chosen>(read);
  Invocation invocation{std::move(chosen.arguments), in, out, err};
  if (const std::string format = invocation.arguments.text("output");
      format != "json" && format != "text" && !format.empty()) {
    return misuse(invocation, {base::ErrorKind::invalid, "--output: '" + format + "' is not text or json"});
  }
  base::set_log(base::LogLevel::warning, base::LogFormat::text);
  try {
    const Exit exit = chosen.command->run(invocation);
    out.flush();
    return out ? exit : fail(invocation, {base::ErrorKind::unavailable, "the output can't be written"});
  } catch (const std::exception& failure) {
    return fail(invocation, {base::ErrorKind::internal, failure.what()});
  }
}

}  // namespace tocsin::server
