package io.pigeonhole.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Who asks, by what the gateway's authorizer has checked; headers alone prove nothing. */
public sealed interface Caller {
  /** Nobody that the gateway knows. */
  record Anonymous() implements Caller {}

  /** Signed with credentials of AWS: IAM has decided whether this may be asked. */
  record Signer() implements Caller {}

  /**
   * Has a token.
   *
   * @param claims as the gateway hands them over: each as text, a list as {@code [a b]}
   */
  record Bearer(Map<String, String> claims) implements Caller {
    private static final Pattern BETWEEN = Pattern.compile("[\\s,\\[\\]]+");

    /** Keeps a copy. */
    public Bearer {
      claims = Map.copyOf(claims);
    }

    /** The scopes of the token, by whichever of the two usual names. */
    Set<String> scopes() {
      return Stream.of("scope", "scp")
          .flatMap(name -> words(name).stream())
          .collect(Collectors.toSet());
    }

    /** The words of a claim. A word with a space in it cannot be told from two. */
    Set<String> words(String claim) {
      return BETWEEN
          .splitAsStream(claims.getOrDefault(claim, ""))
          .filter(word -> !word.isEmpty())
          .collect(Collectors.toSet());
    }
  }

  /**
   * Reads the context of a request: of <a
   * href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html">HTTP
   * APIs and function URLs</a>, or of REST APIs.
   */
  static Caller of(JsonNode context) {
    JsonNode jwt = context.at("/authorizer/jwt/claims");
    JsonNode claims = jwt.isObject() ? jwt : context.at("/authorizer/claims");
    if (claims.isObject()) {
      Map<String, String> texts = new TreeMap<>();
      claims.properties().forEach(claim -> texts.put(claim.getKey(), claim.getValue().asText()));
      return new Bearer(texts);
    }
    boolean signed =
        context.at("/authorizer/iam").isObject() || context.at("/identity/userArn").isTextual();
    return signed ? new Signer() : new Anonymous();
  }
}
