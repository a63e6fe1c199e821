package io.pigeonhole.local;

import io.pigeonhole.local.gateway.Authorizer;
import io.pigeonhole.local.gateway.Level;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Whether people have to sign in, as the functions are told it: by the environment variables of the
 * functions' README. Without an issuer, everybody may do everything: it is all on this machine's
 * loopback address.
 */
record SignIn(Map<String, String> variables) {
  private static final String ISSUER = "PIGEONHOLE_SIGN_IN_ISSUER";
  private static final String ANONYMOUS = "PIGEONHOLE_API_ANONYMOUS";

  /** Nobody has to. */
  static final SignIn NONE = new SignIn(Map.of());

  /** Keeps what is about it of an environment. */
  SignIn {
    Map<String, String> kept = new TreeMap<>(variables);
    kept.keySet()
        .removeIf(n -> !n.startsWith("PIGEONHOLE_SIGN_IN_") && !n.startsWith("PIGEONHOLE_API_"));
    if (!kept.containsKey(ISSUER)) {
      kept.clear();
      kept.put(ANONYMOUS, "admin");
    }
    variables = Map.copyOf(kept);
  }

  /** Whether anybody has to. */
  boolean isAskedFor() {
    return variables.containsKey(ISSUER);
  }

  /** What looks at the tokens. */
  Authorizer authorizer() throws StartException {
    if (!isAskedFor()) {
      return Authorizer.none();
    }
    try {
      String scopes = variables.getOrDefault("PIGEONHOLE_API_SCOPES", "");
      return new Authorizer(
          URI.create(variables.get(ISSUER)),
          Set.of(variables.getOrDefault("PIGEONHOLE_SIGN_IN_CLIENT", "")),
          Level.valueOf(variables.getOrDefault(ANONYMOUS, "none").toUpperCase(Locale.ROOT)),
          scopes.isEmpty() ? List.of() : List.of(scopes.split(",", -1)));
    } catch (IllegalArgumentException e) {
      throw new StartException("the sign-in cannot be: " + e.getMessage(), e);
    }
  }
}
