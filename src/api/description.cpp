// openapi.json: the description of the API, made from the table of endpoints and the shapes (OpenAPI 3.1).
#include <map>

#include "api/answer.hpp"
#include "api/endpoint.hpp"
#include "api/schema.hpp"
#include "base/text.hpp"

namespace tocsin::api {
namespace {

using value::Value;

constexpr std::string_view media_type = "application/json";

/// `{"application/json": {"schema": …}}`
Value content_of(value::Arena& arena, Value schema) {
  Object media(arena), content(arena);
  media.set("schema", schema);
  return content.set(media_type, media).value();
}

std::string page_name(std::string_view item) {
  return "Paginated" + std::string(item);
}

Value response_of(value::Arena& arena, std::string_view description, std::string_view schema) {
  Object response(arena);
  response.set("description", description);
  if (!schema.empty()) response.set("content", content_of(arena, schema_reference(arena, schema)));
  return response.value();
}

/// Collections answer a POST with 201; a DELETE is answered with 204.
std::string_view success_of(const Endpoint& endpoint) {
  if (endpoint.method == "DELETE") return "204";
  const bool creates = endpoint.method == "POST" && endpoint.pattern.find('/') == std::string_view::npos &&
                       endpoint.access == Endpoint::Access::token;
  return creates ? "201" : "200";
}

Value responses_of(value::Arena& arena, const Endpoint& endpoint) {
  const std::string schema =
      endpoint.is_list ? page_name(endpoint.response_schema) : std::string(endpoint.response_schema);
  Object responses(arena);
  responses.set(success_of(endpoint),
                response_of(arena, schema.empty() ? "Done; the body is empty" : "The answer", schema));
  if (endpoint.method != "GET")
    responses.set("400", response_of(arena, "The request is wrong, or the state does not allow it", "Error"));
  if (endpoint.access != Endpoint::Access::open)
    responses.set("403", response_of(arena, "No valid token or session, or not allowed", "Error"));
  if (endpoint.pattern.find("{id}") != std::string_view::npos)
    responses.set("404", response_of(arena, "There is no such object", "Error"));
  responses.set("429", response_of(arena, "Too many requests; `Retry-After` says how many seconds to wait", "Error"));
  return responses.value();
}

Value parameter(value::Arena& arena, const Parameter& of, std::string_view place, std::string_view type) {
  Object schema(arena), object(arena);
  schema.set("type", type);
  object.set("name", of.name).set("in", place).set("description", of.meaning).set("schema", schema);
  if (place == "path") object.set("required", true);
  return object.value();
}

Value parameters_of(value::Arena& arena, const Endpoint& endpoint) {
  std::vector<Value> parameters;
  if (endpoint.pattern.find("{id}") != std::string_view::npos) {
    parameters.push_back(parameter(arena, {"id", "Id of the object"}, "path", "string"));
  }
  if (endpoint.is_list) {
    parameters.push_back(
        parameter(arena, {"page", "Number of the page, from 1; past the end: the last"}, "query", "integer"));
    parameters.push_back(parameter(arena, {"perpage", "Items on a page, at most 100"}, "query", "integer"));
  }
  for (const Parameter& each : endpoint.parameters) parameters.push_back(parameter(arena, each, "query", "string"));
  return list_of(arena, parameters);
}

/// `get_alert_groups_id_timeline`
std::string operation_id(const Endpoint& endpoint) {
  std::string id = base::ascii_lower(endpoint.method) + "_";
  for (const char c : endpoint.pattern) {
    if (c == '{' || c == '}') continue;
    id += c == '/' || c == '.' ? '_' : c;
  }
  return id;
}

/// A way in, as an item of `security`.
Value by(value::Arena& arena, std::string_view scheme) {
  return Object(arena).set(scheme, list_of(arena, {})).value();
}

Value operation_of(value::Arena& arena, const Endpoint& endpoint) {
  Object operation(arena);
  operation.set("operationId", operation_id(endpoint)).set("summary", endpoint.summary);
  operation.set(
      "tags", list_of(arena, {Value::copied(arena, endpoint.pattern.substr(0, endpoint.pattern.find_first_of("/.")))}));
  operation.set("parameters", parameters_of(arena, endpoint));
  if (!endpoint.request_schema.empty()) {
    Object body(arena);
    operation.set("requestBody",
                  body.set("content", content_of(arena, schema_reference(arena, endpoint.request_schema))));
  }
  operation.set("responses", responses_of(arena, endpoint));
  if (endpoint.access == Endpoint::Access::open) operation.set("security", list_of(arena, {}));
  if (endpoint.access == Endpoint::Access::session) operation.set("security", list_of(arena, {by(arena, "session")}));
  if (!access::action_of(endpoint.permission).empty()) {
    operation.set("x-permission", access::action_of(endpoint.permission));
  }
  if (endpoint.origin == Endpoint::Origin::addition) operation.set("x-tocsin-addition", true);
  return operation.value();
}

Object paths_of(value::Arena& arena, const std::vector<Endpoint>& endpoints) {
  std::vector<std::string_view> order;
  std::map<std::string_view, Object> items;
  for (const Endpoint& endpoint : endpoints) {
    if (items.find(endpoint.pattern) == items.end()) order.push_back(endpoint.pattern);
    Object& item = items.try_emplace(endpoint.pattern, arena).first->second;
    item.set(arena.copy(base::ascii_lower(endpoint.method)), operation_of(arena, endpoint));
  }
  Object paths(arena);
  for (const std::string_view pattern : order) {
    const bool has_extension = pattern.find('.') != std::string_view::npos;
    paths.set(arena.copy("/" + std::string(pattern) + (has_extension ? "" : "/")), items.at(pattern));
  }
  return paths;
}

Value page_schema(value::Arena& arena, std::string_view item) {
  Schema page{"",
              "count:integer next:string? previous:string? results:any page_size:integer "
              "current_page_number:integer total_pages:integer"};
  const Value schema = json_schema(arena, page);
  Object results(arena);
  results.set("type", "array").set("items", schema_reference(arena, item));
  value::set(arena, *schema.find("properties")->as_dict(), "results", results.value());
  return schema;
}

Object components_of(value::Arena& arena, const std::vector<Endpoint>& endpoints) {
  Object all(arena), error(arena), token(arena), session(arena), schemes(arena), components(arena);
  for (const Schema& schema : schemas()) all.set(schema.name, json_schema(arena, schema));
  for (const Endpoint& endpoint : endpoints) {
    if (!endpoint.is_list) continue;
    all.set(arena.copy(page_name(endpoint.response_schema)), page_schema(arena, endpoint.response_schema));
  }
  error.set("description",
            "`{\"detail\": text}`, or an object of lists of messages by field (`non_field_errors` for the whole)");
  all.set("Error", error);
  token.set("type", "apiKey").set("in", "header").set("name", "Authorization");
  token.set("description", "The API token itself, without a scheme in front");
  session.set("type", "apiKey").set("in", "cookie").set("name", "tocsin_session");
  session.set("description",
              "The session of somebody who is signed in; what changes anything also sends X-CSRF-Token, the "
              "`csrf_token` of GET session");
  schemes.set("token", token).set("session", session);
  return components.set("schemas", all).set("securitySchemes", schemes);
}

wire::Response get_description(Call& call) {
  value::Arena& arena = call.arena;
  const std::vector<Endpoint> endpoints = all_endpoints();
  Object info(arena), server(arena), description(arena);
  info.set("title", "Tocsin").set("version", call.options.version);
  info.set("description",
           "The public API of Tocsin. What is marked x-tocsin-addition goes beyond the API of Grafana OnCall.");
  server.set("url", call.link("/api/v1"));
  description.set("openapi", "3.1.0")
      .set("info", info)
      .set("servers", list_of(arena, {server.value()}))
      .set("security", list_of(arena, {by(arena, "token"), by(arena, "session")}))
      .set("paths", paths_of(arena, endpoints))
      .set("components", components_of(arena, endpoints));
  return ok(description);
}

constexpr Endpoint table[] = {
    {.method = "GET",
     .pattern = "openapi.json",
     .permission = access::Permission::none,
     .handle = get_description,
     .summary = "This description",
     .origin = Endpoint::Origin::addition,
     .access = Endpoint::Access::open},
};

}  // namespace

std::span<const Endpoint> description_endpoints() {
  return table;
}

}  // namespace tocsin::api
