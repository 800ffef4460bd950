// Renders one template of bench/templates again and again, for bench/templates.py, which times the real Jinja2 beside
// it.
//
// Usage: template_bench CASE.json
// The case holds `template`, `context` and `now`. Reads commands, one a line, and answers each with one line of JSON:
//   output           the rendered text
//   render SECONDS   {"count", "seconds"}: renderings into one buffer, context parsed, template compiled
//   compile SECONDS  the same for compilations
// Seconds are the processor's (this process, user and system): what else runs on the machine is not in them.
#include <time.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/text.hpp"
#include "jinja/template.hpp"
#include "value/json.hpp"

using namespace tocsin;

namespace {

double processor_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

[[noreturn]] void stop(const std::string& why) {
  std::fprintf(stderr, "template_bench: %s\n", why.c_str());
  std::exit(1);
}

/// Runs `once` for about so many seconds, in batches that make looking at the clock cheap.
template <class Once>
std::string rate_of(double seconds, Once once) {
  const double start = processor_seconds();
  std::uint64_t count = 0;
  double spent = 0;
  for (std::uint64_t batch = 1; spent < seconds; batch = spent < seconds / 100 ? batch * 2 : batch) {
    for (std::uint64_t i = 0; i < batch; ++i) once();
    count += batch;
    spent = processor_seconds() - start;
  }
  return "{\"count\": " + std::to_string(count) + ", \"seconds\": " + std::to_string(spent) + "}";
}

class Bench {
 public:
  explicit Bench(value::Document document) : document_(std::move(document)) {
    source_ = document_.root().text_at("template");
    for (const value::Entry& entry : *document_.root().find("context")->as_dict()) {
      scope_.push_back({entry.key.as_text(), entry.value});
    }
    now_ = clock::from_iso8601(document_.root().text_at("now")).value();
  }

  std::string answer(const std::string& command, double seconds) {
    if (command == "compile") return rate_of(seconds, [&] { compiled(); });
    const jinja::Template compiled_template = compiled();
    render(compiled_template);
    if (command == "output") return base::json_quoted(out_);
    if (command != "render") stop("unknown command " + command);
    return rate_of(seconds, [&] { render(compiled_template); });
  }

 private:
  jinja::Template compiled() const {
    auto made = jinja::Template::compile(source_);
    if (const auto* error = std::get_if<jinja::Error>(&made)) stop(error->message);
    return std::move(std::get<jinja::Template>(made));
  }

  void render(const jinja::Template& compiled_template) {
    if (const auto error = renderer_.render(compiled_template, scope_, now_, budget_, out_)) stop(error->message);
  }

  value::Document document_;
  std::string_view source_;
  std::vector<jinja::Variable> scope_;
  clock::Instant now_;
  jinja::Budget budget_;
  jinja::Renderer renderer_;
  std::string out_;
};

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) stop("usage: template_bench CASE.json");
  std::ifstream file(arguments[1]);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  auto document = value::read_json(text);
  if (!document.ok()) stop(std::string(arguments[1]) + ": " + document.error().message);
  Bench bench(std::move(document).value());
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream words(line);
    std::string command;
    double seconds = 0;
    words >> command >> seconds;
    std::cout << bench.answer(command, seconds) << std::endl;
  }
  return 0;
}
