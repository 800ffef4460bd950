#include "api/sign_in_gate.hpp"

#include "base/text.hpp"

namespace tocsin::api {

watch::Admission SignInGate::admit(const std::string& account, const std::string& address, clock::Instant now) {
  const std::lock_guard lock(mutex_);
  const watch::Admission from_here = addresses_.admit(watch::attempt_origin(address), now);
  if (!from_here.admitted || account.empty()) return from_here;
  return accounts_.admit(base::ascii_lower(account), now);
}

void SignInGate::forgive(const std::string& account) {
  const std::lock_guard lock(mutex_);
  accounts_.forgive(base::ascii_lower(account));
}

}  // namespace tocsin::api
