// CHECK: the answer to a bug. Logs the condition and its place and aborts, in release builds too;
// the supervisor restarts the process and the ledger knows the rest. Never for user input.
#pragma once

namespace tocsin::base {

/// Writes the failed condition to the log and aborts. Use CHECK.
[[noreturn]] void check_failed(const char* condition, const char* file, int line);

}  // namespace tocsin::base

#define CHECK(condition) \
  (static_cast<bool>(condition) ? void(0) : ::tocsin::base::check_failed(#condition, __FILE__, __LINE__))
