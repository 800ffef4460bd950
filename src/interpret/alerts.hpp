// Inside the room: how a body becomes alerts (spec: ingest.md 1.6, 2.6).
#pragma once

#include <string>
#include <vector>

#include "catalog/catalog.hpp"
#include "value/value.hpp"

namespace tocsin::interpret {

/// One alert of a body.
struct Item {
  value::Value payload;
  std::string series;  ///< for formats that are resolved by counting: hash of the label set
};

/// The alerts of a body. What a body lacks of its format's shape makes it one plain alert, never an error. New
/// values are made in the arena; the body itself is not changed.
std::vector<Item> alerts_of(catalog::Format format, value::Value body, value::Arena& arena);

}  // namespace tocsin::interpret
