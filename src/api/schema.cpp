#include "api/schema.hpp"

#include <string>

#include "api/answer.hpp"

namespace tocsin::api {
namespace {

using value::Value;
constexpr auto request = Schema::Of::request;

constexpr Schema table[] = {
    {"Integration",
     "id:string name:string description_short:string? team_id:string? link:string? inbound_email:string? type:string "
     "templates:Templates default_route:DefaultRoute heartbeat:Heartbeat? maintenance_mode:string? "
     "maintenance_started_at:instant? maintenance_end_at:instant? labels:[Label] dynamic_labels:[Label]"},
    {"IntegrationChange",
     "type:string name:string description_short:string? team_id:string? templates:object default_route:object "
     "labels:[object] dynamic_labels:[object]",
     request},
    {"Templates",
     "grouping_key:string? resolve_signal:string? acknowledge_signal:string? source_link:string? "
     "slack:TitleMessageImage "
     "web:TitleMessageImage telegram:TitleMessageImage sms:Title phone_call:Title email:TitleMessage "
     "mobile_app:TitleMessage webhook:TitleMessageImage mattermost:TitleMessageImage"},
    {"TitleMessageImage", "title:string? message:string? image_url:string?"},
    {"TitleMessage", "title:string? message:string?"},
    {"Title", "title:string?"},
    {"DefaultRoute",
     "id:string escalation_chain_id:string? slack:SlackTarget telegram:Target mobile_app:Target "
     "mobile_app_critical:Target email:Target webhook:Target mattermost:Target"},
    {"SlackTarget", "channel_id:string? enabled:boolean"},
    {"Target", "id:string? enabled:boolean"},
    {"Heartbeat", "link:string"},
    {"Label", "key:LabelPart value:LabelPart"},
    {"LabelPart", "id:string name:string"},
    {"Intake",
     "integration_id:string resolves_from_source:boolean rate_per_second:number? rate_burst:number? "
     "effective_rate_per_second:number effective_rate_burst:number accepted:integer refused_rate:integer "
     "bad_requests:integer template_errors:integer alerts_last_minute:integer alerts_last_hour:integer "
     "last_alert_at:instant? last_refused_at:instant? "
     "last_template_error:string?"},
    {"IntakeChange", "resolves_from_source:boolean rate_per_second:number? rate_burst:number?", request},
    {"Connect", "link:string? markdown:string"},
    {"DemoAlert", "payload:any", request},
    {"DemoReceipt", "alert_ids:[string] alert_group_ids:[string]"},
    {"PreviewRequest", "payload:any templates:object", request},
    {"Preview", "alerts:[PreviewedAlert]"},
    {"TemplatePreviewRequest",
     "template:string field:string payload:any alert_id:string integration_id:string templates:object", request},
    {"TemplatePreview",
     "field:string? result:string? holds:boolean? error:TemplateError? fields:[PreviewedField] signal:string "
     "route_id:string? labels:{string} trace:object"},
    {"PreviewedField", "field:string result:string? holds:boolean? error:TemplateError? origin:string"},
    {"TemplateError",
     "kind:string message:string line:integer? column:integer? source_line:string? caret:string? hint:string?"},
    {"RecentPayload", "alert_group_id:string title:string? alert:Alert?"},
    {"PreviewedAlert",
     "title:string grouping_key:string signal:string source_link:string? route_id:string? labels:{string} trace:object "
     "appearance:Appearance"},
    {"Route",
     "id:string integration_id:string escalation_chain_id:string? routing_type:string routing_regex:string? "
     "position:integer is_the_last_route:boolean slack:SlackTarget telegram:Target mobile_app:Target "
     "mobile_app_critical:Target email:Target webhook:Target mattermost:Target"},
    {"RouteChange",
     "integration_id:string escalation_chain_id:string? routing_type:string routing_regex:string position:integer "
     "manual_order:boolean slack:object telegram:object mobile_app:object mobile_app_critical:object email:object "
     "webhook:object mattermost:object",
     request},
    {"AlertGroup",
     "id:string integration_id:string team_id:string? route_id:string? alerts_count:integer state:string "
     "created_at:instant resolved_at:instant? resolved_by:string? acknowledged_at:instant? acknowledged_by:string? "
     "labels:[Label] title:string? permalinks:Permalinks silenced_at:instant? last_alert:Alert?"},
    {"Permalinks", "slack:string? slack_app:string? telegram:string? web:string?"},
    {"AlertGroupDetails",
     "id:string number:integer grouping_key:string? takes_alerts:boolean source_link:string? last_alert_at:instant "
     "acknowledged_through:string resolved_through:string silenced_until:instant? silenced_by:string? "
     "restarted_at:instant? response_seconds:integer? root_alert_group_id:string? attached_alert_group_ids:[string] "
     "wiped_at:instant? wiped_by:string?"},
    {"StateCounts", "firing:integer acknowledged:integer silenced:integer resolved:integer"},
    {"DeleteMode", "mode:string", request},
    {"SilenceRequest", "delay*:integer", request},
    {"AttachRequest", "root_alert_group_id*:string", request},
    {"BulkRequest", "action*:string alert_group_ids*:[string] delay:integer root_alert_group_id:string", request},
    {"BulkResult", "results:[BulkOutcome]"},
    {"BulkOutcome", "alert_group_id:string done:boolean state:string? detail:string?"},
    {"TimelineEntry",
     "kind:string at:instant via:string user_id:string? username:string? address:string? reason:string? "
     "details:object"},
    {"Appearance",
     "slack:TitleMessageImage web:TitleMessageImage telegram:TitleMessageImage sms:Title phone_call:Title "
     "email:TitleMessage mobile_app:TitleMessage webhook:TitleMessageImage mattermost:TitleMessageImage "
     "errors:[AppearanceError]"},
    {"AppearanceError", "field:string kind:string message:string line:integer"},
    {"Alert", "id:string alert_group_id:string created_at:instant payload:any"},
    {"AlertWithTrace",
     "id:string alert_group_id:string created_at:instant payload:any demo:boolean resolve_signal:boolean "
     "acknowledge_signal:boolean trace:object"},
    {"ResolutionNote", "id:string alert_group_id:string author:string? source:string created_at:instant text:string"},
    {"ResolutionNoteCreate", "alert_group_id*:string text*:string", request},
    {"ResolutionNoteUpdate", "text:string", request},
    {"User",
     "id:string grafana_id:integer email:string slack:any username:string role:string "
     "is_phone_number_verified:boolean timezone:string? teams:[string]"},
    {"UserChange", "username:string name:string email:string role:string timezone:string? phone:string? active:boolean",
     request},
    {"UserDetails",
     "id:string username:string name:string email:string role:string timezone:string? phone:string? active:boolean "
     "teams:[string] created_at:instant"},
    {"SignInUrl", "url:string expires_at:instant"},
    {"Session", "user:UserDetails csrf_token:string expires_at:instant"},
    {"Credentials", "username*:string password*:string", request},
    {"SessionRow",
     "id:string user_id:string created_at:instant expires_at:instant last_seen_at:instant address:string "
     "user_agent:string current:boolean"},
    {"SignInLink", "username:string name:string email:string purpose:string"},
    {"SignInLinkUse", "username:string name:string email:string password*:string", request},
    {"PasswordChange", "current_password*:string password*:string", request},
    {"Organization", "id:string"},
    {"Team", "id:string grafana_id:integer name:string email:string? avatar_url:string"},
    {"TeamDetails", "id:string name:string email:string? members:[string] created_at:instant"},
    {"TeamChange", "name:string email:string? members:[string]", request},
    {"AuditEntry",
     "id:integer at:instant via:string user_id:string? username:string? address:string? action:string subject:string "
     "before:any after:any"},
    {"Status",
     "version:string started_at:instant uptime_seconds:integer ledger:LedgerStatus queues:QueueStatus "
     "rates:RateStatus live_clients:integer problems:[Problem]"},
    {"LedgerStatus", "bytes:integer"},
    {"QueueStatus", "ledger:integer work:integer next_job_at:instant?"},
    {"RateStatus",
     "alerts_last_minute:integer alerts_last_hour:integer accepted:integer refused_rate:integer bad_requests:integer "
     "template_errors:integer"},
    {"Problem", "at:string level:string text:string"},
    {"SlackChannel", "name:string slack_id:string"},
    {"UserGroup", "id:string type:string slack:object"},
    {"ServerAddress", "url:string"},
    {"Token",
     "id:string user_id:string name:string created_at:instant expires_at:instant? last_used_at:instant? "
     "revoked_at:instant?"},
    {"TokenRequest", "name*:string user_id:string expires_at:instant?", request},
    {"IssuedToken",
     "id:string user_id:string name:string created_at:instant expires_at:instant? last_used_at:instant? "
     "revoked_at:instant? token:string"},
    {"CatalogEntry",
     "id:string name:string description:string featured:boolean creatable:boolean has_url:boolean has_demo:boolean "
     "has_heartbeat:boolean resolves_from_source:boolean"},
    {"CatalogType",
     "id:string name:string description:string featured:boolean creatable:boolean has_url:boolean has_demo:boolean "
     "has_heartbeat:boolean resolves_from_source:boolean templates:Templates example:any connect:string"},
};

Value type_schema(value::Arena& arena, std::string_view type);

/// `[…]` and `{…}`.
Value container_schema(value::Arena& arena, std::string_view type) {
  const Value inner = type_schema(arena, type.substr(1, type.size() - 2));
  Object object(arena);
  if (type.front() == '[') return object.set("type", "array").set("items", inner).value();
  return object.set("type", "object").set("additionalProperties", inner).value();
}

Value plain_schema(value::Arena& arena, std::string_view type) {
  if (type.front() == '[' || type.front() == '{') return container_schema(arena, type);
  Object object(arena);
  if (type == "any") return object.value();
  if (type == "instant") return object.set("type", "string").set("format", "date-time").value();
  if (type == "object") return object.set("type", "object").set("additionalProperties", true).value();
  if (type.front() >= 'a') return object.set("type", type).value();
  return schema_reference(arena, type);
}

Value type_schema(value::Arena& arena, std::string_view type) {
  if (!type.ends_with('?')) return plain_schema(arena, type);
  const Value inner = plain_schema(arena, type.substr(0, type.size() - 1));
  Object null(arena), object(arena);
  null.set("type", "null");
  return object.set("anyOf", list_of(arena, {inner, null.value()})).value();
}

}  // namespace

std::span<const Schema> schemas() {
  return table;
}

Value schema_reference(value::Arena& arena, std::string_view name) {
  Object object(arena);
  return object.set("$ref", "#/components/schemas/" + std::string(name)).value();
}

Value json_schema(value::Arena& arena, const Schema& schema) {
  Object properties(arena), object(arena);
  std::vector<Value> required;
  std::string_view rest = schema.members;
  while (!rest.empty()) {
    const std::size_t space = rest.find(' ');
    const std::string_view member = rest.substr(0, space);
    rest = space == std::string_view::npos ? std::string_view() : rest.substr(space + 1);
    const std::size_t colon = member.find(':');
    std::string_view name = member.substr(0, colon);
    const bool marked = name.ends_with('*');
    if (marked) name.remove_suffix(1);
    properties.set(name, type_schema(arena, member.substr(colon + 1)));
    if (marked || schema.of == Schema::Of::answer) required.push_back(Value::text(name));
  }
  object.set("type", "object").set("properties", properties);
  if (!required.empty()) object.set("required", list_of(arena, required));
  return object.value();
}

}  // namespace tocsin::api
