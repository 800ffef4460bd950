// catalog: the integration types that this server knows.
#include "api/answer.hpp"
#include "api/endpoint.hpp"
#include "api/integration_view.hpp"

namespace tocsin::api {
namespace {

using access::Permission;

Object show_type(Call& call, const catalog::Type& type) {
  Object object(call.arena);
  object.set("id", type.slug)
      .set("name", type.name)
      .set("description", type.description)
      .set("featured", type.featured)
      .set("creatable", type.creatable)
      .set("has_url", type.has_url)
      .set("has_demo", type.has_demo)
      .set("has_heartbeat", type.has_heartbeat)
      .set("resolves_from_source", type.resolves_from_source);
  return object;
}

wire::Response list_types(Call& call) {
  const std::vector<const catalog::Type*> types = call.engine.catalog().all();
  const auto fetch = [&](store::Slice slice) {
    store::Page<const catalog::Type*> page;
    page.total = static_cast<std::int64_t>(types.size());
    const std::int64_t first = std::min(slice.offset, page.total);
    page.items.assign(types.begin() + first, types.begin() + std::min(first + slice.limit, page.total));
    return page;
  };
  return list_answer<const catalog::Type*>(call, 100, fetch,
                                           [&](const catalog::Type* type) { return show_type(call, *type).value(); });
}

wire::Response get_type(Call& call) {
  const catalog::Type* type = call.engine.catalog().find(call.id);
  if (type == nullptr) return not_found();
  const auto text_of = [&](std::string_view field) {
    const std::optional<std::string_view> text = catalog::default_template(*type, field);
    return text ? std::optional(std::string(*text)) : std::nullopt;
  };
  const auto example = value::read_json(call.arena, type->example);
  return ok(show_type(call, *type)
                .set("templates", show_templates(call, text_of))
                .set("example", example ? *example : value::Value::none())
                .set("connect", type->connect));
}

constexpr auto reading = Permission::integrations_read;
constexpr auto addition = Endpoint::Origin::addition;

constexpr Endpoint table[] = {
    {"GET", "catalog", reading, list_types, "Integration types, featured ones first", addition, "", "CatalogEntry",
     true},
    {"GET", "catalog/{id}", reading, get_type,
     "One integration type with its default templates, an example payload and how to connect it", addition, "",
     "CatalogType"},
};

}  // namespace

std::span<const Endpoint> catalog_endpoints() {
  return table;
}

}  // namespace tocsin::api
