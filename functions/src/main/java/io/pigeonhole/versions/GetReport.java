package io.pigeonhole.versions;

import io.pigeonhole.api.Answer;
import io.pigeonhole.api.Endpoint;
import io.pigeonhole.api.Level;
import io.pigeonhole.api.Operation;
import io.pigeonhole.api.Problem;
import io.pigeonhole.api.ProblemException;
import io.pigeonhole.api.Request;
import io.pigeonhole.api.Schema;
import io.pigeonhole.model.Manifest;
import io.pigeonhole.model.ModelRepository;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.Map;

/**
 * {@code GET /models/{version}/report}: what the trainer reported. It is shown as a page that may
 * run nothing and send nothing, whatever is in it.
 */
public final class GetReport implements Endpoint {
  private static final String REPORT = "report.html";

  /** Less than Lambda's 6 MiB for an answer, quotes escaped. */
  private static final int MAX_BYTES = 4 << 20;

  private static final String ONLY_SHOWN =
      "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'";

  private final ModelRepository repository;

  public GetReport(ModelRepository repository) {
    this.repository = repository;
  }

  /** Whether a version has one. */
  static boolean has(Manifest manifest) {
    return manifest.files().stream().anyMatch(file -> file.path().equals(REPORT));
  }

  /** What it is. */
  public Operation operation() {
    return Operation.get("/models/{version}/report", "getReport", Level.ADMIN)
        .saying("The report of a training", "")
        .inPath("version", Schema.string(), "As listed by `GET /models`.")
        .answers(200, "A page to read.", Map.of("text/html", Schema.string()))
        .problems(404)
        .by(this);
  }

  @Override
  public Answer answer(Request request) throws ProblemException, IOException {
    try (InputStream in = repository.open(PromoteVersion.version(request), REPORT)) {
      byte[] report = in.readNBytes(MAX_BYTES + 1);
      if (report.length > MAX_BYTES) {
        throw Problem.of(501, "the report is too large to be shown; it is in the models bucket")
            .exception();
      }
      return Answer.of("text/html; charset=utf-8", report)
          .with("Content-Security-Policy", ONLY_SHOWN)
          .with("Cache-Control", "private, max-age=86400, immutable");
    } catch (NoSuchFileException e) {
      throw Problem.notFound("there is no report of this version").exception();
    }
  }
}
