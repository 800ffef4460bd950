#include <iostream>

#include "server/command_line.hpp"

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  const tocsin::server::Exit exit =
      tocsin::server::run_command_line({argv + 1, argv + argc}, std::cin, std::cout, std::cerr);
  return static_cast<int>(exit);
}
