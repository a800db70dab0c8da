package io.slipway.modelfiles.chat.jinja;

import io.slipway.modelfiles.chat.jinja.Token.Type;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Tokens, read one by one. */
final class TokenStream {

  /** Within each other, of expressions and of blocks; keeps the parser from overflowing. */
  private static final int MAX_DEPTH = 100;

  private final List<Token> tokens;
  private int at;
  private int depth;

  TokenStream(List<Token> tokens) {
    this.tokens = tokens;
  }

  Token current() {
    return tokens.get(at);
  }

  Token following() {
    return tokens.get(Math.min(at + 1, tokens.size() - 1));
  }

  Token next() {
    Token token = current();
    if (token.type() != Type.END) {
      at++;
    }
    return token;
  }

  boolean skipName(String name) {
    if (current().isName(name)) {
      next();
      return true;
    }
    return false;
  }

  boolean skipOperator(String operator) {
    if (current().isOperator(operator)) {
      next();
      return true;
    }
    return false;
  }

  Token expect(Type type, String what) {
    if (current().type() != type) {
      throw unexpected(what);
    }
    return next();
  }

  void expectOperator(String operator) {
    if (!skipOperator(operator)) {
      throw unexpected("'" + operator + "'");
    }
  }

  void expectName(String name) {
    if (!skipName(name)) {
      throw unexpected("'" + name + "'");
    }
  }

  TemplateException unexpected(String expected) {
    return malformed("unexpected %s, expected %s".formatted(current().description(), expected));
  }

  TemplateException malformed(String problem) {
    return TemplateException.malformed(current().line(), problem);
  }

  int position() {
    return at;
  }

  /** All names between a position and the current token. */
  Set<String> namesSince(int position) {
    return tokens.subList(position, at).stream()
        .filter(token -> token.type() == Type.NAME)
        .map(Token::text)
        .collect(Collectors.toUnmodifiableSet());
  }

  void enter() {
    depth++;
    if (depth > MAX_DEPTH) {
      throw malformed("it nests deeper than %d levels".formatted(MAX_DEPTH));
    }
  }

  void leave() {
    depth--;
  }
}
