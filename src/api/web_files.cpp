#include "api/web_files.hpp"

#include <algorithm>
#include <string>

namespace tocsin::api {
namespace {

constexpr std::string_view document_path = "/index.html";
constexpr std::string_view base_mark = "<base href=\"/\"";

/// Everything comes from here. Styles may stand in the document, for the components set theirs so; scripts may not.
constexpr std::string_view policy =
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

const WebFile* find(std::span<const WebFile> files, std::string_view path) {
  const auto found = std::ranges::find(files, path, &WebFile::path);
  return found == files.end() ? nullptr : &*found;
}

bool takes_gzip(const wire::Request& request) {
  const std::string_view accepted = request.header("accept-encoding");
  const std::size_t at = accepted.find("gzip");
  return at != std::string_view::npos && !accepted.substr(at).starts_with("gzip;q=0,") &&
         !accepted.substr(at).ends_with("gzip;q=0");
}

void guard(wire::Response& response) {
  response.headers.emplace_back("Content-Security-Policy", policy);
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  response.headers.emplace_back("Referrer-Policy", "same-origin");
}

/// Names under /assets/ change with the content; the few others don't.
wire::Response file_answer(const wire::Request& request, const WebFile& file) {
  const bool compressed = !file.gzip.empty() && takes_gzip(request);
  wire::Response response{200, std::string(file.content_type), std::string(compressed ? file.gzip : file.plain), {}};
  if (compressed) response.headers.emplace_back("Content-Encoding", "gzip");
  if (!file.gzip.empty()) response.headers.emplace_back("Vary", "Accept-Encoding");
  const bool lasting = file.path.starts_with("/assets/");
  response.headers.emplace_back("Cache-Control", lasting ? "public, max-age=31536000, immutable" : "max-age=3600");
  guard(response);
  return response;
}

wire::Response document_answer(const WebFile& document, std::string_view prefix) {
  wire::Response response{200, std::string(document.content_type), std::string(document.plain), {}};
  const std::size_t at = response.body.find(base_mark);
  if (at != std::string::npos) response.body.insert(at + base_mark.size() - 2, prefix);
  response.headers.emplace_back("Cache-Control", "no-cache");
  guard(response);
  return response;
}

/// Pages have no dots in their last segment, and share no first segment with the API.
bool is_page(std::string_view path) {
  for (const std::string_view taken : {"/api", "/assets", "/bench", "/integrations/v1"}) {
    if (path.starts_with(taken) && (path.size() == taken.size() || path[taken.size()] == '/')) return false;
  }
  return path.substr(path.rfind('/') + 1).find('.') == std::string_view::npos;
}

}  // namespace

std::optional<wire::Response> web_answer(const wire::Request& request, std::string_view path, std::string_view prefix,
                                         std::span<const WebFile> files) {
  if (path.empty()) path = "/";
  const WebFile* document = find(files, document_path);
  const WebFile* file = path == document_path ? nullptr : find(files, path);
  const bool reads = request.method == "GET" || request.method == "HEAD";
  // What is posted to a mistyped URL found nothing there: it must not look like a page that only wants another method.
  if (file == nullptr && (document == nullptr || !is_page(path) || !reads)) return std::nullopt;
  if (!reads) {
    return wire::Response{405, "text/plain; charset=utf-8", "This is a page: GET it.\n", {{"Allow", "GET, HEAD"}}};
  }
  return file != nullptr ? file_answer(request, *file) : document_answer(*document, prefix);
}

}  // namespace tocsin::api
