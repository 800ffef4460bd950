#include "change/describe.hpp"

#include <map>

#include "base/text.hpp"
#include "change/route.hpp"
#include "value/json.hpp"

namespace tocsin::change {
namespace {

using value::Value;

/// Builds one JSON object.
class Sheet {
 public:
  Sheet& put(std::string_view key, std::string_view text) { return put(key, Value::copied(arena_, text)); }
  Sheet& put(std::string_view key, const std::string& text) { return put(key, std::string_view(text)); }
  Sheet& put(std::string_view key, const std::optional<std::string>& text) {
    return text ? put(key, std::string_view(*text)) : put(key, Value::none());
  }
  Sheet& put(std::string_view key, const std::optional<double>& number) {
    return put(key, number ? Value::real(*number) : Value::none());
  }
  Sheet& put(std::string_view key, const std::map<std::string, std::string>& texts) {
    value::Dict* dict = value::new_dict(arena_);
    for (const auto& [name, text] : texts) {
      value::set(arena_, *dict, Value::copied(arena_, name), Value::copied(arena_, text));
    }
    return put(key, Value::dict(dict));
  }
  Sheet& put(std::string_view key, Value item) {
    value::set(arena_, *dict_, Value::copied(arena_, key), item);
    return *this;
  }
  /// A JSON text as a member.
  Sheet& put_json(std::string_view key, std::string_view json) {
    const auto parsed = value::read_json(arena_, json);
    return put(key, parsed ? *parsed : Value::none());
  }
  std::string json() const { return value::to_json(Value::dict(dict_)); }

 private:
  value::Arena arena_;
  value::Dict* dict_ = value::new_dict(arena_);
};

std::string_view name_of(model::Role role) {
  constexpr std::string_view names[] = {"admin", "editor", "viewer", "none"};
  return names[static_cast<int>(role)];
}

std::optional<std::string> text_of(const std::optional<clock::Instant>& at) {
  return at ? std::optional(clock::to_iso8601(*at)) : std::nullopt;
}

}  // namespace

std::string describe(const model::Integration& integration) {
  return Sheet()
      .put("type", integration.type)
      .put("name", integration.name)
      .put("description", integration.description)
      .put("team", integration.team.text())
      .put("templates", integration.templates)
      .put("labels", integration.labels)
      .put("dynamic_labels", integration.dynamic_labels)
      .put("resolves_from_source", Value::boolean(integration.resolves_from_source))
      .put("rate_per_second", integration.rate_per_second)
      .put("rate_burst", integration.rate_burst)
      .json();
}

std::string describe(const model::Route& route) {
  return Sheet()
      .put("integration", route.integration.text())
      .put("is_default", Value::boolean(route.is_default))
      .put("position", Value::integer(route.position))
      .put("type", name_of(route.type))
      .put("expression", route.expression)
      .put("escalation_chain", route.escalation_chain.text())
      .put_json("channels", route.channels)
      .json();
}

std::string describe(const model::User& user) {
  return Sheet()
      .put("username", user.username)
      .put("name", user.name)
      .put("email", user.email)
      .put("role", name_of(user.role))
      .put("time_zone", user.time_zone)
      .put("phone", user.phone)
      .put("active", Value::boolean(user.active))
      .json();
}

std::string describe(const model::ApiToken& token) {
  return Sheet()
      .put("user", token.user.text())
      .put("name", token.name)
      .put("expires_at", text_of(token.expires_at))
      .put("revoked_at", text_of(token.revoked_at))
      .json();
}

std::string describe(const model::Session& session) {
  return Sheet()
      .put("user", session.user.text())
      .put("address", session.address)
      .put("user_agent", session.user_agent)
      .put("expires_at", clock::to_iso8601(session.expires_at))
      .json();
}

std::string describe(const model::SignInLink& link) {
  return Sheet()
      .put("user", link.user.text())
      .put("purpose", model::name_of(link.purpose))
      .put("expires_at", clock::to_iso8601(link.expires_at))
      .json();
}

std::string describe(const model::Team& team) {
  std::string members = "[";
  for (const model::UserId& member : team.members) {
    members.append(members.size() > 1 ? "," : "").append(base::json_quoted(member.text()));
  }
  return Sheet().put("name", team.name).put("email", team.email).put_json("members", members + "]").json();
}

}  // namespace tocsin::change
