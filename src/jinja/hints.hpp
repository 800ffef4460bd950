// Advice for common slips, shown beside an error. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "jinja/template.hpp"

namespace tocsin::jinja {

/// How to mend what the message tells; empty when there is nothing to say.
std::string hint_for(ErrorKind kind, std::string_view message);

/// The name most like the wrong one; empty when none is like it, and when it is among them.
std::string_view nearest(std::string_view wrong, const std::vector<std::string_view>& names);
/// What there is instead of a member that is not there: the name most like it, else some names.
std::string hint_for_member(std::string_view wrong, const std::vector<std::string_view>& names);
/// "Did you mean `name`?"; empty for an empty name.
std::string did_you_mean(std::string_view name);

}  // namespace tocsin::jinja
