#include <charconv>
#include <cmath>

#include "api/alert_group_handlers.hpp"
#include "api/answer.hpp"
#include "api/fields.hpp"
#include "api/group_view.hpp"
#include "base/text.hpp"

namespace tocsin::api {
namespace {

constexpr std::int64_t longest_silence = std::int64_t{100} * 366 * 24 * 3600;  ///< seconds; past it say 'for ever'
constexpr std::uint32_t bulk_limit = 1000;

/// What the API says when an action is refused.
wire::Response refused_action(Call& call, const base::Error& error) {
  if (error.kind != base::ErrorKind::not_found || error.where == call.id) return refusal(error);
  Fields fields(call);
  fields.mistake("root_alert_group_id", "Object does not exist");
  return fields.refused();
}

wire::Response perform(Call& call, const engine::Command& command) {
  const auto group = call.engine.actions().perform(model::AlertGroupId(call.id), command, call.actor());
  return group ? empty_ok() : refused_action(call, group.error());
}

bool group_exists(Call& call) {
  const model::AlertGroupId id(call.id);
  return store::read(call.ledger(), [&](const store::Reader& reader) { return reader.group(id).has_value(); });
}

/// Python's int(): a number, cut to a whole one, or digits with white space around them.
std::optional<std::int64_t> whole_number(value::Value given) {
  if (given.is(value::Kind::integer)) return given.as_integer();
  if (given.is(value::Kind::real) && std::fabs(given.as_real()) < 1e15) {
    return static_cast<std::int64_t>(given.as_real());
  }
  if (!given.is_string()) return std::nullopt;
  std::string_view digits = base::trimmed(given.as_text());
  if (digits.starts_with('+')) digits.remove_prefix(1);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

/// The `delay` of a silence: -1 and 0 mean for ever (spec: api.md 2.14).
base::Result<group::Silence> silence_of(value::Value body) {
  const value::Value* given = body.find("delay");
  if (given == nullptr || given->is_none()) return base::Error{base::ErrorKind::invalid, "delay is required"};
  const std::optional<std::int64_t> seconds = whole_number(*given);
  if (!seconds || *seconds < -1 || *seconds > longest_silence) {
    return base::Error{base::ErrorKind::invalid, "invalid delay value"};
  }
  if (*seconds <= 0) return group::Silence{};
  return group::Silence{std::chrono::seconds(*seconds)};
}

/// The root of an attachment, with what is missing told to `fields`.
model::AlertGroupId root_of(Fields& fields) {
  const auto root = fields.reference("root_alert_group_id");
  if (!root) {
    fields.mistake("root_alert_group_id", "This field is required.");
  } else if (!root->value) {
    fields.mistake("root_alert_group_id", "This field may not be null.");
  } else {
    return model::AlertGroupId(*root->value);
  }
  return {};
}

/// The command of a bulk action; nothing, and told to `fields`, when there is none.
std::optional<engine::Command> bulk_command(const Call& call, Fields& fields) {
  const auto action = fields.text("action", {.presence = Presence::required});
  if (!action || !action->value) return std::nullopt;
  const std::string& name = *action->value;
  if (name == "acknowledge") return group::Acknowledge{};
  if (name == "unacknowledge") return group::Unacknowledge{};
  if (name == "resolve") return group::Resolve{};
  if (name == "unresolve") return group::Unresolve{};
  if (name == "unsilence") return group::Unsilence{};
  if (name == "unattach") return group::Unattach{};
  if (name == "restart") return group::Restart{};
  if (name == "wipe") return group::Wipe{};
  if (name == "delete") return group::Delete{};
  if (name == "attach") return engine::AttachTo{root_of(fields)};
  if (name == "silence") {
    const base::Result<group::Silence> silence = silence_of(call.body->root());
    if (silence) return *silence;
    fields.mistake("delay", silence.error().message);
    return std::nullopt;
  }
  fields.mistake("action", "\"" + name + "\" is not a valid choice.");
  return std::nullopt;
}

std::vector<model::AlertGroupId> bulk_groups(Fields& fields) {
  std::vector<model::AlertGroupId> ids;
  const value::Value* given = fields.find("alert_group_ids");
  if (given == nullptr) {
    fields.mistake("alert_group_ids", "This field is required.");
  } else if (!given->is_list()) {
    fields.mistake("alert_group_ids", "Expected a list of ids.");
  } else if (given->as_list()->size > bulk_limit) {
    fields.mistake("alert_group_ids",
                   "Ensure this field has no more than " + std::to_string(bulk_limit) + " elements.");
  } else {
    for (const value::Value id : *given->as_list()) {
      ids.emplace_back(id.is_string() ? std::string(id.as_text()) : std::string());
    }
  }
  return ids;
}

}  // namespace

wire::Response acknowledge_group(Call& call) {
  return perform(call, group::Acknowledge{});
}
wire::Response unacknowledge_group(Call& call) {
  return perform(call, group::Unacknowledge{});
}
wire::Response resolve_group(Call& call) {
  return perform(call, group::Resolve{});
}
wire::Response unresolve_group(Call& call) {
  return perform(call, group::Unresolve{});
}
wire::Response unsilence_group(Call& call) {
  return perform(call, group::Unsilence{});
}
wire::Response unattach_group(Call& call) {
  return perform(call, group::Unattach{});
}
wire::Response restart_group(Call& call) {
  return perform(call, group::Restart{});
}

wire::Response silence_group(Call& call) {
  const base::Result<group::Silence> silence = silence_of(call.body->root());
  if (silence) return perform(call, *silence);
  return group_exists(call) ? detail(400, silence.error().message) : not_found();
}

wire::Response attach_group(Call& call) {
  if (!group_exists(call)) return not_found();
  Fields fields(call);
  if (!fields.ok()) return fields.refused();
  const model::AlertGroupId root = root_of(fields);
  return fields.ok() ? perform(call, engine::AttachTo{root}) : fields.refused();
}

wire::Response remove_group(Call& call) {
  if (!group_exists(call)) return not_found();
  const value::Value body = call.body->root();
  if (!body.is_dict()) return json_answer(400, value::Value::text("A dict with a `mode` key is expected"));
  const value::Value* mode = body.find("mode");
  const std::string_view name = mode == nullptr ? "wipe" : body.text_at("mode");
  if (name != "wipe" && name != "delete") return json_answer(400, value::Value::text("Invalid mode"));
  const wire::Response done = name == "wipe" ? perform(call, group::Wipe{}) : perform(call, group::Delete{});
  return done.status == 200 ? no_content() : done;
}

wire::Response act_on_groups(Call& call) {
  Fields fields(call);
  if (!fields.ok()) return fields.refused();
  const std::vector<model::AlertGroupId> ids = bulk_groups(fields);
  const std::optional<engine::Command> command = bulk_command(call, fields);
  if (!fields.ok()) return fields.refused();

  const auto outcomes = call.engine.actions().perform_on_all(ids, *command, call.actor());
  std::vector<value::Value> results;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    Object result(call.arena);
    result.set("alert_group_id", ids[i].text()).set("done", outcomes[i].ok());
    result.set("state", outcomes[i] ? std::optional(model::name_of(model::state_of(*outcomes[i]))) : std::nullopt);
    result.set("detail", outcomes[i] ? std::nullopt : std::optional(outcomes[i].error().message));
    results.push_back(result.value());
  }
  Object answer(call.arena);
  return ok(answer.set("results", list_of(call.arena, results)));
}

}  // namespace tocsin::api
