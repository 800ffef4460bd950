#include "wire/tls.hpp"

namespace tocsin::wire {

base::Result<std::shared_ptr<boost::asio::ssl::context>> make_tls_context(const TlsFiles& files) {
  namespace ssl = boost::asio::ssl;
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  boost::system::error_code error;
  context->set_options(ssl::context::default_workarounds | ssl::context::no_sslv2 | ssl::context::no_sslv3 |
                       ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1 | SSL_OP_NO_RENEGOTIATION);
  context->use_certificate_chain_file(files.certificate, error);
  if (error) {
    return base::Error{base::ErrorKind::invalid, "the TLS certificate " + files.certificate + " can't be used: " +
                                                     error.message(), "tls-cert"};
  }
  context->use_private_key_file(files.key, ssl::context::pem, error);
  if (error) {
    return base::Error{base::ErrorKind::invalid, "the TLS key " + files.key + " can't be used with the certificate: " +
                                                     error.message(), "tls-key"};
  }
  return context;
}

}  // namespace tocsin::wire
