// The web pages that are built into the binary: one document for every page (the pages find their way by the path),
// and its scripts, styles and pictures under names that change with their content. Pure; any thread.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "wire/http.hpp"

namespace tocsin::api {

/// A file of the web build.
struct WebFile {
  std::string_view path;  ///< `/assets/index-4f3a.js`
  std::string_view content_type;
  std::string_view plain;
  std::string_view gzip;  ///< the same compressed; empty where that gains nothing
};

/// What was built in; empty in a build without web pages (TOCSIN_WEB=OFF).
std::span<const WebFile> embedded_web_files();

/// The answer to a path that is none of the API's; nothing when it is no page and no file either, or
/// another method than GET or HEAD on a page. `path` is without
/// the public prefix, `prefix` is what the document must put before it (`/oncall`, or empty).
std::optional<wire::Response> web_answer(const wire::Request& request, std::string_view path, std::string_view prefix,
                                         std::span<const WebFile> files);

}  // namespace tocsin::api
