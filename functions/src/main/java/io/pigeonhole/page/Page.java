package io.pigeonhole.page;

import io.pigeonhole.api.Answer;
import io.pigeonhole.api.Level;
import io.pigeonhole.api.Operation;
import io.pigeonhole.api.Problem;
import io.pigeonhole.api.ProblemException;
import io.pigeonhole.api.Request;
import io.pigeonhole.api.Schema;
import io.pigeonhole.api.SignIn;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@code GET /} and the files that it needs, from this application's resources. The page may run
 * only its own scripts, and talk only to the API, to the images bucket and to whoever signs people
 * in.
 */
public final class Page {
  private static final String FOLDER = "/page/";
  private static final String INDEX = "index.html";
  private static final List<String> FILES =
      List.of(
          INDEX,
          "style.css",
          "app.js",
          "api.js",
          "dom.js",
          "sign-in.js",
          "upload.js",
          "holes.js",
          "review.js",
          "models.js",
          "training.js",
          "photo.js",
          "zip.js",
          "icon.svg");
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml");

  private final SignIn signIn;
  private final Map<String, Answer> files = new TreeMap<>();

  /**
   * Reads the files.
   *
   * @param images the origin of the images' addresses
   */
  public Page(String images, SignIn signIn) {
    this.signIn = signIn;
    List<String> origins = new ArrayList<>(List.of(images));
    origins.addAll(signIn.origins());
    String policy = policy(images, String.join(" ", origins));
    for (String name : FILES) {
      String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
      Answer file = Answer.of(type, bytes(name));
      files.put(name, file.with("Content-Security-Policy", policy));
    }
  }

  /** What they are. */
  public List<Operation> operations() {
    return List.of(
        Operation.get("/", "getPage", Level.NONE)
            .saying("The page for people", "")
            .answers(200, "The page.", Map.of("text/html", Schema.string()))
            .by(request -> file(INDEX)),
        Operation.get("/page/{file}", "getPageFile", Level.NONE)
            .saying("A file of the page", "")
            .inPath("file", Schema.string(), "Its name.")
            .answers(200, "The file.", Map.of("*/*", Schema.string()))
            .problems(404)
            .by(this::file),
        signIn.operation());
  }

  private Answer file(Request request) throws ProblemException {
    return file(request.captured("file"));
  }

  private Answer file(String name) throws ProblemException {
    Answer file = files.get(name);
    if (file == null) {
      throw Problem.notFound("the page has no such file").exception();
    }
    return file;
  }

  private static String policy(String images, String origins) {
    return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: "
        + images
        + "; connect-src 'self' "
        + origins
        + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
        + " require-trusted-types-for 'script'";
  }

  private static byte[] bytes(String name) {
    try (InputStream in = Page.class.getResourceAsStream(FOLDER + name)) {
      if (in == null) {
        throw new IllegalStateException("this application lacks its resource " + FOLDER + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the resource " + FOLDER + name, e);
    }
  }
}
