#include "engine/edits.hpp"

#include <utility>

#include "base/log.hpp"
#include "engine/others.hpp"

namespace tocsin::engine {
namespace {

constexpr store::Slice everything{0, 100'000};

base::Error missing(const std::string& id) {
  return {base::ErrorKind::not_found, "there is no " + id, id};
}

/// The record of that kind in what was committed.
template <class T, class Id>
const T* record_of(const model::Unit& unit, const Id& id) {
  const T* found = nullptr;
  for (const model::Record& record : unit.records) {
    const T* each = std::get_if<T>(&record);
    if (each != nullptr && each->id == id) found = each;
  }
  return found;
}

change::NameTaken name_taken(const store::Reader& reader, const model::IntegrationId& except) {
  return [&reader, except](const std::string& name, const model::TeamId& team) {
    for (const model::Integration& each : reader.integrations({name, team.text()}, everything).items) {
      if (each.id != except) return true;
    }
    return false;
  };
}

std::vector<model::Route> siblings_of(const store::Reader& reader, const model::IntegrationId& integration,
                                      const model::RouteId& except) {
  std::vector<model::Route> siblings = reader.routes_of(integration);
  std::erase_if(siblings, [&](const model::Route& route) { return route.is_default || route.id == except; });
  return siblings;
}

change::Access access_of(const store::Reader& reader, const model::UserId& user) {
  return {reader.tokens(user, everything).items, reader.sessions(user, everything).items};
}

change::TeamScene scene_of(const store::Reader& reader, const model::TeamId& id, const change::TeamChange& change) {
  change::TeamScene scene;
  if (change.name) {
    for (const model::Team& each : reader.teams(*change.name, everything).items) scene.name_taken |= each.id != id;
  }
  for (const model::UserId& member : change.members.value_or(std::vector<model::UserId>())) {
    scene.member_unknown |= !reader.user(member).has_value();
  }
  return scene;
}

/// A route of an integration that is not deleted.
std::optional<model::Route> live_route(const store::Reader& reader, const model::RouteId& id) {
  std::optional<model::Route> route = reader.route(id);
  if (route && !reader.integration(route->integration)) route.reset();
  return route;
}

base::Status status_of(base::Result<store::Committed> committed) {
  if (!committed) return std::move(committed).error();
  return {};
}

template <class T, class Id>
base::Result<T> result_of(base::Result<store::Committed> committed, const Id& id) {
  if (!committed) return std::move(committed).error();
  const T* record = record_of<T>(committed->unit, id);
  CHECK(record != nullptr);
  return *record;
}

}  // namespace

change::Others others_of(const store::Reader& reader, const model::UserId& id, const change::UserChange& change) {
  change::Others others;
  others.other_active_admin = false;
  for (const model::User& user : reader.users(everything).items) {
    if (user.id == id) continue;
    if (change.username && user.username == *change.username) others.username_taken = true;
    if (user.active && user.role == model::Role::admin) others.other_active_admin = true;
  }
  return others;
}

std::optional<std::string> token_of(const model::Integration& integration, const seal::Sealer& sealer) {
  return sealer.open(integration.token_sealed, integration.id.text());
}

change::Edit Edits::edit_by(const store::Reader& reader, const model::Actor& actor) const {
  const std::optional<model::Organization> organization = reader.organization();
  return {organization ? organization->id : model::OrganizationId(), actor, clock_.now()};
}

base::Result<model::Organization> Edits::found(const model::Actor& actor) {
  const auto organization = base::new_id<model::OrganizationKind>(random_);
  const auto admin = base::new_id<model::UserKind>(random_);
  auto committed = ledger_.commit([&](const store::Reader& reader) -> base::Result<model::Unit> {
    if (reader.organization()) return model::Unit{};
    return change::found_organization(organization, admin, edit_by(reader, actor));
  });
  if (!committed) return std::move(committed).error();
  const auto found = store::read(ledger_, [](const store::Reader& reader) { return reader.organization(); });
  CHECK(found.has_value());
  return *found;
}

base::Result<change::Standing> Edits::create_integration(const catalog::Type& type,
                                                         const change::IntegrationChange& change, const TokenKeys& keys,
                                                         const model::Actor& actor) {
  change::FreshIntegration fresh;
  fresh.id = base::new_id<model::IntegrationKind>(random_);
  fresh.default_route = base::new_id<model::RouteKind>(random_);
  const std::string token = seal::new_integration_token(random_);
  fresh.token_sealed = keys.sealer.seal(token, fresh.id.text());
  fresh.token_digest = keys.digester.digest(token);
  fresh.type = &type;
  auto committed = ledger_.commit([&](const store::Reader& reader) {
    return change::create_integration(fresh, change, name_taken(reader, fresh.id), edit_by(reader, actor));
  });
  if (!committed) return std::move(committed).error();
  return change::Standing{*record_of<model::Integration>(committed->unit, fresh.id),
                          {*record_of<model::Route>(committed->unit, fresh.default_route)}};
}

base::Result<change::Standing> Edits::change_integration(const model::IntegrationId& id,
                                                         const change::IntegrationChange& change,
                                                         const model::Actor& actor) {
  auto committed = ledger_.commit([&](const store::Reader& reader) -> base::Result<model::Unit> {
    std::optional<model::Integration> integration = reader.integration(id);
    if (!integration) return missing(id.text());
    return change::change_integration({std::move(*integration), reader.routes_of(id)}, change, name_taken(reader, id),
                                      edit_by(reader, actor));
  });
  auto changed = result_of<model::Integration>(std::move(committed), id);
  if (!changed) return std::move(changed).error();
  return change::Standing{std::move(*changed),
                          store::read(ledger_, [&](const store::Reader& reader) { return reader.routes_of(id); })};
}

base::Status Edits::delete_integration(const model::IntegrationId& id, const model::Actor& actor) {
  return status_of(ledger_.commit([&](const store::Reader& reader) -> base::Result<model::Unit> {
    const std::optional<model::Integration> integration = reader.integration(id);
    if (!integration) return missing(id.text());
    return change::delete_integration(*integration, edit_by(reader, actor));
  }));
}

base::Result<model::Route> Edits::create_route(const model::IntegrationId& integration,
                                               const change::RouteChange& change, const model::Actor& actor) {
  model::Route fresh;
  fresh.id = base::new_id<model::RouteKind>(random_);
  fresh.integration = integration;
  return result_of<model::Route>(ledger_.commit([&](const store::Reader& reader) -> base::Result<model::Unit> {
    if (!reader.integration(integration)) {
      return base::Error{base::ErrorKind::invalid, "Object does not exist", "integration_id"};
    }
    return change::create_route(fresh, change, siblings_of(reader, integration, fresh.id), edit_by(reader, actor));
  }),
                                 fresh.id);
}

base::Result<model::Route> Edits::change_route(const model::RouteId& id, const change::RouteChange& change,
                                               const model::Actor& actor) {
  return result_of<model::Route>(ledger_.commit([&](const store::Reader& reader) -> base::Result<model::Unit> {
    const std::optional<model::Route> route = live_route(reader, id);
    if (!route) return missing(id.text());
    return change::change_route(*route, change, siblings_of(reader, route->integration, id), edit_by(reader, actor));
  }),
                                 id);
}

base::Status Edits::delete_route(const model::RouteId& id, const model::Actor& actor) {
  return status_of(ledger_.commit([&](const store::Reader& reader) -> base::Result<model::Unit> {
    const std::optional<model::Route> route = live_route(reader, id);
    if (!route) return missing(id.text());
    return change::delete_route(*route, edit_by(reader, actor));
  }));
}

base::Result<model::User> Edits::create_user(const change::UserChange& change, const model::Actor& actor) {
  const auto id = base::new_id<model::UserKind>(random_);
  return result_of<model::User>(ledger_.commit([&](const store::Reader& reader) {
    return change::create_user(id, change, others_of(reader, id, change), edit_by(reader, actor));
  }),
                                id);
}

base::Result<model::User> Edits::change_user(const model::UserId& id, const change::UserChange& change,
                                             const model::Actor& actor) {
  return result_of<model::User>(ledger_.commit([&](const store::Reader& reader) -> base::Result<model::Unit> {
    const std::optional<model::User> user = reader.user(id);
    if (!user) return missing(id.text());
    const change::Edit edit = edit_by(reader, actor);
    base::Result<model::Unit> unit = change::change_user(*user, change, others_of(reader, id, change), edit);
    if (unit && user->active && !change.active.value_or(true)) {
      model::merge(*unit, change::end_access(id, access_of(reader, id), edit));
    }
    return unit;
  }),
                                id);
}

base::Result<model::Team> Edits::create_team(const change::TeamChange& change, const model::Actor& actor) {
  const auto id = base::new_id<model::TeamKind>(random_);
  return result_of<model::Team>(ledger_.commit([&](const store::Reader& reader) {
    return change::create_team(id, change, scene_of(reader, id, change), edit_by(reader, actor));
  }),
                                id);
}

base::Result<model::Team> Edits::change_team(const model::TeamId& id, const change::TeamChange& change,
                                             const model::Actor& actor) {
  return result_of<model::Team>(ledger_.commit([&](const store::Reader& reader) -> base::Result<model::Unit> {
    const std::optional<model::Team> team = reader.team(id);
    if (!team) return missing(id.text());
    return change::change_team(*team, change, scene_of(reader, id, change), edit_by(reader, actor));
  }),
                                id);
}

base::Status Edits::delete_team(const model::TeamId& id, const model::Actor& actor) {
  return status_of(ledger_.commit([&](const store::Reader& reader) -> base::Result<model::Unit> {
    const std::optional<model::Team> team = reader.team(id);
    if (!team) return missing(id.text());
    return change::delete_team(*team, edit_by(reader, actor));
  }));
}

base::Result<IssuedToken> Edits::create_token(const TokenRequest& request, const model::Actor& actor) {
  IssuedToken issued;
  issued.secret = seal::new_api_token(random_);
  issued.token.id = base::new_id<model::ApiTokenKind>(random_);
  issued.token.user = request.user;
  issued.token.name = request.name;
  issued.token.expires_at = request.expires_at;
  issued.token.lookup = issued.secret.substr(0, 8);
  issued.token.digest = seal::api_token_digest(issued.secret).value();
  auto token = result_of<model::ApiToken>(ledger_.commit([&](const store::Reader& reader) -> base::Result<model::Unit> {
    if (!reader.user(request.user)) return missing(request.user.text());
    const change::Edit edit = edit_by(reader, actor);
    std::size_t live = 0;
    for (const model::ApiToken& each : reader.tokens(request.user, everything).items) {
      live += access::is_live(each, edit.now) ? 1 : 0;
    }
    return change::create_token(issued.token, live, edit);
  }),
                                          issued.token.id);
  if (!token) return std::move(token).error();
  issued.token = std::move(*token);
  return issued;
}

base::Status Edits::revoke_token(const model::ApiTokenId& id, const model::Actor& actor) {
  return status_of(ledger_.commit([&](const store::Reader& reader) -> base::Result<model::Unit> {
    const std::optional<model::ApiToken> token = reader.token(id);
    if (!token || token->revoked_at) return missing(id.text());
    return change::revoke_token(*token, edit_by(reader, actor));
  }));
}

void Edits::note_use(const model::ApiTokenId& id) {
  const clock::Instant now = clock_.now();
  // A full queue has better things to do; the next request notes it.
  (void)ledger_.submit(
      [id, now](const store::Reader& reader) -> base::Result<model::Unit> {
        model::Unit unit;
        if (std::optional<model::ApiToken> token = reader.token(id)) {
          token->last_used_at = now;
          unit.records.emplace_back(std::move(*token));
        }
        return unit;
      },
      [](const base::Result<store::Committed>& committed) {
        if (!committed) {
          base::log(base::LogLevel::warning, "a token's use was not noted", {{"reason", committed.error().message}});
        }
      });
}

}  // namespace tocsin::engine
