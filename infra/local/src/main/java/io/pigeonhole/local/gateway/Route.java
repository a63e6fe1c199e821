package io.pigeonhole.local.gateway;

import io.pigeonhole.local.lambda.Outcome;
import java.util.Arrays;
import java.util.Comparator;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What is asked for by a method and a path, and which function answers.
 *
 * @param key such as {@code PUT /images/{key+}}, or {@code $default} for what has no other route
 * @param level what the caller needs
 * @param function takes an event and answers when it is done with it
 * @see <a
 *     href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html">Routes
 *     of HTTP APIs</a>
 */
public record Route(
    String key, Level level, Function<byte[], CompletableFuture<Outcome>> function) {
  /** The key of the route that takes all else. */
  public static final String DEFAULT = "$default";

  /**
   * From the one that is looked at first: exact ones, then those with variables, then greedy ones.
   */
  static final Comparator<Route> BY_PRECISION =
      Comparator.comparing((Route route) -> route.key.equals(DEFAULT))
          .thenComparing(route -> route.key.contains("+}"))
          .thenComparing(route -> -route.key.replaceAll("\\{.*?}", "").length());

  boolean matches(String method, String path) {
    return key.equals(DEFAULT) || pattern().matcher(method + " " + path).matches();
  }

  private Pattern pattern() {
    return Pattern.compile(
        Arrays.stream(key.split("/", -1)).map(Route::segment).collect(Collectors.joining("/")));
  }

  private static String segment(String text) {
    if (!text.startsWith("{")) {
      return Pattern.quote(text);
    }
    return text.endsWith("+}") ? ".+" : "[^/]+";
  }
}
