// The shapes of requests and answers, named as the table of endpoints names them, and their form as JSON Schema
// (the description of the API, OpenAPI 3.1, speaks draft 2020-12).
#pragma once

#include <span>
#include <string_view>

#include "value/value.hpp"

namespace tocsin::api {

/// One shape. `members` is a line of `name:type`, separated by spaces. A name with `*` must be there; an answer's
/// members always are. A type is `string`, `integer`, `number`, `boolean`, `instant`, `any`, `object`, the name of
/// another shape, one of these in `[…]` for a list of it or in `{…}` for an object with such members; with `?` it may
/// be null.
struct Schema {
  std::string_view name;
  std::string_view members;
  enum class Of { answer, request } of = Of::answer;
};

std::span<const Schema> schemas();

/// `{"type": "object", "properties": …}`, in the arena.
value::Value json_schema(value::Arena& arena, const Schema& schema);
/// `{"$ref": "#/components/schemas/…"}`
value::Value schema_reference(value::Arena& arena, std::string_view name);

}  // namespace tocsin::api
