#include "jinja/symbols.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "jinja/failure.hpp"

namespace tocsin::jinja {

using From = SymbolLoad::From;

Target Symbols::find(std::string_view name) const {
  for (const Symbols* at = this; at != nullptr; at = at->parent_) {
    const auto found = at->refs_.find(name);
    if (found != at->refs_.end()) return found->second;
  }
  return no_target;
}

void Symbols::set_load(Target target, SymbolLoad load) {
  const auto found = std::find_if(loads_.begin(), loads_.end(), [&](const auto& l) { return l.first == target; });
  if (found == loads_.end()) {
    loads_.emplace_back(target, load);
  } else {
    found->second = load;
  }
}

Target Symbols::define(std::string_view name, SymbolLoad load) {
  const auto [at, is_new] = function_->targets.try_emplace({level_, name}, static_cast<Target>(places_->size()));
  if (is_new) {
    if (function_->code->slots == 0xFFFE) fail(ErrorKind::syntax, "too many variables");
    places_->push_back({function_, function_->code->slots++});
  }
  refs_[name] = at->second;
  set_load(at->second, load);
  return at->second;
}

void Symbols::load(std::string_view name) {
  if (find(name) == no_target) define(name, {From::scope, name, no_target});
}

void Symbols::store(std::string_view name) {
  stores_.insert(name);
  if (refs_.contains(name)) return;
  const Target outer = parent_ == nullptr ? no_target : parent_->find(name);
  if (outer != no_target) {
    define(name, {From::alias, name, outer});
  } else {
    define(name, {From::missing, name, no_target});
  }
}

Target Symbols::declare_parameter(std::string_view name) {
  stores_.insert(name);
  return define(name, {From::param, name, no_target});
}

void Symbols::update_from_branches(const std::vector<Symbols>& branches) {
  std::map<std::string_view, std::size_t> counts;
  for (const Symbols& branch : branches) {
    for (const std::string_view name : branch.stores_) {
      if (!stores_.contains(name)) ++counts[name];
    }
  }
  for (const Symbols& branch : branches) {
    for (const auto& [name, target] : branch.refs_) refs_[name] = target;
    for (const auto& [target, load] : branch.loads_) set_load(target, load);
    stores_.insert(branch.stores_.begin(), branch.stores_.end());
  }
  for (const auto& [name, count] : counts) {
    if (count == branches.size()) continue;
    const Target target = find(name);
    CHECK(target != no_target);
    const Target outer = parent_ == nullptr ? no_target : parent_->find(name);
    set_load(target,
             outer == no_target ? SymbolLoad{From::scope, name, no_target} : SymbolLoad{From::alias, name, outer});
  }
}

std::vector<std::pair<std::string_view, Target>> Symbols::visible_stores() const {
  std::map<std::string_view, Target> all;
  for (const Symbols* at = this; at != nullptr; at = at->parent_) {
    for (const std::string_view name : at->stores_) all.try_emplace(name, find(name));
  }
  return {all.begin(), all.end()};
}

}  // namespace tocsin::jinja
