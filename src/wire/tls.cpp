#include "wire/tls.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace tocsin::wire {
namespace {

base::Error wrong(const char* where, const std::string& what, const std::string& path, const std::string& why) {
  return {base::ErrorKind::invalid, "the TLS " + what + " " + path + " can't be used: " + why, where};
}

/// What OpenSSL has to say about the last failure.
std::string reason_of_openssl() {
  const unsigned long code = ERR_peek_last_error();
  const char* const text = ERR_reason_error_string(code);
  ERR_clear_error();
  return text != nullptr ? text : "it is not in PEM form";
}

/// Why the file can't be opened; empty when it can.
std::string trouble_opening(const std::string& path) {
  std::FILE* const file = std::fopen(path.c_str(), "re");
  if (file == nullptr) return std::strerror(errno);
  std::fclose(file);
  return {};
}

// A key with a passphrase would else ask for it on the terminal.
int refuse_passphrase(char*, int, int, void*) {
  return -1;
}

// The parameters are OpenSSL's.
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* length, const unsigned char* offered,
                    unsigned offered_length, void*) {
  static constexpr unsigned char ours[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  unsigned char* found = nullptr;
  const int outcome = SSL_select_next_proto(&found, length, ours, sizeof ours, offered, offered_length);
  *chosen = found;
  return outcome == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

void configure(SSL_CTX* context) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  // The session's buffers are given back while it is idle; what could not be written may move.
  SSL_CTX_set_mode(context,
                   SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  // Clients resume by tickets; nothing is kept here for them.
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_default_passwd_cb(context, refuse_passphrase);
  SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
}

}  // namespace

void TlsContext::Deleter::operator()(ssl_ctx_st* context) const {
  SSL_CTX_free(context);
}

base::Result<std::shared_ptr<const TlsContext>> TlsContext::load(const TlsFiles& files) {
  constexpr const char* certificate_setting = "tls-cert";
  constexpr const char* key_setting = "tls-key";
  ERR_clear_error();
  SSL_CTX* const context = SSL_CTX_new(TLS_server_method());
  if (context == nullptr) return base::Error{base::ErrorKind::internal, "OpenSSL failed: " + reason_of_openssl()};
  std::shared_ptr<const TlsContext> made(new TlsContext(context));
  configure(context);
  std::string trouble = trouble_opening(files.certificate);
  if (trouble.empty() && SSL_CTX_use_certificate_chain_file(context, files.certificate.c_str()) != 1) {
    trouble = reason_of_openssl();
  }
  if (!trouble.empty()) return wrong(certificate_setting, "certificate", files.certificate, trouble);
  trouble = trouble_opening(files.key);
  if (trouble.empty() && SSL_CTX_use_PrivateKey_file(context, files.key.c_str(), SSL_FILETYPE_PEM) != 1) {
    trouble = reason_of_openssl();
  }
  if (trouble.empty() && SSL_CTX_check_private_key(context) != 1) trouble = reason_of_openssl();
  if (!trouble.empty()) return wrong(key_setting, "key", files.key, trouble);
  return made;
}

ssl_st* TlsContext::make_session() const {
  return SSL_new(context_.get());
}

}  // namespace tocsin::wire
