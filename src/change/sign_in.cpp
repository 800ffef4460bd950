#include "change/sign_in.hpp"

#include <utility>

#include "access/access.hpp"
#include "base/text.hpp"
#include "change/describe.hpp"

namespace tocsin::change {

base::Status check_password(std::string_view password, std::string_view username, const char* field) {
  const auto wrong = [&](const char* message) { return base::Error{base::ErrorKind::invalid, message, field, {}}; };
  if (base::utf8_length(password) < shortest_password) {
    return wrong("Ensure this field has at least 10 characters.");
  }
  if (password.size() > longest_password) return wrong("Ensure this field has no more than 256 characters.");
  if (base::same_ignoring_case(password, username)) return wrong("The password is the name.");
  return {};
}

base::Result<model::Unit> make_link(const model::User& user, model::SignInLink link, const Edit& edit) {
  if (!user.active) return base::Error{base::ErrorKind::conflict, "The user is not active"};
  link.user = user.id;
  link.organization = edit.organization;
  link.created_at = edit.now;
  link.expires_at = edit.now + access::link_length;
  model::Unit unit;
  unit.audit.push_back(audit_entry(edit, {"signin_link.created", user.id.text()}, "null", describe(link)));
  unit.records.emplace_back(std::move(link));
  return unit;
}

base::Result<model::Unit> use_link(const LinkUse& use, const UserChange& profile, std::string password_hash,
                                   const Edit& edit) {
  base::Result<model::Unit> unit = change_user(use.user, profile, use.others, edit);
  if (!unit) return unit;
  if (describe(use.user) == unit->audit.front().after) unit->audit.clear();
  model::merge(*unit,
               set_password({use.user.id, edit.organization, std::move(password_hash), edit.now}, use.sessions, edit));
  unit->removals.emplace_back(model::SignInLinkOf{use.user.id});
  return unit;
}

model::Unit set_password(const model::Password& password, const std::vector<model::Session>& ended, const Edit& edit) {
  model::Unit unit;
  unit.audit.push_back(audit_entry(edit, {"password.changed", password.user.text()}, "null", "null"));
  unit.records.emplace_back(password);
  for (const model::Session& session : ended) unit.removals.emplace_back(session.id);
  return unit;
}

model::Unit begin_session(model::Session session, const std::vector<model::Session>& old, const Edit& edit) {
  session.organization = edit.organization;
  session.created_at = edit.now;
  session.last_seen_at = edit.now;
  session.expires_at = edit.now + access::session_length;
  model::Unit unit;
  std::size_t live = 1;
  for (const model::Session& each : old) {
    if (!access::is_live(each, edit.now) || ++live > access::session_limit) unit.removals.emplace_back(each.id);
  }
  unit.audit.push_back(audit_entry(edit, {"session.created", session.id.text()}, "null", describe(session)));
  unit.records.emplace_back(std::move(session));
  return unit;
}

model::Unit end_session(const model::Session& session, const Edit& edit) {
  model::Unit unit;
  unit.audit.push_back(audit_entry(edit, {"session.ended", session.id.text()}, describe(session), "null"));
  unit.removals.emplace_back(session.id);
  return unit;
}

}  // namespace tocsin::change
