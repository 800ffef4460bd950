// The server's TLS: certificate chain and key from PEM files. Inside the room.
#pragma once

#include <boost/asio/ssl/context.hpp>

#include <memory>

#include "wire/http.hpp"

namespace tocsin::wire {

/// TLS 1.2 or newer. Errors: invalid, naming the file.
base::Result<std::shared_ptr<boost::asio::ssl::context>> make_tls_context(const TlsFiles& files);

}  // namespace tocsin::wire
