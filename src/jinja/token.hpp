// The tokens of a template and the lexer that makes them (Jinja2 3.1's lexical rules, default delimiters).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jinja/failure.hpp"

namespace tocsin::jinja {

enum class TokenKind : std::uint8_t {
  data,
  variable_begin,
  variable_end,
  block_begin,
  block_end,
  name,
  integer,
  real,
  string,
  op,
  end,
};

/// One token; `text` points into the source (operators too), strings keep their quotes and escapes.
struct Token {
  TokenKind kind = TokenKind::end;
  std::string_view text;
  std::uint32_t at = 0;

  bool is_op(std::string_view spelling) const { return kind == TokenKind::op && text == spelling; }
  bool is_name(std::string_view name) const { return kind == TokenKind::name && text == name; }
};

/// What error messages call the token.
std::string describe(const Token& token);
std::string describe(TokenKind kind);

/// Newlines as `\n`, one trailing newline dropped.
std::string normalised_source(std::string_view source);

/// All tokens, the last of kind `end`; with `failure` they stop at what can't be read, which the parser reports
/// only when it gets there.
struct Tokens {
  std::vector<Token> items;
  std::optional<Failure> failure;
};
/// `source` is normalised and outlives the tokens.
Tokens tokens_of(std::string_view source);

}  // namespace tocsin::jinja
