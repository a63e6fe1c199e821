package io.pigeonhole.local.backfill;

import io.pigeonhole.local.backfill.BackfillJob.Completion;
import io.pigeonhole.local.lambda.LambdaFunction;
import io.pigeonhole.local.s3.S3Clients;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * {@code POST /local/backfill?prefix=}: labels the images of a prefix, one job at a time. The
 * answer grows while the job runs: a line of progress every second, and the report's address at the
 * end; as text, or to {@code Accept: application/x-ndjson} as JSON objects. Who hangs up ends the
 * job; to begin it again costs little, for what has its label is not read again.
 */
public final class BackfillServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  private final transient Supplier<URI> s3;
  private final transient Supplier<LambdaFunction> function;
  private final String images;
  private final String reports;
  private final transient ReentrantLock running = new ReentrantLock();

  /**
   * Runs jobs.
   *
   * @param s3 where the buckets are
   * @param function makes the function, which is started and ended with each job
   * @param images the bucket that has the images
   * @param reports the bucket for the reports
   */
  public BackfillServlet(
      Supplier<URI> s3, Supplier<LambdaFunction> function, String images, String reports) {
    this.s3 = s3;
    this.function = function;
    this.images = images;
    this.reports = reports;
  }

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String accept = request.getHeader("Accept");
    boolean json = accept != null && accept.contains(JobLines.Json.TYPE);
    JobLines lines = json ? new JobLines.Json() : new JobLines.Text();
    response.setContentType(lines.type());
    response.setCharacterEncoding(StandardCharsets.UTF_8.name());
    if (!running.tryLock()) {
      response.setStatus(HttpServletResponse.SC_CONFLICT);
      response.getWriter().println(lines.broken("another backfill is under way"));
      return;
    }
    try {
      String prefix = request.getParameter("prefix");
      run(prefix == null ? "" : prefix, lines, response.getWriter());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      running.unlock();
    }
  }

  private void run(String prefix, JobLines lines, PrintWriter out)
      throws IOException, InterruptedException {
    try (LambdaFunction backfill = function.get();
        S3Client client = S3Clients.at(s3.get())) {
      backfill.start();
      BackfillJob job =
          new BackfillJob(
              client,
              backfill::invoke,
              BackfillJob.FAIR_TRIAL,
              BackfillJob.PAUSE,
              new NowAndThen(lines, out));
      Completion completion = job.run(images, prefix, reports);
      out.println(lines.done(completion, s3.get() + "/" + reports + "/" + completion.report()));
    } catch (SdkException e) {
      out.println(lines.broken(String.valueOf(e.getMessage())));
    }
  }

  /** A line now and then. */
  private static final class NowAndThen implements BackfillJob.Progress {
    private static final long APART = TimeUnit.SECONDS.toNanos(1);

    private final JobLines lines;
    private final PrintWriter out;
    private final long start = System.nanoTime();
    private long said = start;

    NowAndThen(JobLines lines, PrintWriter out) {
      this.lines = lines;
      this.out = out;
    }

    @Override
    public void done(long labeled, long withoutLabel) throws IOException {
      long now = System.nanoTime();
      if (now - said >= APART) {
        said = now;
        out.println(
            lines.running(labeled, withoutLabel, (labeled + withoutLabel) * 1e9 / (now - start)));
        if (out.checkError()) {
          throw new IOException("nobody listens any more");
        }
      }
    }
  }
}
