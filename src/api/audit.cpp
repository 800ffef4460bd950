// audit: who changed which settings, newest first.
#include <map>

#include "api/answer.hpp"
#include "api/endpoint.hpp"

namespace tocsin::api {
namespace {

/// An entry and the name of who did it, read in one snapshot.
struct AuditView {
  model::AuditEntry entry;
  std::optional<std::string> username;
};

std::optional<std::string> given(const Call& call, std::string_view name) {
  std::optional<std::string> text = call.query.get(name);
  return text && text->empty() ? std::nullopt : text;
}

store::Page<AuditView> entries(const store::Reader& reader, const store::AuditFilter& filter, store::Slice slice) {
  store::Page<model::AuditEntry> found = reader.audit(filter, slice);
  store::Page<AuditView> page;
  page.total = found.total;
  std::map<std::string, std::optional<std::string>> names;
  for (model::AuditEntry& entry : found.items) {
    const auto [name, is_new] = names.try_emplace(entry.actor.user.text());
    if (is_new && !entry.actor.user.empty()) {
      if (const auto user = reader.user(entry.actor.user)) name->second = user->username;
    }
    page.items.push_back({std::move(entry), name->second});
  }
  return page;
}

value::Value json_in(Call& call, const std::string& text) {
  const auto read = value::read_json(call.arena, text);
  return read ? *read : value::Value::none();
}

Object show(Call& call, const AuditView& view) {
  const model::AuditEntry& entry = view.entry;
  Object object(call.arena);
  object.set("id", entry.row)
      .set("at", entry.at)
      .set("via", model::name_of(entry.actor.via))
      .set("user_id", entry.actor.user)
      .set("username", view.username)
      .set("address", entry.actor.address.empty() ? std::nullopt : std::optional(entry.actor.address))
      .set("action", entry.action)
      .set("subject", entry.subject)
      .set("before", json_in(call, entry.before))
      .set("after", json_in(call, entry.after));
  return object;
}

/// A user may be named by id or by the name it signs in with.
std::optional<std::string> user_asked(Call& call) {
  std::optional<std::string> asked = given(call, "user");
  if (!asked) return std::nullopt;
  const auto named =
      store::read(call.ledger(), [&](const store::Reader& reader) { return reader.user_by_name(*asked); });
  return named ? named->id.text() : asked;
}

wire::Response list_audit(Call& call) {
  store::AuditFilter filter;
  filter.user = user_asked(call);
  filter.action = given(call, "action");
  filter.subject = given(call, "subject");
  filter.search = given(call, "search");
  const auto fetch = [&](store::Slice slice) {
    return store::read(call.ledger(), [&](const store::Reader& reader) { return entries(reader, filter, slice); });
  };
  return list_answer<AuditView>(call, 50, fetch, [&](const AuditView& view) { return show(call, view).value(); });
}

constexpr Parameter parameters[] = {
    {"user", "Who did it: the id or the name"},
    {"action", "`integration.changed`; with a dot at its end all that begin so: `integration.`"},
    {"subject", "The id of what was changed"},
    {"search", "Part of the action, the subject or what was before or after"},
};

constexpr Endpoint table[] = {
    {"GET", "audit", access::Permission::administration, list_audit, "Who changed which settings, newest first",
     Endpoint::Origin::addition, "", "AuditEntry", true, parameters},
};

}  // namespace

std::span<const Endpoint> audit_endpoints() {
  return table;
}

}  // namespace tocsin::api
