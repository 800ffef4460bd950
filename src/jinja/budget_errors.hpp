// Renderings that ended because a budget was exhausted, counted for /metrics. Any thread.
#pragma once

#include <string_view>

namespace tocsin::jinja {

/// `message` begins with the name of the budget: `step budget exhausted (…)`. Without one the counters are only made.
void count_budget_error(std::string_view message = {});

}  // namespace tocsin::jinja
