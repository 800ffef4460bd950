// Lazy sequences of the filters: each item is made when it is asked for, once. Inside the room only.
#pragma once

#include <cstdint>
#include <string_view>

#include "jinja/evaluation.hpp"

namespace tocsin::jinja {

/// A generator over the items of another value. A stage derives from it and has
/// `bool start(Evaluation&)`, which sets the cursor (false: no items), and `bool produce(Evaluation&, Value& out)`.
struct Stage : Generator {
  enum class State : std::uint8_t { fresh, running, ended };

  Value source;
  Cursor cursor;
  State state = State::fresh;
};

template <class S>
bool advance_stage(Evaluation& evaluation, Generator& generator, Value& out) {
  S& stage = static_cast<S&>(generator);
  if (stage.state == Stage::State::ended) return false;
  evaluation.charge(1);
  if (stage.state == Stage::State::fresh) {
    stage.state = Stage::State::running;
    if (!stage.start(evaluation)) {
      stage.state = Stage::State::ended;
      return false;
    }
  }
  if (stage.produce(evaluation, out)) return true;
  stage.state = Stage::State::ended;
  return false;
}

/// A new stage over `source`, in the arena; the caller fills in its own members.
template <class S>
S* new_stage(Evaluation& evaluation, Value source, std::string_view type_name = "generator") {
  S* stage = evaluation.arena().make<S>();
  stage->type = static_cast<std::uint32_t>(Generator::tag);
  stage->advance = advance_stage<S>;
  stage->type_name = type_name;
  stage->source = source;
  return stage;
}

/// Values reversed() takes, and what it names its iterator; empty when it raises TypeError.
std::string_view reversed_name(Value v);
/// The sequence from its end; the value is one that reversed() takes.
Value reversed(Evaluation& evaluation, Value v);

}  // namespace tocsin::jinja
