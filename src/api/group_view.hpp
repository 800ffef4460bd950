// Alert groups and alerts as the API shows them (spec: api.md 2.14, 2.15). The standard objects hold exactly the
// members listed there; what Tocsin adds has endpoints of its own.
#pragma once

#include <optional>
#include <string>

#include "api/answer.hpp"
#include "api/call.hpp"

namespace tocsin::api {

/// A group and its newest alert, read in one snapshot.
struct GroupView {
  model::AlertGroup group;
  std::optional<model::Alert> last_alert;
};

GroupView group_view(const store::Reader& reader, model::AlertGroup group);
/// Nothing when there is no such group.
std::optional<GroupView> find_group(Call& call, const std::string& id);

/// The page of the group on this server.
std::string web_link(const Call& call, const model::AlertGroupId& id);

Object show_group(Call& call, const GroupView& view);
/// `{id, alert_group_id, created_at, payload}`
Object show_alert(Call& call, const model::Alert& alert);
/// The same with what its interpretation found, and how: `demo`, the signals and the trace.
Object show_traced_alert(Call& call, const model::Alert& alert);
/// A stored JSON text as a value in the call's arena.
value::Value stored_json(Call& call, std::string_view text);

}  // namespace tocsin::api
