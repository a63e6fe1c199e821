package io.pigeonhole.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** {@code GET /sign-in}: what is open to everybody, and where to sign in for the rest. */
public final class SignIn {

  /**
   * A provider of <a href="https://openid.net/specs/openid-connect-core-1_0.html">OpenID
   * Connect</a>, as a public client with PKCE needs it.
   *
   * @param issuer whose discovery document says all else
   * @param client what the provider knows the page as
   * @param scopes to ask for, separated by spaces
   * @param tokenOrigin the origin that tokens are got from
   */
  public record Provider(URI issuer, String client, String scopes, URI tokenOrigin) {
    /** The origin of the discovery document. */
    URI origin() {
      return issuer.resolve("/");
    }
  }

  private final Level anonymous;
  private final Optional<Provider> provider;

  /**
   * Tells of a provider, if there is one.
   *
   * @param anonymous what those may do who are not signed in
   */
  public SignIn(Level anonymous, Optional<Provider> provider) {
    this.anonymous = anonymous;
    this.provider = provider;
  }

  /** Whom the page talks to when somebody signs in; without a slash at the end. */
  public List<String> origins() {
    TreeSet<String> origins = new TreeSet<>();
    provider.ifPresent(
        p -> {
          origins.add(withoutSlash(p.origin()));
          origins.add(withoutSlash(p.tokenOrigin()));
        });
    return List.copyOf(origins);
  }

  private static String withoutSlash(URI origin) {
    return origin.toString().replaceFirst("/$", "");
  }

  /** What it is. */
  public Operation operation() {
    return Operation.get("/sign-in", "getSignIn", Level.NONE)
        .saying(
            "Where to sign in",
            "By OpenID Connect, with an authorization code and PKCE. Without an issuer there is"
                + " nowhere to sign in: what is not open needs what the operator of this API has.")
        .answers(
            "What is open to everybody, and who signs people in.",
            Schema.object()
                .required(
                    "anonymous",
                    Schema.oneOf(List.of("none", "read", "write", "admin"))
                        .saying("The level of those who are not signed in."))
                .optional("issuer", Schema.string("uri"))
                .optional("client", Schema.string().saying("What the issuer knows the page as."))
                .optional("scopes", Schema.string().saying("To ask for, separated by spaces."))
                .named("SignIn"))
        .by(this::answer);
  }

  private Answer answer(Request request) {
    ObjectNode json = Answer.JSON.createObjectNode().put("anonymous", anonymous.word());
    provider.ifPresent(
        p ->
            json.put("issuer", p.issuer().toString())
                .put("client", p.client())
                .put("scopes", p.scopes()));
    return Answer.json(json);
  }
}
