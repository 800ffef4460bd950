// A command of the binary as data: its place, help, flags, and what it runs. Each group of commands is one source that
// gives a list of these; command_line reads the arguments by it, so that CLI11 stays in one source.
#pragma once

#include <functional>
#include <iosfwd>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace tocsin::server {

/// How the process ends.
enum class Exit {
  ok = 0,
  failure = 1,  ///< the command could not do what it was asked to
  usage = 2,    ///< the arguments or the configuration are wrong
};

struct Flag {
  enum class Need { optional, required, repeatable, hidden };

  std::string name;   ///< without its dashes
  std::string value;  ///< what kind of value, as help shows it: `NAME`; empty: a switch
  std::string meaning;
  Need need = Need::optional;
};

struct Positional {
  enum class Count { one, maybe_one, many };

  std::string name;  ///< as help shows it: `ID`
  std::string meaning;
  Count count = Count::one;
};

/// What was said on the command line, by the name of the flag or positional.
class Arguments {
 public:
  void add(const std::string& name, std::string value) { given_[name].push_back(std::move(value)); }

  bool has(std::string_view name) const { return given_.find(name) != given_.end(); }
  std::optional<std::string> maybe(std::string_view name) const;
  /// Empty when it was not given.
  std::string text(std::string_view name) const { return maybe(name).value_or(std::string()); }
  std::vector<std::string> all(std::string_view name) const;

 private:
  std::map<std::string, std::vector<std::string>, std::less<>> given_;
};

/// One run of a command.
struct Invocation {
  Arguments arguments;
  std::istream& in;
  std::ostream& out;
  std::ostream& err;

  /// `--output json`.
  bool wants_json() const { return arguments.text("output") == "json"; }
};

struct Command {
  std::string path;     ///< `token create`
  std::string summary;  ///< one line, in the list of commands
  std::string detail;   ///< what else there is to know, and examples
  std::vector<Flag> flags;
  std::vector<Positional> positionals;
  Exit (*run)(Invocation& invocation);
};

/// Tells an error and every further mistake in it on `err`; gives `exit`.
Exit fail(Invocation& invocation, const base::Error& error, Exit exit = Exit::failure);
/// The same for wrong arguments and configuration.
Exit misuse(Invocation& invocation, const base::Error& error);

}  // namespace tocsin::server
