#include "server/supervisor.hpp"

#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <cstring>

#include <malloc.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace tocsin::server {
namespace {

sigset_t ending_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  return set;
}

}  // namespace

void hold_signals() {
  sigset_t held = ending_signals();
  sigaddset(&held, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &held, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

std::string wait_for_end(const std::function<void()>& reload) {
  const sigset_t ending = ending_signals();
  sigset_t held = ending;
  sigaddset(&held, SIGHUP);
  while (true) {
    int signal = 0;
    if (sigwait(&held, &signal) != 0) continue;
    if (signal == SIGHUP) {
      reload();
      continue;
    }
    pthread_sigmask(SIG_UNBLOCK, &ending, nullptr);
    return signal == SIGTERM ? "SIGTERM" : "SIGINT";
  }
}

void tell_service_manager(const std::string& state) {
  const char* const path = std::getenv("NOTIFY_SOCKET");
  sockaddr_un address{};
  if (path == nullptr || std::strlen(path) >= sizeof address.sun_path) return;
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path, std::strlen(path) + 1);
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + std::strlen(path));
  if (address.sun_path[0] == '@') address.sun_path[0] = '\0';  // an abstract socket
  const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return;
  ::sendto(socket, state.data(), state.size(), MSG_NOSIGNAL, reinterpret_cast<const sockaddr*>(&address), size);
  ::close(socket);
}

// glibc takes the first large block that is freed for a habit: it raises its thresholds up to 32 MB and from then on
// keeps what large bodies needed, for each of its arenas. Set by hand the thresholds stay.
void give_memory_back() {
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, 1 << 20);
  mallopt(M_TRIM_THRESHOLD, 4 << 20);
#endif
}

unsigned long raise_file_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  getrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur;
}

}  // namespace tocsin::server
