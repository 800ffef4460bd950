// resolution_notes: what people write down about an alert group (spec: api.md 2.13).
#include "api/answer.hpp"
#include "api/endpoint.hpp"
#include "api/fields.hpp"
#include "api/group_query.hpp"
#include "api/group_view.hpp"
#include "engine/notes.hpp"

namespace tocsin::api {
namespace {

constexpr std::size_t longest_note = 3000;

constexpr Parameter parameters[] = {{"alert_group_id", "notes of this group"}};

Object show(Call& call, const model::ResolutionNote& note) {
  Object object(call.arena);
  object.set("id", note.id).set("alert_group_id", note.group).set("author", note.author);
  object.set("source", note.source).set("created_at", note.created_at).set("text", note.text);
  return object;
}

engine::Notes notes_of(Call& call) {
  return {call.ledger(), call.engine.clock(), call.engine.random()};
}

std::optional<model::ResolutionNote> find_note(Call& call) {
  const model::ResolutionNoteId id(call.id);
  return store::read(call.ledger(), [&](const store::Reader& reader) { return reader.note(id); });
}

wire::Response list_notes(Call& call) {
  const std::optional<std::string> group = given(call.query, "alert_group_id");
  const auto fetch = [&](store::Slice slice) {
    return store::read(call.ledger(), [&](const store::Reader& reader) { return reader.notes(group, slice); });
  };
  return list_answer<model::ResolutionNote>(
      call, 50, fetch, [&](const model::ResolutionNote& note) { return show(call, note).value(); });
}

wire::Response get_note(Call& call) {
  const std::optional<model::ResolutionNote> note = find_note(call);
  return note ? ok(show(call, *note)) : not_found();
}

/// The group that a new note is about; empty, and told to `fields`, when none is named.
model::AlertGroupId group_of(Fields& fields) {
  const auto group = fields.reference("alert_group_id");
  if (!group) {
    fields.mistake("alert_group_id", "This field is required.");
  } else if (!group->value) {
    fields.mistake("alert_group_id", "This field may not be null.");
  } else {
    return model::AlertGroupId(*group->value);
  }
  return {};
}

wire::Response create_note(Call& call) {
  Fields fields(call);
  if (!fields.ok()) return fields.refused();
  const model::AlertGroupId group = group_of(fields);
  const auto text = fields.text("text", {.presence = Presence::required, .longest = longest_note});
  const bool known = group.empty() || find_group(call, group.text());
  if (!known) fields.mistake("alert_group_id", "Object does not exist");
  if (!fields.ok()) return fields.refused();
  const auto note = notes_of(call).add(group, text->value.value(), call.actor());
  return note ? created(show(call, *note)) : refusal(note.error());
}

wire::Response change_note(Call& call, Presence presence) {
  const std::optional<model::ResolutionNote> before = find_note(call);
  if (!before) return not_found();
  Fields fields(call);
  const auto text = fields.text("text", {.presence = presence, .longest = longest_note});
  if (!fields.ok()) return fields.refused();
  if (!text) return ok(show(call, *before));
  const auto note = notes_of(call).change(before->id, text->value.value(), call.actor());
  return note ? ok(show(call, *note)) : refusal(note.error());
}

wire::Response replace_note(Call& call) {
  return change_note(call, Presence::required);
}
wire::Response patch_note(Call& call) {
  return change_note(call, Presence::optional);
}

wire::Response remove_note(Call& call) {
  const auto removed = notes_of(call).remove(model::ResolutionNoteId(call.id), call.actor());
  return removed ? no_content() : refusal(removed.error());
}

constexpr auto reading = access::Permission::alert_groups_read;
constexpr auto writing = access::Permission::alert_groups_write;

constexpr Endpoint table[] = {
    {.method = "GET",
     .pattern = "resolution_notes",
     .permission = reading,
     .handle = list_notes,
     .summary = "Resolution notes, those of the newest group first",
     .response_schema = "ResolutionNote",
     .is_list = true,
     .parameters = parameters},
    {.method = "POST",
     .pattern = "resolution_notes",
     .permission = writing,
     .handle = create_note,
     .summary = "Write a resolution note",
     .request_schema = "ResolutionNoteCreate",
     .response_schema = "ResolutionNote"},
    {.method = "GET",
     .pattern = "resolution_notes/{id}",
     .permission = reading,
     .handle = get_note,
     .summary = "One resolution note",
     .response_schema = "ResolutionNote"},
    {.method = "PUT",
     .pattern = "resolution_notes/{id}",
     .permission = writing,
     .handle = replace_note,
     .summary = "Change the text of a resolution note",
     .request_schema = "ResolutionNoteUpdate",
     .response_schema = "ResolutionNote"},
    {.method = "PATCH",
     .pattern = "resolution_notes/{id}",
     .permission = writing,
     .handle = patch_note,
     .summary = "Change the text of a resolution note",
     .request_schema = "ResolutionNoteUpdate",
     .response_schema = "ResolutionNote"},
    {.method = "DELETE",
     .pattern = "resolution_notes/{id}",
     .permission = writing,
     .handle = remove_note,
     .summary = "Remove a resolution note"},
};

}  // namespace

std::span<const Endpoint> resolution_note_endpoints() {
  return table;
}

}  // namespace tocsin::api
