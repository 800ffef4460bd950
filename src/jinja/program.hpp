// What a template compiles to: the tree, its constants and the tables the machine needs. Immutable once built.
#pragma once

#include <atomic>
#include <string>
#include <string_view>
#include <vector>

#include "jinja/template.hpp"
#include "jinja/tree.hpp"
#include "value/arena.hpp"

namespace tocsin::jinja {

struct Template::Program {
  std::string given;   ///< the source as it came
  std::string source;  ///< with normalised newlines
  value::Arena arena;
  Body body;
  FrameCode frame;
  FunctionCode function;
  std::uint16_t self_slot = 0xFFFF;
  std::vector<std::string_view> names;  ///< what the scope is asked for, by number
  std::vector<Value> initial;           ///< what each is before the caller's variables: a global, None or unset
  std::vector<BlockStmt*> blocks;
  std::vector<std::string> undeclared;
  mutable std::atomic<bool> changes_scope = false;  ///< a rendering tried to change the caller's data
};

}  // namespace tocsin::jinja
