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
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * {@code POST /local/backfill?prefix=}: labels the images of a prefix, one job at a time. The
 * answer is text that grows while the job runs: a line of progress every second, and the report's
 * address at the end. Who hangs up ends the job; to begin it again costs little, for what has its
 * label is not read again.
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
    response.setContentType("text/plain");
    response.setCharacterEncoding(StandardCharsets.UTF_8.name());
    if (!running.tryLock()) {
      response.setStatus(HttpServletResponse.SC_CONFLICT);
      response.getWriter().println("another backfill is under way");
      return;
    }
    try {
      String prefix = request.getParameter("prefix");
      run(prefix == null ? "" : prefix, response.getWriter());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      running.unlock();
    }
  }

  private void run(String prefix, PrintWriter out) throws IOException, InterruptedException {
    try (LambdaFunction backfill = function.get();
        S3Client client = S3Clients.at(s3.get())) {
      backfill.start();
      Completion completion =
          new BackfillJob(client, backfill::invoke, BackfillJob.FAIR_TRIAL, new Lines(out))
              .run(images, prefix, reports);
      if (!completion.ended().isEmpty()) {
        out.println("ended early: " + completion.ended());
      }
      out.printf(
          Locale.ROOT,
          "done: %,d labeled, %,d without a label; the report: %s/%s/%s%n",
          completion.succeeded(),
          completion.failed(),
          s3.get(),
          reports,
          completion.report());
    } catch (SdkException e) {
      out.println("the job ended: " + e.getMessage());
    }
  }

  /** A line now and then. */
  private static final class Lines implements BackfillJob.Progress {
    private static final long APART = TimeUnit.SECONDS.toNanos(1);

    private final PrintWriter out;
    private final long start = System.nanoTime();
    private long said = start;

    Lines(PrintWriter out) {
      this.out = out;
    }

    @Override
    public void done(long succeeded, long failed) throws IOException {
      long now = System.nanoTime();
      if (now - said >= APART) {
        said = now;
        out.printf(
            Locale.ROOT,
            "%,d labeled, %,d without a label, %.0f images/s%n",
            succeeded,
            failed,
            (succeeded + failed) * 1e9 / (now - start));
        if (out.checkError()) {
          throw new IOException("nobody listens any more");
        }
      }
    }
  }
}
