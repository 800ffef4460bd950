#include "base/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <cstdlib>
#include <deque>
#include <memory>
#include <mutex>

#include "base/check.hpp"
#include "base/text.hpp"

namespace tocsin::base {
namespace {

std::atomic<LogFormat> format_of_lines{LogFormat::text};

spdlog::logger& logger() {
  static const std::shared_ptr<spdlog::logger> instance = [] {
    auto made = spdlog::stderr_logger_mt("tocsin");
    made->set_pattern("%v");
    made->flush_on(spdlog::level::trace);
    return made;
  }();
  return *instance;
}

spdlog::level::level_enum spdlog_level(LogLevel level) {
  switch (level) {
    case LogLevel::debug: return spdlog::level::debug;
    case LogLevel::info: return spdlog::level::info;
    case LogLevel::warning: return spdlog::level::warn;
    case LogLevel::error: return spdlog::level::err;
  }
  return spdlog::level::info;
}

std::string_view level_name(LogLevel level) {
  constexpr std::string_view names[] = {"debug", "info", "warning", "error"};
  return names[static_cast<int>(level)];
}

std::string wall_time() {
  const auto now = spdlog::log_clock::now();
  const auto since_epoch = now.time_since_epoch();
  const auto millis = std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count() % 1000;
  const std::time_t seconds = spdlog::log_clock::to_time_t(now);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", parts.tm_year + 1900, parts.tm_mon + 1,
                     parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec, millis);
}

bool needs_quotes(std::string_view text) {
  if (text.empty()) return true;
  for (const char c : text) {
    if (c == ' ' || c == '"' || c == '=' || c == '\\' || static_cast<unsigned char>(c) < 0x20) return true;
  }
  return false;
}

std::string told(std::string_view message, std::initializer_list<Field> fields) {
  std::string line;
  for (const char c : message) line.push_back(static_cast<unsigned char>(c) < 0x20 ? ' ' : c);
  for (const Field& field : fields) {
    line.append(" ").append(field.key).append("=");
    line.append(needs_quotes(field.value) ? json_quoted(field.value) : field.value);
  }
  return line;
}

std::string text_line(LogLevel level, std::string_view message, std::initializer_list<Field> fields) {
  std::string line = wall_time();
  return line.append(" ").append(level_name(level)).append(" ").append(told(message, fields));
}

std::string json_line(LogLevel level, std::string_view message, std::initializer_list<Field> fields) {
  std::string line = "{\"time\":\"" + wall_time() + "\",\"level\":\"";
  line.append(level_name(level)).append("\",\"message\":").append(json_quoted(message));
  for (const Field& field : fields) {
    line.append(",").append(json_quoted(field.key)).append(":").append(json_quoted(field.value));
  }
  return line + "}";
}

/// The newest problems, newest first.
struct Problems {
  static constexpr std::size_t most = 50;
  std::mutex mutex;
  std::deque<Problem> kept;
};

// Never taken down: threads may log to the end.
Problems& problems() {
  static Problems* const kept = std::make_unique<Problems>().release();
  return *kept;
}

void remember(Problem problem) {
  Problems& all = problems();
  const std::lock_guard lock(all.mutex);
  all.kept.push_front(std::move(problem));
  if (all.kept.size() > Problems::most) all.kept.pop_back();
}

}  // namespace

void set_log(LogLevel lowest, LogFormat format) {
  logger().set_level(spdlog_level(lowest));
  format_of_lines = format;
}

void log(LogLevel level, std::string_view message, std::initializer_list<Field> fields) {
  if (level >= LogLevel::warning) remember({wall_time(), std::string(level_name(level)), told(message, fields)});
  spdlog::logger& to = logger();
  if (!to.should_log(spdlog_level(level))) return;
  const std::string line =
      format_of_lines == LogFormat::json ? json_line(level, message, fields) : text_line(level, message, fields);
  to.log(spdlog_level(level), spdlog::string_view_t(line.data(), line.size()));
}

std::vector<Problem> recent_problems() {
  Problems& all = problems();
  const std::lock_guard lock(all.mutex);
  return {all.kept.begin(), all.kept.end()};
}

std::string abridged(std::string_view secret) {
  return std::string(secret.substr(0, 4)) + "…";
}

void check_failed(const char* condition, const char* file, int line) {
  log(LogLevel::error, "CHECK failed", {{"condition", condition}, {"file", file}, {"line", line}});
  std::abort();
}

}  // namespace tocsin::base
