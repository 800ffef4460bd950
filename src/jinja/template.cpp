#include "jinja/template.hpp"

#include <algorithm>
#include <new>

#include "base/text.hpp"
#include "jinja/budget_errors.hpp"
#include "jinja/failure.hpp"
#include "jinja/hints.hpp"
#include "jinja/machine.hpp"
#include "jinja/object_rules.hpp"
#include "jinja/parser.hpp"
#include "jinja/resolver.hpp"
#include "jinja/token.hpp"
#include "jinja/undefined.hpp"
#include "value/python_compare.hpp"
#include "value/python_error.hpp"
#include "value/python_strings.hpp"

namespace tocsin::jinja {
namespace {

ErrorKind kind_of(value::PythonErrorKind kind) {
  using value::PythonErrorKind;
  switch (kind) {
    case PythonErrorKind::type: return ErrorKind::type;
    case PythonErrorKind::value: return ErrorKind::value;
    case PythonErrorKind::key: return ErrorKind::key;
    case PythonErrorKind::index: return ErrorKind::index;
    case PythonErrorKind::attribute: return ErrorKind::attribute;
    case PythonErrorKind::overflow: return ErrorKind::overflow;
    case PythonErrorKind::zerodivision: return ErrorKind::zerodivision;
    case PythonErrorKind::recursion: return ErrorKind::recursion;
    case PythonErrorKind::memory: return ErrorKind::memory;
    case PythonErrorKind::os: return ErrorKind::os;
    case PythonErrorKind::regex: return ErrorKind::regex;
    case PythonErrorKind::other: return ErrorKind::other;
  }
  return ErrorKind::other;
}

Error error_of(Failure failure, std::string_view source) {
  Error error{failure.kind, std::move(failure.message), 0, 0, std::move(failure.hint)};
  if (error.hint.empty()) error.hint = hint_for(error.kind, error.message);
  if (error.kind == ErrorKind::budget) count_budget_error(error.message);
  set_place(error, source, failure.at);
  return error;
}

/// Runs and turns what is thrown into an Error; `place` is asked for where, when the failure does not know.
template <class Run, class Place>
std::optional<Error> guarded(std::string_view source, const Budget& budget, Run run, Place place) {
  try {
    try {
      run();
    } catch (const value::UndefinedUsed& used) {
      raise_undefined(used.of);
    }
    return std::nullopt;
  } catch (Failure& failure) {
    if (failure.at == no_place) failure.at = place();
    return error_of(std::move(failure), source);
  } catch (value::PythonError& error) {
    return error_of({kind_of(error.kind), std::move(error.message), place()}, source);
  } catch (const value::ArenaFull&) {
    const std::string message = "memory budget exhausted (" + std::to_string(budget.memory_bytes) + " bytes)";
    return error_of({ErrorKind::budget, message, place()}, source);
  } catch (const std::bad_alloc&) {
    return error_of({ErrorKind::memory, "out of memory", place()}, source);
  }
}

}  // namespace

void set_place(Error& error, std::string_view source, std::uint32_t at) {
  if (at == no_place) return;
  const std::string_view before = source.substr(0, at);
  error.line = 1 + static_cast<int>(std::count(before.begin(), before.end(), '\n'));
  const std::size_t line_start = before.rfind('\n');
  error.column = 1 + static_cast<int>(base::utf8_length(before.substr(line_start == before.npos ? 0 : line_start + 1)));
}

std::string_view name_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::syntax: return "syntax";
    case ErrorKind::assertion: return "assertion";
    case ErrorKind::pysyntax: return "pysyntax";
    case ErrorKind::undefined: return "undefined";
    case ErrorKind::security: return "security";
    case ErrorKind::runtime: return "runtime";
    case ErrorKind::type: return "type";
    case ErrorKind::value: return "value";
    case ErrorKind::key: return "key";
    case ErrorKind::zerodivision: return "zerodivision";
    case ErrorKind::overflow: return "overflow";
    case ErrorKind::index: return "index";
    case ErrorKind::attribute: return "attribute";
    case ErrorKind::assert_: return "assert";
    case ErrorKind::recursion: return "recursion";
    case ErrorKind::memory: return "memory";
    case ErrorKind::os: return "os";
    case ErrorKind::regex: return "regex";
    case ErrorKind::notfound: return "notfound";
    case ErrorKind::toolong: return "toolong";
    case ErrorKind::other: return "other";
    case ErrorKind::budget: return "budget";
  }
  return "other";
}

bool is_warning(ErrorKind kind) {
  // IndexError and ZeroDivisionError are no subclasses of the four; regex errors neither.
  return kind == ErrorKind::type || kind == ErrorKind::key || kind == ErrorKind::value || kind == ErrorKind::undefined;
}

std::variant<Template, Error> Template::compile(std::string_view source, const Budget& budget) {
  const std::size_t length = base::utf8_length(source);
  if (length > budget.template_length) {
    return Error{ErrorKind::toolong,
                 "Template exceeds length limit (" + std::to_string(length) + " > " +
                     std::to_string(budget.template_length) + ")",
                 0,
                 0,
                 {}};
  }
  auto program = std::make_shared<Program>();
  program->given = source;
  program->source = normalised_source(base::first_bad_utf8(source) ? base::repaired_utf8(source) : std::string(source));
  const auto compile = [&] {
    parse(*program);
    resolve(*program);
  };
  if (auto error = guarded(program->source, budget, compile, [] { return no_place; })) return std::move(*error);
  return Template(std::move(program));
}

const std::string& Template::source() const {
  return program_->given;
}
std::vector<std::string> Template::undeclared_names() const {
  return program_->undeclared;
}

struct Renderer::State {
  value::Arena arena;
  Patterns patterns;
  std::vector<Value> scope;
};

Renderer::Renderer() : state_(std::make_unique<State>()) {
  register_object_rules();
  count_budget_error();
}
Renderer::~Renderer() = default;
Renderer::Renderer(Renderer&&) noexcept = default;
Renderer& Renderer::operator=(Renderer&&) noexcept = default;

std::optional<Error> Renderer::render(const Template& compiled, std::span<const Variable> scope, clock::Instant now,
                                      const Budget& budget, std::string& out) {
  const Template::Program& program = compiled.program();
  State& state = *state_;
  std::uint32_t at = no_place;
  const auto render_with = [&](bool copies) {
    out.clear();
    state.arena.reset();
    state.arena.set_limit(budget.memory_bytes);
    if (std::any_of(scope.begin(), scope.end(), [](const Variable& each) { return each.name == "self"; })) {
      // Jinja2 takes the variables as keyword arguments of a method.
      fail(ErrorKind::type, "Template.render() got multiple values for argument 'self'");
    }
    state.scope.assign(program.initial.begin(), program.initial.end());
    for (const Variable& variable : scope) {
      const auto named = std::find(program.names.begin(), program.names.end(), variable.name);
      if (named == program.names.end()) continue;
      Value& into = state.scope[static_cast<std::size_t>(named - program.names.begin())];
      into = copies ? value::deep_copy(state.arena, variable.value) : variable.value;
    }
    Machine machine({state.arena, state.patterns, budget, now, out}, program, state.scope.data());
    try {
      machine.run();
    } catch (const CopiesNeeded&) {
      throw;
    } catch (...) {
      at = machine.at();
      throw;
    }
  };
  const auto render = [&] {
    try {
      render_with(program.changes_scope.load(std::memory_order_relaxed));
    } catch (const CopiesNeeded&) {
      program.changes_scope.store(true, std::memory_order_relaxed);
      render_with(true);
    }
  };
  return guarded(program.source, budget, render, [&] { return at; });
}

void cut_result(std::string& text, std::size_t limit) {
  if (text.size() <= limit || base::utf8_length(text) <= limit) return;
  text.resize(base::utf8_prefix(text, limit).size());
  text += "..";
}

bool is_true(std::string_view rendered) {
  const std::string_view text = value::stripped(rendered, value::Side::both);
  return base::same_ignoring_case(text, "1") || base::same_ignoring_case(text, "true") ||
         base::same_ignoring_case(text, "ok");
}

}  // namespace tocsin::jinja
