#include <charconv>
#include <ctime>

#include "wire/head.hpp"

namespace tocsin::wire {
namespace {

void append_number(std::string& out, std::size_t number) {
  char digits[20];
  const auto [end, error] = std::to_chars(digits, digits + sizeof digits, number);
  out.append(digits, end);
}

// Without this, text from outside in a value could begin a header of its own.
void append_value(std::string& out, std::string_view value) {
  const std::size_t start = out.size();
  out.append(value);
  for (std::size_t at = start; at < out.size(); ++at) {
    if (static_cast<unsigned char>(out[at]) < 0x20 && out[at] != '\t') out[at] = ' ';
  }
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
  append_value(out, name);
  out.append(": ");
  append_value(out, value);
  out.append("\r\n");
}

}  // namespace

std::string_view date_text() {
  static thread_local std::time_t made_at = 0;
  static thread_local char text[40];
  const std::time_t now = std::time(nullptr);
  if (now != made_at) {
    std::tm parts{};
    gmtime_r(&now, &parts);
    std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts);
    made_at = now;
  }
  return text;
}

void append_response_head(std::string& out, const Response& response, const Framing& request, AnswerFraming answer) {
  out.append("HTTP/1.1 ");
  append_number(out, static_cast<std::size_t>(response.status));
  out.append(" ").append(reason(response.status)).append("\r\nDate: ").append(date_text()).append("\r\n");
  if (!response.content_type.empty()) append_field(out, "Content-Type", response.content_type);
  for (const auto& [name, value] : response.headers) append_field(out, name, value);
  if (has_body(response.status)) {
    if (answer.body == AnswerFraming::Body::length) {
      out.append("Content-Length: ");
      append_number(out, answer.length);
      out.append("\r\n");
    } else if (answer.body == AnswerFraming::Body::chunked) {
      out.append("Transfer-Encoding: chunked\r\n");
    }
  }
  if (!request.keep_alive) {
    out.append("Connection: close\r\n");
  } else if (request.http_1_0) {
    out.append("Connection: keep-alive\r\n");
  }
  out.append("\r\n");
}

}  // namespace tocsin::wire
