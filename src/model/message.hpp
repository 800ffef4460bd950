// Flow type 6, filled by notify: what is to be told, to whom, through which channel.
#pragma once

#include <map>
#include <string>

#include "model/ids.hpp"

namespace tocsin::model {

struct Message {
  AlertGroupId group;
  UserId recipient;     ///< empty for a chat channel
  std::string channel;  ///< `email`, `slack`, `webhook` …
  std::string address;
  std::map<std::string, std::string> parts;  ///< rendered: title, body, image
};

}  // namespace tocsin::model
