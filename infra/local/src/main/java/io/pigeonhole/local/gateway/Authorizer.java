package io.pigeonhole.local.gateway;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.RemoteKeySourceException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/**
 * Looks at tokens as the JWT authorizers of API Gateway do: signature, issuer, audience, times, and
 * the scopes of the route.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html">JWT
 *     authorizers</a>
 */
public final class Authorizer {
  private static final Set<JWSAlgorithm> RSA =
      Set.of(JWSAlgorithm.RS256, JWSAlgorithm.RS384, JWSAlgorithm.RS512);

  private final URI issuer;
  private final Set<String> audience;
  private final Level anonymous;
  private final List<String> scopes;
  private DefaultJWTProcessor<SecurityContext> processor;

  /** A token, or why there is none. */
  sealed interface Decision {
    /** Nobody had to be known. */
    record Open() implements Decision {}

    /** Somebody is, by these claims, each as text. */
    record Known(Map<String, String> claims, Set<String> scopes) implements Decision {}

    /** The gateway answers itself. */
    record Refused(HttpApiResponse answer) implements Decision {}
  }

  /**
   * Trusts an issuer. Its keys are fetched when the first token comes.
   *
   * @param audience whom tokens have to be for: one of these
   * @param anonymous up to which level nobody has to be known
   * @param scopes none, or those of the levels from {@link Level#READ} on; the first may be empty
   */
  public Authorizer(URI issuer, Set<String> audience, Level anonymous, List<String> scopes) {
    this.issuer = issuer;
    this.audience = Set.copyOf(audience);
    this.anonymous = anonymous;
    this.scopes = List.copyOf(scopes);
  }

  /** Lets everybody do everything. */
  public static Authorizer none() {
    return new Authorizer(URI.create(""), Set.of(), Level.ADMIN, List.of());
  }

  /** The scopes of which a token for a route of that level needs one; empty for no matter which. */
  List<String> scopes(Level level) {
    int first = List.of(Level.READ, Level.WRITE, Level.ADMIN).indexOf(level);
    if (first < 0 || scopes.isEmpty() || scopes.get(first).isEmpty()) {
      return List.of();
    }
    return scopes.subList(first, scopes.size());
  }

  /**
   * Decides about a request.
   *
   * @param authorization the header; may be null
   */
  Decision decide(Level level, String authorization) {
    if (level.compareTo(anonymous) <= 0) {
      return new Decision.Open();
    }
    if (authorization == null) {
      return new Decision.Refused(HttpApiResponse.UNAUTHORIZED);
    }
    JWTClaimsSet claims;
    try {
      claims = processor().process(authorization.replaceFirst("(?i)^Bearer ", ""), null);
    } catch (RemoteKeySourceException | IOException e) {
      return new Decision.Refused(HttpApiResponse.INTERNAL_SERVER_ERROR);
    } catch (ParseException | BadJOSEException | JOSEException e) {
      return new Decision.Refused(HttpApiResponse.UNAUTHORIZED);
    }
    Set<String> found = words(claims.getClaim("scope"));
    found.addAll(words(claims.getClaim("scp")));
    List<String> enough = scopes(level);
    if (!enough.isEmpty() && enough.stream().noneMatch(found::contains)) {
      return new Decision.Refused(HttpApiResponse.FORBIDDEN);
    }
    Map<String, String> texts = new TreeMap<>();
    // times as the numbers that they are in the token
    claims.toJSONObject().forEach((name, value) -> texts.put(name, text(value)));
    return new Decision.Known(texts, Set.copyOf(enough));
  }

  private static Set<String> words(Object claim) {
    Set<String> words = new HashSet<>();
    if (claim instanceof String text) {
      words.addAll(List.of(text.split(" ", -1)));
    } else if (claim instanceof Collection<?> list) {
      list.forEach(word -> words.add(String.valueOf(word)));
    }
    return words;
  }

  /** A list is written as Go does it. */
  private static String text(Object claim) {
    return claim instanceof Collection<?> list
        ? list.stream().map(Authorizer::text).collect(Collectors.joining(" ", "[", "]"))
        : String.valueOf(claim);
  }

  private synchronized DefaultJWTProcessor<SecurityContext> processor() throws IOException {
    if (processor == null) {
      JWKSource<SecurityContext> keys = JWKSourceBuilder.create(keys().toURL()).build();
      DefaultJWTProcessor<SecurityContext> made = new DefaultJWTProcessor<>();
      made.setJWSTypeVerifier(
          new DefaultJOSEObjectTypeVerifier<>(
              JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
      made.setJWSKeySelector(new JWSVerificationKeySelector<>(RSA, keys));
      made.setJWTClaimsSetVerifier(
          new DefaultJWTClaimsVerifier<SecurityContext>(
              new JWTClaimsSet.Builder().issuer(issuer.toString()).build(), Set.of("exp")) {
            @Override
            public void verify(JWTClaimsSet claims, SecurityContext context)
                throws BadJWTException {
              super.verify(claims, context);
              verifyAudience(claims);
            }
          });
      processor = made;
    }
    return processor;
  }

  /** Of which tokens of Cognito have none: they name the client instead. */
  private void verifyAudience(JWTClaimsSet claims) throws BadJWTException {
    List<String> named = new ArrayList<>(claims.getAudience());
    if (named.isEmpty()) {
      named.add(String.valueOf(claims.getClaim("client_id")));
    }
    if (named.stream().noneMatch(audience::contains)) {
      throw new BadJWTException("the token is for " + named);
    }
  }

  private URI keys() throws IOException {
    String base = issuer.toString().replaceFirst("/$", "");
    try (InputStream in =
        URI.create(base + "/.well-known/openid-configuration").toURL().openStream()) {
      return URI.create(JsonMapper.shared().readTree(in).path("jwks_uri").asString());
    }
  }
}
