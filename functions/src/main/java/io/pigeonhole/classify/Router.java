package io.pigeonhole.classify;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Finds the endpoint of a request. */
final class Router {
  private static final String REST = "{rest}";

  private final List<Route> routes;

  Router(List<Route> routes) {
    this.routes = List.copyOf(routes);
  }

  /** Answers the requests of a route. */
  @FunctionalInterface
  interface Endpoint {
    /**
     * Answers.
     *
     * @param rest what is in the place of the path's {@code {rest}}, decoded; or empty
     */
    Answer answer(Request request, String rest) throws ProblemException;
  }

  /**
   * A method and a path.
   *
   * @param path literal, or ending with {@code {rest}}, which stands for one character or more,
   *     slashes too
   */
  record Route(String method, String path, Endpoint endpoint) {

    /** What stands for the rest, still encoded; empty if the path is another. */
    Optional<String> rest(String requested) {
      if (!path.endsWith(REST)) {
        return path.equals(requested) ? Optional.of("") : Optional.empty();
      }
      String prefix = path.substring(0, path.length() - REST.length());
      return requested.startsWith(prefix) && requested.length() > prefix.length()
          ? Optional.of(requested.substring(prefix.length()))
          : Optional.empty();
    }
  }

  Answer answer(Request request) throws ProblemException {
    List<Route> here = routes.stream().filter(r -> r.rest(request.path()).isPresent()).toList();
    if (here.isEmpty()) {
      throw Problem.notFound("there is nothing at this path").exception();
    }
    for (Route route : here) {
      if (route.method().equals(request.method())) {
        return route.endpoint().answer(request, decoded(route.rest(request.path()).orElseThrow()));
      }
    }
    String allowed = here.stream().map(Route::method).distinct().collect(Collectors.joining(", "));
    throw Problem.methodNotAllowed(request.method(), allowed).exception();
  }

  private static String decoded(String encoded) throws ProblemException {
    try {
      // in a path, a plus sign is itself
      return URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw Problem.badRequest("the path is not percent-encoded UTF-8").exception();
    }
  }
}
