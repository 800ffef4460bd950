// Public ids: one to three letters that name the kind and twelve random characters (spec: api.md 1.6).
// Each kind is a type of its own, so that an alert's id never stands where a group's belongs.
#pragma once

#include <compare>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace tocsin::base {

/// The characters of the random part: no letter O and no digit 0.
inline constexpr std::string_view id_alphabet = "ABCDEFGHIJKLMNPQRSTUVWXYZ123456789";
inline constexpr std::size_t id_random_length = 12;

/// A public id of one kind. An empty id means 'none'. `Kind::prefix` is its prefix.
template <class Kind>
class Id {
 public:
  static constexpr std::string_view prefix = Kind::prefix;

  Id() = default;
  explicit Id(std::string text) : text_(std::move(text)) {}

  const std::string& text() const { return text_; }
  bool empty() const { return text_.empty(); }
  auto operator<=>(const Id&) const = default;

 private:
  std::string text_;
};

/// A source of randomness for ids and tokens; `seal` brings the cryptographic one, tests a seeded one.
using RandomBytes = std::function<void(unsigned char* out, std::size_t size)>;

/// `length` characters of `alphabet` (at most 256 of them), unbiased.
std::string random_text(const RandomBytes& random, std::string_view alphabet, std::size_t length);

/// A new id of the kind.
template <class Kind>
Id<Kind> new_id(const RandomBytes& random) {
  return Id<Kind>(std::string(Kind::prefix) + random_text(random, id_alphabet, id_random_length));
}

/// A source of ids for what comes in great numbers. All of an id is random, but the first four characters are drawn
/// anew only for every 64th: what is made at one time lies side by side in an index by id, and a commit touches a page
/// or two of it, not one for each id. The other eight (40 bits) are each id's own; that two agree in a run is about
/// one in a thousand million, and the ledger refuses it. Any thread.
class IdSource {
 public:
  explicit IdSource(RandomBytes random) : random_(std::move(random)) {}

  template <class Kind>
  Id<Kind> next() {
    return Id<Kind>(std::string(Kind::prefix) + random_part());
  }

 private:
  std::string random_part();

  const RandomBytes random_;
  std::mutex mutex_;
  std::string shared_;
  unsigned drawn_ = 0;
};

}  // namespace tocsin::base

template <class Kind>
struct std::hash<tocsin::base::Id<Kind>> {
  std::size_t operator()(const tocsin::base::Id<Kind>& id) const noexcept {
    return std::hash<std::string>{}(id.text());
  }
};
