// Errors of templates for people and for programs, as the template commands show them.
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>

#include "jinja/template.hpp"

namespace tocsin::server {

/// `, line 2, column 5`; empty when there is no place.
std::string place_of(const jinja::Error& error);
/// The line of the source with a mark under the place, and the hint, each on a line of its own.
void show_excerpt(std::ostream& out, std::string_view source, const jinja::Error& error);
/// `"kind":…,"message":…,"line":…,"column":…,"source_line":…,"caret":…,"hint":…`: the members of a JSON object.
std::string members_of(std::string_view source, const jinja::Error& error);

}  // namespace tocsin::server
