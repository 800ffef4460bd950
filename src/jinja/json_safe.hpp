// Values ready to stand inside JSON text, as the templates of outgoing webhooks get them.
#pragma once

#include "value/value.hpp"

namespace tocsin::jinja {

/// A copy in which every string is its JSON form without the quotes around, and the str() of every dict has a backslash
/// before each double quote. Numbers, None and keys stay as they are.
value::Value json_safe(value::Arena& arena, value::Value from);

}  // namespace tocsin::jinja
