// What an alert looks like: the templates of every channel, rendered.
#pragma once

#include "api/answer.hpp"
#include "api/call.hpp"

namespace tocsin::api {

/// `{"slack": {"title": …}, …, "errors": [{"field", "kind", "message", "line"}]}`; what fails or has no template is
/// null in its place.
Object show_appearance(Call& call, const interpret::Settings& settings, value::Value payload,
                       const interpret::GroupFacts& facts);

}  // namespace tocsin::api
