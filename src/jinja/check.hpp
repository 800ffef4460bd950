// What a look at a template finds without an alert: mistakes that stop it, and names that are most likely misspelt or
// of no use. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jinja/template.hpp"

namespace tocsin::jinja {

struct Finding {
  enum class What {
    refused,   ///< the template does not compile: `error` says why
    failed,    ///< it fails over the sample: `error` says why
    unknown,   ///< it reads a variable that it does not get
    unused,    ///< it sets a variable that nothing reads
    misspelt,  ///< it reads a member of the payload that the sample has not
  };
  What what = What::refused;
  Error error;  ///< the place and the hint always, the kind of `refused` and `failed`
};
/// `refused` and so on, as people and programs see it.
std::string_view name_of(Finding::What what);

/// What is known of where the template will be used.
struct Surroundings {
  std::vector<std::string_view> variables;  ///< the names that it may read; empty: any
  std::vector<Variable> sample;             ///< values of some of them, to try it with
  clock::Instant now;
};

/// Everything found, in the order of the source. A member that the sample lacks is passed over where the template asks
/// for it (`is defined`, `default`, a condition, an operand of `or`).
std::vector<Finding> check(std::string_view source, const Surroundings& surroundings, const Budget& budget = {});

}  // namespace tocsin::jinja
