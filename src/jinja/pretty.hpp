// Values laid out over several lines as Python's pprint.pformat does it.
#pragma once

#include <string>

#include "jinja/evaluation.hpp"

namespace tocsin::jinja {

/// pprint.pformat(v): lines of at most 80 characters where that is possible, dicts sorted by key.
std::string pretty(Evaluation& evaluation, Value v);

}  // namespace tocsin::jinja
