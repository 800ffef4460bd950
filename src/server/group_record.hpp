// Alert groups, their timeline and their alerts as commands print them.
#pragma once

#include <string>
#include <vector>

#include "model/timeline.hpp"
#include "server/sheet.hpp"
#include "store/reader.hpp"

namespace tocsin::server {

/// The group of an id, or of a number (`12`, `#12`).
std::optional<model::AlertGroup> group_named(const store::Reader& reader, const std::string& text);

/// A row of the list: what it is and in which state.
Record summary_of(const model::AlertGroup& group, const store::Reader& reader);
/// All there is to know of the group itself.
Record details_of(const model::AlertGroup& group, const store::Reader& reader);
std::vector<Record> timeline_of(const model::AlertGroup& group, const store::Reader& reader);
/// Resolution notes, the oldest first.
std::vector<Record> notes_of(const model::AlertGroup& group, const store::Reader& reader);
Record record_of(const model::Alert& alert);

/// A stored trace in lines for people: how title, key, signals, labels and route were found.
std::string trace_in_words(std::string_view trace);

}  // namespace tocsin::server
