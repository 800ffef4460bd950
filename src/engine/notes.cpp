#include "engine/notes.hpp"

#include <utility>

#include "base/text.hpp"

namespace tocsin::engine {
namespace {

using model::ResolutionNote;

/// Notes that came from a chat belong to the chat: only there they are edited.
constexpr std::string_view own_source = "Web";

base::Error missing(std::string_view what, const std::string& id) {
  return {base::ErrorKind::not_found, std::string("there is no ").append(what).append(" ").append(id), id};
}

/// A note and the entry of the group's timeline that tells of it.
model::Unit telling(const ResolutionNote& note, model::TimelineKind kind, const model::Actor& actor,
                    clock::Instant now) {
  model::TimelineEntry entry;
  entry.organization = note.organization;
  entry.group = note.group;
  entry.kind = kind;
  entry.actor = actor;
  entry.at = now;
  entry.details = "{\"note\":" + base::json_quoted(note.id.text()) + "}";
  model::Unit unit;
  unit.records.emplace_back(note);
  unit.timeline.push_back(std::move(entry));
  return unit;
}

}  // namespace

base::Result<ResolutionNote> Notes::add(const model::AlertGroupId& group, const std::string& text,
                                        const model::Actor& actor) {
  ResolutionNote note;
  note.id = base::new_id<model::ResolutionNoteKind>(random_);
  note.group = group;
  note.author = actor.user;
  note.source = own_source;
  note.text = text;
  note.created_at = clock_.now();
  auto committed = ledger_.commit([&](const store::Reader& reader) -> base::Result<model::Unit> {
    const std::optional<model::AlertGroup> found = reader.group(group);
    if (!found) return missing("alert group", group.text());
    note.organization = found->organization;
    return telling(note, model::TimelineKind::note_added, actor, note.created_at);
  });
  if (!committed) return std::move(committed).error();
  return note;
}

base::Result<ResolutionNote> Notes::change(const model::ResolutionNoteId& id, const std::string& text,
                                           const model::Actor& actor) {
  ResolutionNote note;
  const clock::Instant now = clock_.now();
  auto committed = ledger_.commit([&](const store::Reader& reader) -> base::Result<model::Unit> {
    std::optional<ResolutionNote> found = reader.note(id);
    if (!found) return missing("resolution note", id.text());
    note = std::move(*found);
    if (note.source != own_source) {
      return base::Error{base::ErrorKind::conflict, "Cannot update message with this source type"};
    }
    if (note.text == text) return model::Unit{};
    note.text = text;
    return telling(note, model::TimelineKind::note_changed, actor, now);
  });
  if (!committed) return std::move(committed).error();
  return note;
}

base::Status Notes::remove(const model::ResolutionNoteId& id, const model::Actor& actor) {
  const clock::Instant now = clock_.now();
  auto committed = ledger_.commit([&](const store::Reader& reader) -> base::Result<model::Unit> {
    std::optional<ResolutionNote> note = reader.note(id);
    if (!note) return missing("resolution note", id.text());
    note->deleted_at = now;
    return telling(*note, model::TimelineKind::note_removed, actor, now);
  });
  if (!committed) return std::move(committed).error();
  return {};
}

}  // namespace tocsin::engine
