// The engine's objects in the eyes of the value room.
#pragma once

namespace tocsin::jinja {

/// Registers the rules with the value room, once a process.
void register_object_rules();

}  // namespace tocsin::jinja
