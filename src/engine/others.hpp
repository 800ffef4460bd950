// Inside the room: how other users stand to an edit of one.
#pragma once

#include "change/account.hpp"
#include "store/reader.hpp"

namespace tocsin::engine {

change::Others others_of(const store::Reader& reader, const model::UserId& id, const change::UserChange& change);

}  // namespace tocsin::engine
