// The machine's own objects: macros, loops, self and blocks, with the variables that they keep; and what templates may
// ask of the engine's objects.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "jinja/evaluation.hpp"

namespace tocsin::jinja {

class Machine;

/// The variables of a function that runs, and those of the function that it is written in. In the arena: a macro may
/// outlive it.
struct Activation {
  Value* slots = nullptr;
  Activation* outer = nullptr;
};

struct MacroObject : value::Object {
  static constexpr ObjectType tag = ObjectType::macro;
  const MacroCode* code;
  Activation* outer;
  Value* scope;
};

/// `self`: the blocks of the template as seen from a scope.
struct SelfObject : value::Object {
  static constexpr ObjectType tag = ObjectType::self;
  Value* scope;
};
struct BlockObject : value::Object {
  static constexpr ObjectType tag = ObjectType::block;
  const BlockStmt* block;
  Value* scope;
};

/// The `loop` of a for loop.
struct LoopObject : value::Object {
  static constexpr ObjectType tag = ObjectType::loop;
  Evaluation* evaluation;
  Cursor cursor;
  Value iterable;
  const ForStmt* node = nullptr;  ///< of a recursive loop
  Activation* outer = nullptr;
  std::int64_t depth0 = 0;
  std::int64_t index0 = -1;
  std::int64_t length = -1;  ///< not known yet
  Value before = {};
  Value current = {};
  Value after = {};
  bool has_after = false;
  value::List* changed = nullptr;  ///< what loop.changed() saw last

  bool next(Value& out);
  bool peek();
  /// The length of all; goes through the rest of a generator.
  std::int64_t count();
};

/// An attribute of the engine's own objects (loop, macro, namespace, self, cycler); false when there is none.
bool object_attribute(Machine& machine, Value of, std::string_view name, MethodName method, Value& out);
/// Calls what is callable among them (cycler, joiner).
bool call_global_object(Machine& machine, Value callee, const Arguments& arguments, Value& out);
/// What `super` is in the one block of its name.
Value no_parent_block(Evaluation& evaluation, const BlockStmt& block);
/// Is it a method of dict taken from the class itself (`dict.keys`)?
inline bool is_unbound(const BoundMethod& method) {
  return object_of<TypeObject>(method.self)->name == "dict" && method.name != MethodName::fromkeys;
}
/// Can Python iterate it?
bool is_iterable(Value v);
/// Has the Python object an attribute of that name, which starts with an underscore?
bool has_private_attribute(Value of, std::string_view name);
/// `dict object`, `datetime.datetime object`.
std::string described_type(Value v);
/// The functions that every template knows; unset for any other name.
Value global_named(std::string_view name);

}  // namespace tocsin::jinja
