#include <algorithm>

#include "jinja/evaluation.hpp"
#include "value/python_error.hpp"

namespace tocsin::jinja {
namespace {

std::string quoted(std::string_view name) {
  return "'" + std::string(name) + "'";
}

/// `'a'`, `'a' and 'b'`, `'a', 'b', and 'c'`.
std::string listed(const std::vector<std::string_view>& names) {
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i != 0) out += names.size() == 2 ? " and " : i + 1 == names.size() ? ", and " : ", ";
    out += quoted(names[i]);
  }
  return out;
}

[[noreturn]] void fail_too_many(const Signature& signature, std::size_t given) {
  const std::size_t most = signature.parameters.size();
  std::string takes = signature.required == most
                          ? std::to_string(most)
                          : "from " + std::to_string(signature.required) + " to " + std::to_string(most);
  value::raise_type(std::string(signature.function) + "() takes " + takes + " positional argument" +
                    (most == 1 ? "" : "s") + " but " + std::to_string(given) + (given == 1 ? " was" : " were") +
                    " given");
}

}  // namespace

void bind(const Signature& signature, const Arguments& arguments, std::span<Value> slots) {
  const std::size_t passed = signature.passed;
  const std::size_t most = signature.parameters.size();
  const std::size_t given = passed + arguments.positional.size();
  std::uint64_t set = (std::uint64_t{1} << std::min<std::size_t>(given, most)) - 1;
  for (std::size_t i = passed; i < std::min(given, most); ++i) slots[i - passed] = arguments.positional[i - passed];
  for (const Keyword& keyword : arguments.named) {
    const auto* at = std::find(signature.parameters.data(), signature.parameters.data() + most, keyword.first);
    const auto number = static_cast<std::size_t>(at - signature.parameters.data());
    const auto fail_with = [&](const std::string& what) {
      value::raise_type(std::string(signature.function) + "() got " + what + " argument " + quoted(keyword.first));
    };
    if (number == most) fail_with("an unexpected keyword");
    if (set >> number & 1) fail_with("multiple values for");
    set |= std::uint64_t{1} << number;
    slots[number - passed] = keyword.second;
  }
  if (given > most) fail_too_many(signature, given);
  std::vector<std::string_view> missing;
  for (std::size_t i = 0; i < signature.required; ++i) {
    if (!(set >> i & 1)) missing.push_back(signature.parameters[i]);
  }
  if (missing.empty()) return;
  value::raise_type(std::string(signature.function) + "() missing " + std::to_string(missing.size()) +
                    " required positional argument" + (missing.size() == 1 ? ": " : "s: ") + listed(missing));
}

}  // namespace tocsin::jinja
