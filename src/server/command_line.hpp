// The arguments of the process into a run of one of the commands. CLI11 stays in command_line.cpp.
#pragma once

#include <iosfwd>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "server/command.hpp"

namespace tocsin::server {

/// What the arguments ask for: a command with its arguments, or a text to be shown (help, version, what is wrong).
struct Chosen {
  const Command* command;
  Arguments arguments;
};
struct Shown {
  std::string text;
  Exit exit;
};

/// Reads arguments (without the program's name) by the table of commands. Pure.
std::variant<Chosen, Shown> read_command_line(std::span<const Command> commands, std::vector<std::string> arguments);

/// Every command of the binary.
std::span<const Command> all_commands();

/// The version of this build.
std::string_view version();

/// The whole process: reads the arguments, runs the command, tells what went wrong.
Exit run_command_line(std::vector<std::string> arguments, std::istream& in, std::ostream& out, std::ostream& err);

}  // namespace tocsin::server
