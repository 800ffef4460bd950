#include "server/serve.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "server/command_line.hpp"
#include "server/http_post.hpp"

namespace tocsin::server {
namespace {

/// A data folder that goes with its test.
class Folder {
 public:
  Folder() : path_(std::filesystem::temp_directory_path() / ("tocsin-serve-" + std::to_string(::getpid()))) {
    std::filesystem::remove_all(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string path() const { return path_.string(); }
  std::string operator/(const char* name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

ServeOptions options_for(const Folder& folder, Texts more = {}) {
  more["data"] = folder.path();
  more["listen"] = "127.0.0.1:0";
  const base::Result<Settings> settings = resolve({more, {}, {}});
  REQUIRE(settings.ok());
  return {*settings, {}, false};
}

struct Outcome {
  Exit exit;
  std::string out;
  std::string err;

  std::string last_word() const {
    std::string word;
    std::istringstream words(out);
    while (words >> word) {
    }
    return word;
  }
};

/// A command beside the server, on the same folder.
Outcome run(const Folder& folder, std::vector<std::string> arguments, const std::string& input = {}) {
  arguments.insert(arguments.end(), {"--data", folder.path()});
  std::istringstream in(input);
  std::ostringstream out;
  std::ostringstream err;
  const Exit exit = run_command_line(std::move(arguments), in, out, err);
  return {exit, out.str(), err.str()};
}

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

mode_t mode_of(const std::string& path) {
  struct stat facts {};
  REQUIRE(::stat(path.c_str(), &facts) == 0);
  return facts.st_mode & 0777;
}

TEST_CASE("an alert comes in by the printed URL and is acted on by the command line") {
  const Folder folder;
  auto serving = Serving::start(options_for(folder));
  REQUIRE(serving.ok());
  const Outcome created = run(folder, {"integration", "create", "--type", "webhook", "--name", "Try"});
  REQUIRE(created.exit == Exit::ok);
  CHECK(created.last_word().starts_with((*serving)->address().local + "/integrations/v1/webhook/"));

  const Outcome sent = run(folder, {"send", "--integration", "Try", "-o", "json"}, R"({"title":"Disk full"})");
  CHECK(sent.exit == Exit::ok);
  CHECK(holds(sent.out, "\"accepted\":true,\"receipt\":[\"A"));
  CHECK(http_post(created.last_word(), "{}")->status == 200);
  CHECK(http_post(created.last_word(), "{")->status == 400);

  const Outcome listed = run(folder, {"groups", "--state", "firing", "--integration", "Try"});
  CHECK(holds(listed.out, "Disk full"));
  CHECK(run(folder, {"acknowledge", "1"}).exit == Exit::ok);
  const Outcome again = run(folder, {"acknowledge", "1"});
  CHECK(again.exit == Exit::failure);
  CHECK(holds(again.err, "Can't acknowledge"));
  CHECK(run(folder, {"note", "1", "It was me."}).exit == Exit::ok);

  const Outcome shown = run(folder, {"group", "#1"});
  CHECK(holds(shown.out, "acknowledged"));
  CHECK(holds(shown.out, "admin"));
  CHECK(holds(shown.out, "It was me."));
  CHECK(holds(run(folder, {"group", "1", "-o", "json"}).out, "\"text\":\"It was me.\""));
  CHECK(holds(shown.out, "Why: how A"));
  CHECK(run(folder, {"group", "99"}).exit == Exit::failure);
}

TEST_CASE("a second server on the folder is refused, and the first start makes what is needed") {
  const Folder folder;
  auto first = Serving::start(options_for(folder));
  REQUIRE(first.ok());
  CHECK(mode_of(folder / "master.key") == 0600);
  CHECK(mode_of(folder.path()) == 0700);
  const auto second = Serving::start(options_for(folder));
  REQUIRE_FALSE(second.ok());
  CHECK(holds(second.error().message, "another tocsin server"));

  CHECK(std::filesystem::exists(folder / "server.url"));
  (*first)->stop();
  CHECK_FALSE(std::filesystem::exists(folder / "server.url"));
  first->reset();
  CHECK(Serving::start(options_for(folder)).ok());
}

TEST_CASE("a token can be made before the first start, and tokens are listed and revoked") {
  const Folder folder;
  const Outcome created = run(folder, {"token", "create", "--name", "first"});
  REQUIRE(created.exit == Exit::ok);
  CHECK(created.last_word().size() == 64);
  const Outcome listed = run(folder, {"token", "list"});
  CHECK(holds(listed.out, "first"));
  CHECK_FALSE(holds(listed.out, created.last_word()));
  CHECK(run(folder, {"token", "create", "--name", "x", "--user", "nobody"}).exit == Exit::failure);
  CHECK(run(folder, {"token", "create", "--name", "x", "--expires", "soon"}).exit == Exit::usage);

  std::string id = listed.out.substr(listed.out.find("\nK") + 1);
  id = id.substr(0, id.find(' '));
  CHECK(run(folder, {"token", "revoke", id}).exit == Exit::ok);
  CHECK(run(folder, {"token", "revoke", "KNOSUCHTOKEN1"}).exit == Exit::failure);
}

TEST_CASE("a master key that is missing or foreign is told and nothing is made") {
  const Folder folder;
  REQUIRE(run(folder, {"integration", "create", "--type", "webhook", "--name", "Try"}).exit == Exit::ok);
  std::filesystem::rename(folder / "master.key", folder / "kept.key");
  const auto missing = Serving::start(options_for(folder));
  REQUIRE_FALSE(missing.ok());
  CHECK(holds(missing.error().message, "is missing"));
  CHECK_FALSE(std::filesystem::exists(folder / "master.key"));

  std::ofstream(folder / "foreign.key") << std::string(32, 'x');
  ::chmod((folder / "foreign.key").c_str(), 0600);
  const auto foreign = Serving::start(options_for(folder, {{"master-key-file", folder / "foreign.key"}}));
  REQUIRE_FALSE(foreign.ok());
  CHECK(holds(foreign.error().message, "is not the one"));
  CHECK(Serving::start(options_for(folder, {{"master-key-file", folder / "kept.key"}})).ok());
}

TEST_CASE("the test clock is refused without a loopback address and TOCSIN_TEST=1") {
  const Folder folder;
  ServeOptions options = options_for(folder);
  options.test_clock = folder / "clock";
  ::unsetenv("TOCSIN_TEST");
  CHECK_FALSE(Serving::start(options).ok());
  ::setenv("TOCSIN_TEST", "1", 1);
  ServeOptions open_to_all = options;
  open_to_all.settings.listen.address = "0.0.0.0";
  CHECK_FALSE(Serving::start(open_to_all).ok());
  CHECK(Serving::start(options).ok());
  ::unsetenv("TOCSIN_TEST");
}

TEST_CASE("a folder without data is told by commands that only read") {
  const Folder folder;
  const Outcome outcome = run(folder, {"groups"});
  CHECK(outcome.exit == Exit::failure);
  CHECK(holds(outcome.err, folder.path()));
  CHECK_FALSE(std::filesystem::exists(folder.path()));
}

}  // namespace
}  // namespace tocsin::server
