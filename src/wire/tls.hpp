// The server's TLS settings: certificate chain and key from PEM files. Any thread; immutable once made.
#pragma once

#include <memory>
#include <mutex>

#include "wire/http.hpp"

struct ssl_ctx_st;
struct ssl_st;

namespace tocsin::wire {

/// One certificate and key, shared by the connections that began with it.
class TlsContext {
 public:
  /// TLS 1.2 or newer. Errors: invalid, naming the file and what is wrong with it.
  static base::Result<std::shared_ptr<const TlsContext>> load(const TlsFiles& files);

  /// A new server-side session.
  ssl_st* make_session() const;

 private:
  struct Deleter {
    void operator()(ssl_ctx_st* context) const;
  };
  explicit TlsContext(ssl_ctx_st* context) : context_(context) {}

  std::unique_ptr<ssl_ctx_st, Deleter> context_;
};

/// The settings for new connections, swapped whole on reload; none when plain HTTP is spoken. Any thread.
class TlsInUse {
 public:
  std::shared_ptr<const TlsContext> get() const {
    const std::lock_guard lock(mutex_);
    return context_;
  }
  void set(std::shared_ptr<const TlsContext> context) {
    const std::lock_guard lock(mutex_);
    context_ = std::move(context);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const TlsContext> context_;
};

}  // namespace tocsin::wire
