// One HTTP POST to a Tocsin server, for `tocsin send`: plain HTTP/1.1 on a connection of its own, within a deadline.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/result.hpp"

namespace tocsin::server {

struct HttpAnswer {
  int status = 0;
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;
};

/// The answer to a POST of a JSON body. Errors: invalid (not a URL), unsupported (https), unavailable (nobody answers).
base::Result<HttpAnswer> http_post(const std::string& url, const std::string& body);

/// Takes apart what a server sent until it closed the connection; nothing when that is no whole answer.
std::optional<HttpAnswer> read_answer(const std::string& received);

}  // namespace tocsin::server
