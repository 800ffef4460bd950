#include "api/web_files.hpp"

#include <doctest/doctest.h>

#include <string>

namespace tocsin::api {
namespace {

constexpr WebFile files[] = {
    {"/index.html", "text/html; charset=utf-8", "<head><base href=\"/\" /></head>", ""},
    {"/assets/index-1.js", "text/javascript", "plain", "packed"},
    {"/favicon.svg", "image/svg+xml", "<svg/>", ""},
};

std::optional<wire::Response> ask(std::string_view path, std::string_view encoding = "",
                                  std::string_view method = "GET", std::string_view prefix = "") {
  wire::Request request;
  request.method = method;
  if (!encoding.empty()) request.headers.emplace_back("accept-encoding", encoding);
  return web_answer(request, path, prefix, files);
}

std::string header(const wire::Response& response, std::string_view name) {
  for (const auto& [key, text] : response.headers) {
    if (key == name) return text;
  }
  return "";
}

}  // namespace

TEST_CASE("every page is the one document") {
  for (const char* path : {"", "/", "/alert-groups/I68T24C13IFW1", "/integrations", "/integrations/C1", "/sign-in/abc",
                           "/apiary", "/integrations/v12"}) {
    CAPTURE(path);
    const auto response = ask(path);
    REQUIRE(response);
    CHECK(response->status == 200);
    CHECK(response->content_type == "text/html; charset=utf-8");
    CHECK(header(*response, "Cache-Control") == "no-cache");
    CHECK(header(*response, "Content-Security-Policy").find("default-src 'self'") == 0);
  }
}

TEST_CASE("what is neither page nor file is nothing") {
  for (const char* path : {"/api", "/api/v2/x", "/assets/index-2.js", "/assets", "/wp-login.php", "/index.html",
                           "/bench/empty", "/integrations/v1"}) {
    CAPTURE(path);
    CHECK(!ask(path));
  }
  const wire::Request request{.method = "GET"};
  CHECK(!web_answer(request, "/", "", {}));
}

TEST_CASE("the document knows the public prefix") {
  CHECK(ask("/", "", "GET", "/oncall")->body == "<head><base href=\"/oncall/\" /></head>");
  CHECK(ask("/")->body == "<head><base href=\"/\" /></head>");
}

TEST_CASE("files last and come compressed to those who take it") {
  const auto packed = ask("/assets/index-1.js", "br, gzip;q=0.8");
  CHECK(packed->body == "packed");
  CHECK(header(*packed, "Content-Encoding") == "gzip");
  CHECK(header(*packed, "Vary") == "Accept-Encoding");
  CHECK(header(*packed, "Cache-Control") == "public, max-age=31536000, immutable");
  for (const char* encoding : {"", "br", "gzip;q=0", "gzip;q=0, br"}) {
    CAPTURE(encoding);
    CHECK(ask("/assets/index-1.js", encoding)->body == "plain");
  }
  const auto icon = ask("/favicon.svg", "gzip");
  CHECK(icon->body == "<svg/>");
  CHECK(header(*icon, "Content-Encoding").empty());
  CHECK(header(*icon, "Cache-Control") == "max-age=3600");
}

TEST_CASE("pages are read only: what is posted to a mistyped URL finds nothing") {
  CHECK_FALSE(ask("/alert-groups", "", "POST").has_value());
  CHECK_FALSE(ask("/integrations/v2/webhook/token/", "", "POST").has_value());
  const auto response = ask("/favicon.svg", "", "POST");
  REQUIRE(response.has_value());
  CHECK(response->status == 405);
  CHECK(header(*response, "Allow") == "GET, HEAD");
}

}  // namespace tocsin::api
