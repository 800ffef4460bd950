// Texts that a command is given in a file or on standard input.
#pragma once

#include <string>

#include "server/command.hpp"

namespace tocsin::server {

/// The whole text of a file; `-` is standard input. Errors: not_found, unavailable, with the path.
base::Result<std::string> read_input(Invocation& invocation, const std::string& path);

}  // namespace tocsin::server
