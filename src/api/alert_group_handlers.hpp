// Inside the room: the handlers of alert groups, gathered in one table by alert_groups.cpp.
#pragma once

#include "api/call.hpp"

namespace tocsin::api {

// alert_group_actions.cpp: people's actions on one group (spec: api.md 2.14), and on many.
wire::Response acknowledge_group(Call& call);
wire::Response unacknowledge_group(Call& call);
wire::Response resolve_group(Call& call);
wire::Response unresolve_group(Call& call);
wire::Response silence_group(Call& call);
wire::Response unsilence_group(Call& call);
wire::Response attach_group(Call& call);
wire::Response unattach_group(Call& call);
wire::Response restart_group(Call& call);
wire::Response remove_group(Call& call);
wire::Response act_on_groups(Call& call);

// alert_group_facts.cpp: what the standard object has no place for.
wire::Response show_details(Call& call);
wire::Response show_timeline(Call& call);
wire::Response show_group_trace(Call& call);
wire::Response show_group_appearance(Call& call);

}  // namespace tocsin::api
