// Jinja2 3.1 as OnCall's sandbox ran it (spec: ingest.md section 3): compile once, render many times.
// A Template is immutable and shared between threads without locks. A rendering reads the caller's values in
// place; what a template changes is its own copy, never the caller's data.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "clock/clock.hpp"
#include "value/value.hpp"

namespace tocsin::jinja {

/// The kinds of template failure; names as the corpus of cases spells them (`name_of`).
enum class ErrorKind {
  syntax,
  assertion,
  pysyntax,
  undefined,
  security,
  runtime,
  type,
  value,
  key,
  zerodivision,
  overflow,
  index,
  attribute,
  assert_,
  recursion,
  memory,
  os,
  regex,
  notfound,
  toolong,
  other,
  budget,  ///< a limit of ours: steps, output, memory, depth, watchdog
};
std::string_view name_of(ErrorKind kind);

/// A failure that a person can act on.
struct Error {
  ErrorKind kind = ErrorKind::other;
  std::string message;  ///< Jinja2's own wording where it has one
  int line = 0;         ///< 1-based; 0 when there is no place
  int column = 0;       ///< 1-based, in code points
  std::string hint;     ///< how to mend a common slip; may be empty
};

/// Would OnCall show it as `Template Warning` (else `Template Error`)? TypeError, KeyError, ValueError, UndefinedError.
bool is_warning(ErrorKind kind);

/// Limits of one evaluation; what passes one ends with an Error of kind `budget` whose message names it. All but the
/// watchdog depend on template and data alone; the watchdog only guards what steps can't see.
struct Budget {
  std::uint64_t steps = 1'000'000;  ///< about one a node or item; long work on values counts, too
  std::size_t output_bytes = 4u << 20;
  std::size_t memory_bytes = 64u << 20;
  std::uint32_t depth = 200;  ///< calls within calls; the thread's stack bounds them as well
  /// Backtracking of one regular expression, past which the filter gives None; a rendering has 16 times as much.
  std::uint64_t regex_matches = 1'000'000;
  bool regex_must_end = false;           ///< the rendering fails instead of that None: for a trial with small bounds
  std::size_t template_length = 50'000;  ///< code points
  /// Wall-clock time, looked at every thousand steps or so.
  std::chrono::milliseconds watchdog{10'000};
};

/// A compiled template.
class Template {
 public:
  /// Compiles. The template keeps its own copy of the source.
  static std::variant<Template, Error> compile(std::string_view source, const Budget& budget = {});

  const std::string& source() const;
  /// The names that the template reads and does not define, sorted (for `template check`).
  std::vector<std::string> undeclared_names() const;

  struct Program;
  const Program& program() const { return *program_; }

 private:
  explicit Template(std::shared_ptr<const Program> program) : program_(std::move(program)) {}
  std::shared_ptr<const Program> program_;
};

/// A name of the scope and its value; the value's memory outlives the rendering.
struct Variable {
  std::string_view name;
  value::Value value;
};

/// What one thread keeps between renderings (arena, stacks), so that a rendering allocates almost nothing.
class Renderer {
 public:
  Renderer();
  ~Renderer();
  Renderer(Renderer&&) noexcept;
  Renderer& operator=(Renderer&&) noexcept;

  /// Renders into `out`, which is cleared first. Nothing on success. `payload` is None unless given.
  /// `now` is what the global `time()` returns. After an error `out` is unspecified.
  std::optional<Error> render(const Template& compiled, std::span<const Variable> scope, clock::Instant now,
                              const Budget& budget, std::string& out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Cuts a result to `limit` code points and appends `..`, as OnCall does.
void cut_result(std::string& text, std::size_t limit = 50'000);

/// OnCall's truth of a condition: trimmed and lower-cased it is `1`, `true` or `ok`.
bool is_true(std::string_view rendered);

}  // namespace tocsin::jinja
