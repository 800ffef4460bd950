// Inside the room: what Tocsin adds to integrations, gathered in the table of integrations.cpp.
#pragma once

#include "api/call.hpp"

namespace tocsin::api {

// integration_intake.cpp
wire::Response show_intake(Call& call);
wire::Response change_intake(Call& call);
wire::Response show_connect(Call& call);

// integration_trial.cpp
wire::Response send_demo_alert(Call& call);
wire::Response preview(Call& call);

// template_preview.cpp
wire::Response preview_template(Call& call);
wire::Response list_recent_payloads(Call& call);

}  // namespace tocsin::api
