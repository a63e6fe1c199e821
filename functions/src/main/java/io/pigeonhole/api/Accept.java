package io.pigeonhole.api;

import java.util.List;
import java.util.Locale;

/** Which of the forms of an answer a client would rather have: the header {@code Accept}. */
public final class Accept {
  private Accept() {}

  /**
   * The type of highest quality; among equals, the first offered.
   *
   * @param offered media types
   * @throws ProblemException if the client takes none of them
   */
  public static String best(Request request, List<String> offered) throws ProblemException {
    String header = request.header("accept").orElse("*/*").toLowerCase(Locale.ROOT);
    String best = "";
    double bestQuality = 0;
    for (String type : offered) {
      double quality = quality(header, type);
      if (quality > bestQuality) {
        best = type;
        bestQuality = quality;
      }
    }
    if (best.isEmpty()) {
      throw Problem.of(406, "this is told as one of: " + String.join(", ", offered)).exception();
    }
    return best;
  }

  /** The quality of the most specific range that has the type; 0 if none has. */
  private static double quality(String header, String type) {
    String group = type.substring(0, type.indexOf('/')) + "/*";
    int bestFit = 0;
    double quality = 0;
    for (String range : header.split(",", -1)) {
      String[] parts = range.strip().split(";", -1);
      String name = parts[0].strip();
      int fit = name.equals(type) ? 3 : name.equals(group) ? 2 : name.equals("*/*") ? 1 : 0;
      if (fit > bestFit) {
        bestFit = fit;
        quality = quality(parts);
      }
    }
    return quality;
  }

  private static double quality(String[] parts) {
    for (int i = 1; i < parts.length; i++) {
      String parameter = parts[i].strip();
      if (parameter.startsWith("q=")) {
        try {
          return Double.parseDouble(parameter.substring(2));
        } catch (NumberFormatException e) {
          return 0;
        }
      }
    }
    return 1;
  }
}
