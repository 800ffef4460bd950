#include "jinja/budget_errors.hpp"

#include <map>
#include <string>

#include "base/metric.hpp"

namespace tocsin::jinja {

void count_budget_error(std::string_view message) {
  static std::map<std::string, base::Counter, std::less<>> counters = [] {
    std::map<std::string, base::Counter, std::less<>> made;
    for (const char* budget : {"step", "output", "memory", "depth", "regex", "time"}) {
      made.emplace(budget, base::Counter("tocsin_template_budget_errors_total",
                                         "Renderings of templates that ended because a budget was exhausted",
                                         {{"budget", budget}}));
    }
    return made;
  }();
  const auto found = counters.find(message.substr(0, message.find(' ')));
  if (found != counters.end()) found->second.add();
}

}  // namespace tocsin::jinja
