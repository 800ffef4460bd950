// alerts: the list, and (an addition) one alert with its trace (spec: api.md 2.15).
#include "api/answer.hpp"
#include "api/endpoint.hpp"
#include "api/group_query.hpp"
#include "api/group_view.hpp"

namespace tocsin::api {
namespace {

constexpr Parameter parameters[] = {
    {"id", "exact id"},
    {"alert_group_id", "alerts of this group"},
    {"search", "part of the payload's JSON text, upper and lower case alike"},
};

wire::Response list_alerts(Call& call) {
  const store::AlertFilter filter{given(call.query, "id"), given(call.query, "alert_group_id"),
                                  given(call.query, "search")};
  const auto fetch = [&](store::Slice slice) {
    return store::read(call.ledger(), [&](const store::Reader& reader) { return reader.alerts(filter, slice); });
  };
  return list_answer<model::Alert>(call, 50, fetch,
                                   [&](const model::Alert& alert) { return show_alert(call, alert).value(); });
}

wire::Response get_alert(Call& call) {
  const model::AlertId id(call.id);
  const auto alert = store::read(call.ledger(), [&](const store::Reader& reader) { return reader.alert(id); });
  return alert ? ok(show_traced_alert(call, *alert)) : not_found();
}

constexpr Endpoint table[] = {
    {.method = "GET",
     .pattern = "alerts",
     .permission = access::Permission::alert_groups_read,
     .handle = list_alerts,
     .summary = "Alerts, newest first",
     .response_schema = "Alert",
     .is_list = true,
     .parameters = parameters},
    {.method = "GET",
     .pattern = "alerts/{id}",
     .permission = access::Permission::alert_groups_read,
     .handle = get_alert,
     .summary = "One alert, with the trace of its interpretation",
     .origin = Endpoint::Origin::addition,
     .response_schema = "AlertWithTrace"},
};

}  // namespace

std::span<const Endpoint> alert_endpoints() {
  return table;
}

}  // namespace tocsin::api
