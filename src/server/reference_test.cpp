#include "server/reference.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "server/command_line.hpp"

namespace tocsin::server {
namespace {

std::string path_of(const char* name) {
  return std::string(TOCSIN_SOURCE_DIR) + "/docs/" + name;
}

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The page holds exactly this text between its two marks. UPDATE_DOCS=1 writes it there instead.
void check_page(const char* name, const std::string& generated) {
  const std::string begin = "<!-- from the program: begin -->\n";
  const std::string end = "<!-- from the program: end -->\n";
  std::string page = text_of(path_of(name));
  const std::size_t from = page.find(begin);
  const std::size_t to = page.find(end);
  REQUIRE(from != std::string::npos);
  REQUIRE(to != std::string::npos);
  const std::size_t start = from + begin.size();
  if (std::getenv("UPDATE_DOCS") != nullptr) {
    std::ofstream(path_of(name)) << page.replace(start, to - start, generated);
    return;
  }
  INFO("docs/", name, " differs from the program; UPDATE_DOCS=1 test_server brings it up to date");
  CHECK(page.substr(start, to - start) == generated);
}

TEST_CASE("docs/cli.md tells every command and flag") {
  check_page("cli.md", command_reference(all_commands()));
}

TEST_CASE("docs/configuration.md tells every setting") {
  check_page("configuration.md", settings_reference(all_settings()));
}

}  // namespace
}  // namespace tocsin::server
