package io.pigeonhole.local.gateway;

import io.pigeonhole.local.lambda.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** The routes of the API, as {@code infra/template.yaml} has them. */
public final class ApiRoutes {
  /** Those of the function {@code promote}. */
  public static final String PROMOTE = "POST /models/{version}/promote";

  /** Those of the function {@code train}. */
  public static final List<String> TRAININGS =
      List.of("POST /trainings", "GET /trainings", "HEAD /trainings");

  private ApiRoutes() {}

  /** What each needs, by its key. */
  public static Map<String, Level> levels() {
    Map<String, Level> levels = new LinkedHashMap<>();
    for (String method : List.of("GET", "HEAD")) {
      levels.put(method + " /", Level.NONE);
      levels.put(method + " /page/{file}", Level.NONE);
      levels.put(method + " /sign-in", Level.NONE);
      levels.put(method + " /{path+}", Level.READ);
      levels.put(method + " /models/{version}/report", Level.ADMIN);
    }
    levels.put("POST /classify", Level.READ);
    levels.put("POST /uploads", Level.WRITE);
    levels.put("PUT /images/{key+}", Level.WRITE);
    levels.put(PROMOTE, Level.ADMIN);
    TRAININGS.forEach(key -> levels.put(key, Level.ADMIN));
    return levels;
  }

  /** All of them, answered by {@code classify} but for those that another function answers. */
  public static List<Route> all(
      Function<byte[], CompletableFuture<Outcome>> classify,
      Map<String, Function<byte[], CompletableFuture<Outcome>>> others) {
    List<Route> routes = new ArrayList<>();
    levels()
        .forEach(
            (key, level) -> routes.add(new Route(key, level, others.getOrDefault(key, classify))));
    return routes;
  }
}
