// Symbol tables of the resolver: one for each frame of the template.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "jinja/tree.hpp"

namespace tocsin::jinja {

/// Number of a variable, unique in the program.
using Target = std::uint32_t;
inline constexpr Target no_target = ~Target{0};

/// The variables of one function of the compiled form.
struct FunctionScope {
  FunctionScope* parent = nullptr;
  FunctionCode* code = nullptr;
  std::map<std::pair<int, std::string_view>, Target> targets;  ///< level and name
};

/// Where each variable of the program lives.
struct Place {
  FunctionScope* function;
  std::uint16_t slot;
};

/// How a frame gets a variable when it is entered.
struct SymbolLoad {
  enum class From { param, scope, alias, missing };
  From from;
  std::string_view name;      ///< scope
  Target source = no_target;  ///< alias
};

/// The names of a frame. Copied for the branches of an `if`.
class Symbols {
 public:
  Symbols(std::vector<Place>& places, FunctionScope* function, const Symbols* parent, int level)
      : places_(&places), function_(function), parent_(parent), level_(level) {}

  int level() const { return level_; }
  const Symbols* parent() const { return parent_; }
  FunctionScope* function() const { return function_; }
  const std::set<std::string_view>& stores() const { return stores_; }
  const std::vector<std::pair<Target, SymbolLoad>>& loads() const { return loads_; }

  Target find(std::string_view name) const;
  void load(std::string_view name);
  void store(std::string_view name);
  Target declare_parameter(std::string_view name);
  /// After an `if`: the names that its branches set.
  void update_from_branches(const std::vector<Symbols>& branches);
  /// Every name stored here or further out, with its variable.
  std::vector<std::pair<std::string_view, Target>> visible_stores() const;

 private:
  Target define(std::string_view name, SymbolLoad load);
  void set_load(Target target, SymbolLoad load);

  std::vector<Place>* places_;
  FunctionScope* function_;
  const Symbols* parent_;
  int level_;
  std::map<std::string_view, Target> refs_;
  std::vector<std::pair<Target, SymbolLoad>> loads_;
  std::set<std::string_view> stores_;
};

}  // namespace tocsin::jinja
