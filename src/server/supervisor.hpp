// What the process is to its surroundings: signals, the service manager, limits of the system.
#pragma once

#include <functional>
#include <string>

namespace tocsin::server {

/// Blocks the signals that `wait_for_end` waits for, for every thread made from now on. Before the first thread.
void hold_signals();

/// Waits for SIGTERM or SIGINT and gives its name; calls `reload` at each SIGHUP. From its return on a further SIGTERM
/// or SIGINT ends the process at once.
std::string wait_for_end(const std::function<void()>& reload);

/// Tells systemd (sd_notify(3)): `READY=1`, `STOPPING=1`. Does nothing without it.
void tell_service_manager(const std::string& state);

/// Makes the allocator give large blocks back to the system once they are free. Before the first thread.
void give_memory_back();

/// Raises the limit of open files as far as the system allows; gives it.
unsigned long raise_file_limit();

}  // namespace tocsin::server
