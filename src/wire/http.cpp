#include "wire/http.hpp"

#include <exception>
#include <utility>

#include "base/check.hpp"
#include "base/log.hpp"
#include "wire/exchange.hpp"

namespace tocsin::wire {

std::string_view Request::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return {};
}

Responder::Responder(std::shared_ptr<Target> target) : target_(std::move(target)) {}
Responder::Responder(Responder&&) noexcept = default;
Responder& Responder::operator=(Responder&& other) noexcept {
  Responder old(std::move(*this));  // its request, if it has one, is dropped: 500
  target_ = std::move(other.target_);
  return *this;
}

Responder::~Responder() {
  if (!target_) return;
  try {
    target_->answer({500, "application/json", R"({"detail":"The server failed to answer this request."})", {}});
  } catch (const std::exception& failure) {
    base::log(base::LogLevel::error, "a dropped request could not be answered", {{"what", failure.what()}});
  }
}

void Responder::send(Response response) && {
  CHECK(target_ != nullptr);  // one answer a request
  std::exchange(target_, nullptr)->answer(std::move(response));
}

std::shared_ptr<Stream> Responder::stream(Response head) && {
  CHECK(target_ != nullptr);
  return std::exchange(target_, nullptr)->open_stream(std::move(head));
}

std::string_view reason(int status) {
  switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 307: return "Temporary Redirect";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 411: return "Length Required";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 417: return "Expectation Failed";
    case 422: return "Unprocessable Content";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    default: return "Unknown";
  }
}

}  // namespace tocsin::wire
