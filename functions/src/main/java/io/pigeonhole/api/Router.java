package io.pigeonhole.api;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Finds the operation of a request. */
final class Router {
  private final List<Operation> operations;
  private final Access access;

  Router(List<Operation> operations, Access access) {
    this.operations = List.copyOf(operations);
    this.access = access;
  }

  Answer answer(Request request) throws ProblemException, IOException {
    String method = request.method().equals("HEAD") ? "GET" : request.method();
    for (Operation operation : operations) {
      if (operation.method().equals(method)) {
        Optional<Map<String, String>> captured = operation.path().capture(request.path());
        if (captured.isPresent()) {
          access.check(operation.level(), request.caller());
          return operation.endpoint().answer(request.capturing(captured.get()));
        }
      }
    }
    String allowed = allowed(request.path());
    throw Problem.methodNotAllowed(request.method(), allowed).exception();
  }

  /**
   * The methods of a path, as {@code Allow} lists them.
   *
   * @throws ProblemException if there is nothing at this path
   */
  String allowed(String path) throws ProblemException {
    TreeSet<String> methods = new TreeSet<>();
    for (Operation operation : operations) {
      if (operation.path().matches(path)) {
        methods.add(operation.method());
      }
    }
    if (methods.isEmpty()) {
      throw Problem.notFound("there is nothing at this path").exception();
    }
    if (methods.contains("GET")) {
      methods.add("HEAD");
    }
    methods.add("OPTIONS");
    return String.join(", ", methods);
  }
}
