// alert_groups: the list, its counts, one group; and the table of everything that can be done with groups.
#include "api/alert_group_handlers.hpp"
#include "api/answer.hpp"
#include "api/endpoint.hpp"
#include "api/group_query.hpp"
#include "api/group_view.hpp"

namespace tocsin::api {
namespace {

using access::Permission;
constexpr auto oncall = Endpoint::Origin::oncall;
constexpr auto addition = Endpoint::Origin::addition;

wire::Response list_groups(Call& call) {
  store::AlertGroupFilter filter;
  if (auto refused = read_group_filter(call, filter)) return std::move(*refused);
  const auto fetch = [&](store::Slice slice) {
    return store::read(call.ledger(), [&](const store::Reader& reader) {
      store::Page<model::AlertGroup> groups = reader.groups(filter, slice);
      store::Page<GroupView> views;
      views.total = groups.total;
      for (model::AlertGroup& group : groups.items) views.items.push_back(group_view(reader, std::move(group)));
      return views;
    });
  };
  return list_answer<GroupView>(call, 50, fetch, [&](const GroupView& view) { return show_group(call, view).value(); });
}

wire::Response get_group(Call& call) {
  const std::optional<GroupView> view = find_group(call, call.id);
  return view ? ok(show_group(call, *view)) : not_found();
}

wire::Response count_groups(Call& call) {
  store::AlertGroupFilter filter;
  if (auto refused = read_group_filter(call, filter)) return std::move(*refused);
  const auto counts =
      store::read(call.ledger(), [&](const store::Reader& reader) { return reader.count_by_state(filter); });
  Object object(call.arena);
  for (const model::State state :
       {model::State::firing, model::State::acknowledged, model::State::silenced, model::State::resolved}) {
    object.set(model::name_of(state), counts.at(state));
  }
  return ok(object);
}

constexpr auto reading = Permission::alert_groups_read;
constexpr auto writing = Permission::alert_groups_write;

/// An action on one group: 200 with nothing in it.
constexpr Endpoint action(std::string_view pattern, wire::Response (*handle)(Call&), std::string_view summary,
                          Endpoint::Origin origin) {
  return {.method = "POST",
          .pattern = pattern,
          .permission = writing,
          .handle = handle,
          .summary = summary,
          .origin = origin};
}

constexpr Endpoint table[] = {
    {.method = "GET",
     .pattern = "alert_groups",
     .permission = reading,
     .handle = list_groups,
     .summary = "Alert groups, newest first",
     .response_schema = "AlertGroup",
     .is_list = true,
     .parameters = group_parameters},
    {.method = "GET",
     .pattern = "alert_groups/counts",
     .permission = reading,
     .handle = count_groups,
     .summary = "How many alert groups are in each state, under the filters of the list (but `state`)",
     .origin = addition,
     .response_schema = "StateCounts",
     .parameters = group_parameters},
    {.method = "POST",
     .pattern = "alert_groups/bulk",
     .permission = writing,
     .handle = act_on_groups,
     .summary = "One action on many alert groups; each is decided for itself",
     .origin = addition,
     .request_schema = "BulkRequest",
     .response_schema = "BulkResult"},
    {.method = "GET",
     .pattern = "alert_groups/{id}",
     .permission = reading,
     .handle = get_group,
     .summary = "One alert group",
     .response_schema = "AlertGroup"},
    {.method = "DELETE",
     .pattern = "alert_groups/{id}",
     .permission = writing,
     .handle = remove_group,
     .summary = "Wipe an alert group (its contents go, the record stays) or delete it",
     .request_schema = "DeleteMode"},
    {.method = "GET",
     .pattern = "alert_groups/{id}/details",
     .permission = reading,
     .handle = show_details,
     .summary = "Further facts of an alert group: number, grouping key, who brought the state about, attachments",
     .origin = addition,
     .response_schema = "AlertGroupDetails"},
    {.method = "GET",
     .pattern = "alert_groups/{id}/timeline",
     .permission = reading,
     .handle = show_timeline,
     .summary = "What happened to an alert group, oldest first",
     .origin = addition,
     .response_schema = "TimelineEntry",
     .is_list = true},
    {.method = "GET",
     .pattern = "alert_groups/{id}/trace",
     .permission = reading,
     .handle = show_group_trace,
     .summary = "How title, grouping key, route and labels of the group were found, from its first alert",
     .origin = addition,
     .response_schema = "AlertWithTrace"},
    {.method = "GET",
     .pattern = "alert_groups/{id}/appearance",
     .permission = reading,
     .handle = show_group_appearance,
     .summary = "The newest alert as the templates of each channel show it",
     .origin = addition,
     .response_schema = "Appearance"},
    action("alert_groups/{id}/acknowledge", acknowledge_group, "Acknowledge an alert group", oncall),
    action("alert_groups/{id}/unacknowledge", unacknowledge_group, "Take an acknowledgement back", oncall),
    action("alert_groups/{id}/resolve", resolve_group, "Resolve an alert group", oncall),
    action("alert_groups/{id}/unresolve", unresolve_group, "Take a resolution back", oncall),
    {.method = "POST",
     .pattern = "alert_groups/{id}/silence",
     .permission = writing,
     .handle = silence_group,
     .summary = "Silence an alert group for some seconds, or for ever",
     .request_schema = "SilenceRequest"},
    action("alert_groups/{id}/unsilence", unsilence_group, "End a silence", oncall),
    {.method = "POST",
     .pattern = "alert_groups/{id}/attach",
     .permission = writing,
     .handle = attach_group,
     .summary = "Attach an alert group to another, whose actions it follows",
     .origin = addition,
     .request_schema = "AttachRequest"},
    action("alert_groups/{id}/unattach", unattach_group, "Detach an alert group from the one it is attached to",
           addition),
    action("alert_groups/{id}/restart", restart_group, "Back to firing, as if it had just begun", addition),
};

}  // namespace

std::span<const Endpoint> alert_group_endpoints() {
  return table;
}

}  // namespace tocsin::api
