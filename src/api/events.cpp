// events: server-sent events (the HTML standard, 9.2) of what changes in alert groups, told within a second. A client
// that comes back with Last-Event-ID gets what it missed, or `reset` when that is no longer known.
#include <charconv>
#include <limits>

#include "api/answer.hpp"
#include "api/endpoint.hpp"
#include "base/text.hpp"

namespace tocsin::api {
namespace {

using engine::Bulletin;

/// `<boot>-<number>`: numbers of another process mean nothing here.
std::string event_id(const engine::Feed& feed, std::uint64_t sequence) {
  return feed.boot() + "-" + std::to_string(sequence);
}

/// Where the client stopped; a number that never was when it is none of this process's.
std::optional<std::uint64_t> last_seen(const engine::Feed& feed, std::string_view id) {
  if (id.empty()) return std::nullopt;
  constexpr std::uint64_t unknown = std::numeric_limits<std::uint64_t>::max();
  const std::string mark = feed.boot() + "-";
  if (!id.starts_with(mark)) return unknown;
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(id.data() + mark.size(), id.data() + id.size(), number);
  return error == std::errc() && end == id.data() + id.size() ? number : unknown;
}

std::string text_or_null(std::string_view text) {
  return text.empty() ? "null" : base::json_quoted(text);
}

std::string event_of(const engine::Feed& feed, const engine::News& news) {
  const auto& group = news.group;
  std::string text = "id: " + event_id(feed, news.sequence) + "\nevent: group\ndata: {\"id\":";
  text += base::json_quoted(news.id.text());
  text += ",\"integration_id\":" + text_or_null(group ? group->integration.text() : "");
  text += ",\"state\":" + text_or_null(group ? model::name_of(model::state_of(*group)) : "");
  text += ",\"number\":" + (group ? std::to_string(group->number) : "null");
  text += ",\"title\":" + text_or_null(group ? group->title : "");
  text += ",\"sequence\":" + std::to_string(news.sequence);
  text += ",\"what\":" + base::json_quoted(news.what) + "}\n\n";
  return text;
}

std::string chunk_of(const engine::Feed& feed, const Bulletin& bulletin) {
  if (bulletin.kind == Bulletin::Kind::beat) return ": beat\n\n";
  const std::string id = "id: " + event_id(feed, bulletin.sequence) + "\n";
  if (bulletin.kind == Bulletin::Kind::gap) return id + "event: reset\ndata: {}\n\n";
  if (bulletin.news.empty()) return id + "\n";
  std::string chunk;
  for (const engine::News& each : bulletin.news) chunk += event_of(feed, each);
  return chunk;
}

/// Is the one who opened the stream still let in, by the same token or session?
bool may_watch(engine::Engine& engine, const access::Principal& principal) {
  return store::read(engine.ledger(), [&](const store::Reader& reader) {
    const std::optional<model::User> user = reader.user(principal.user);
    if (!user || !user->active || user->role > access::weakest_role(access::Permission::alert_groups_read))
      return false;
    const clock::Instant now = engine.clock().now();
    if (!principal.session.empty()) {
      const std::optional<model::Session> session = reader.session(principal.session);
      return session && access::is_live(*session, now);
    }
    const std::optional<model::ApiToken> token = reader.token(principal.token);
    return token && access::is_live(*token, now);
  });
}

void watch(engine::Engine& engine, const access::Principal& principal, std::optional<std::uint64_t> after,
           const std::shared_ptr<wire::Stream>& stream) {
  // Ends by itself when it is let go: there were too many already.
  (void)engine.feed().watch(after, [&engine, principal, stream](const Bulletin& bulletin) {
    const bool is_check = bulletin.kind == Bulletin::Kind::accounts || bulletin.kind == Bulletin::Kind::beat;
    if (is_check && !may_watch(engine, principal)) return false;
    return bulletin.kind == Bulletin::Kind::accounts || stream->write(chunk_of(engine.feed(), bulletin));
  });
}

wire::Response get_events(Call& call) {
  engine::Engine& engine = call.engine;
  if (engine.feed().watchers() >= engine::Feed::most_watchers) {
    return refusal({base::ErrorKind::unavailable, "Too many clients wait for events."});
  }
  const auto after = last_seen(engine.feed(), base::trimmed(call.request.header("last-event-id")));
  const access::Principal principal = call.principal;
  call.stream = [&engine, principal, after](const std::shared_ptr<wire::Stream>& stream) {
    watch(engine, principal, after, stream);
  };
  return {200, "text/event-stream", "", {{"Cache-Control", "no-store"}, {"X-Accel-Buffering", "no"}}};
}

constexpr Endpoint table[] = {
    {.method = "GET",
     .pattern = "events",
     .permission = access::Permission::alert_groups_read,
     .handle = get_events,
     .summary = "Server-sent events: `group` when an alert group changed, `reset` when some were missed; resumes after "
                "Last-Event-ID",
     .origin = Endpoint::Origin::addition},
};

}  // namespace

std::span<const Endpoint> event_endpoints() {
  return table;
}

}  // namespace tocsin::api
