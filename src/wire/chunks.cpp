#include "wire/head.hpp"

#include <algorithm>
#include <charconv>

namespace tocsin::wire {
namespace {

constexpr std::size_t trailer_limit = 8 * 1024;
constexpr std::size_t line_limit = 4 * 1024;

std::string_view without_trailing_blanks(std::string_view text) {
  const std::size_t last = text.find_last_not_of(" \t");
  return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

}  // namespace

ChunkReader::State ChunkReader::take(std::string_view& input, std::string& body) {
  while (!input.empty()) {
    if (part_ != Part::data) {
      const State state = take_line(input, body);
      if (state != State::more) return state;
      continue;
    }
    const std::size_t taken = static_cast<std::size_t>(std::min<std::uint64_t>(left_, input.size()));
    body.append(input.substr(0, taken));
    input.remove_prefix(taken);
    left_ -= taken;
    if (left_ == 0) part_ = Part::data_end;
  }
  return State::more;
}

ChunkReader::State ChunkReader::take_line(std::string_view& input, const std::string& body) {
  const std::size_t end = input.find('\n');
  line_.append(input.substr(0, end));
  input.remove_prefix(end == std::string_view::npos ? input.size() : end + 1);
  if (line_.size() > line_limit) return State::bad;
  if (end == std::string_view::npos) return State::more;
  // A bare LF here is read differently by different proxies: a way to smuggle requests.
  if (!line_.ends_with('\r')) return State::bad;
  line_.pop_back();
  const std::string line = std::exchange(line_, {});
  if (line.find('\r') != std::string::npos) return State::bad;
  switch (part_) {
    case Part::data_end: part_ = Part::size; return line.empty() ? State::more : State::bad;
    case Part::trailer:
      trailer_bytes_ += line.size();
      if (trailer_bytes_ > trailer_limit) return State::bad;
      return line.empty() ? State::done : State::more;
    case Part::size:
    case Part::data: break;
  }
  return begin_chunk(line, body);
}

ChunkReader::State ChunkReader::begin_chunk(std::string_view line, const std::string& body) {
  const std::string_view size = without_trailing_blanks(line.substr(0, line.find(';')));
  const auto [stop, error] = std::from_chars(size.data(), size.data() + size.size(), left_, 16);
  if (error == std::errc::result_out_of_range) return State::too_large;
  if (size.empty() || error != std::errc() || stop != size.data() + size.size()) return State::bad;
  if (left_ > limit_ || body.size() + left_ > limit_) return State::too_large;
  part_ = left_ == 0 ? Part::trailer : Part::data;
  return State::more;
}

}  // namespace tocsin::wire
