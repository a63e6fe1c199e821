package io.pigeonhole.local.s3;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Makes reading and writing an object one step each, as they are in S3. S3Mock compares ETags and
 * then writes, so that two conditional writers could both win; and it replaces content and metadata
 * one after the other, so that a reader could get the length of the one and the bytes of the other.
 *
 * <p>A writer waits for readers of the same object until they have opened its content; from then on
 * they read what was there. Nobody waits for a slow client: a writer has its body before.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/Welcome.html#ConsistencyModel">S3's
 *     consistency model</a>
 */
final class AtomicObjectFilter extends OncePerRequestFilter {
  private static final int LOCKS = 256;
  private static final int READERS = 1 << 20;

  /** Each is held in part by readers, or whole by a writer; unlike locks, from any thread. */
  private final Semaphore[] locks =
      Stream.generate(() -> new Semaphore(READERS, true)).limit(LOCKS).toArray(Semaphore[]::new);

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    String path = request.getServletPath();
    boolean bucket = path.indexOf('/', 1) < 0 || path.indexOf('/', 1) == path.length() - 1;
    return bucket || isPart(request);
  }

  /** Of an upload in parts, only the completion makes an object. */
  private static boolean isPart(HttpServletRequest request) {
    String query = request.getQueryString();
    return query != null && query.contains("partNumber=") && query.contains("uploadId=");
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    Semaphore lock = locks[Math.floorMod(request.getServletPath().hashCode(), LOCKS)];
    switch (request.getMethod()) {
      case "GET", "HEAD" -> read(request, response, chain, new Hold(lock, 1));
      case "PUT", "POST", "DELETE" -> write(request, response, chain, lock);
      default -> chain.doFilter(request, response);
    }
  }

  private static void write(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain, Semaphore lock)
      throws ServletException, IOException {
    try (BufferedBody body = BufferedBody.of(request)) {
      Hold hold = new Hold(lock, READERS);
      try {
        chain.doFilter(body, response);
      } finally {
        hold.release();
      }
    }
  }

  private static void read(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain, Hold hold)
      throws ServletException, IOException {
    try {
      chain.doFilter(request, new FirstWrite(response, hold::release));
    } finally {
      if (request.isAsyncStarted()) {
        request.getAsyncContext().addListener(hold);
      } else {
        hold.release();
      }
    }
  }

  /** A part of a lock, or all of it, until it is released for the first time. */
  private static final class Hold implements AsyncListener {
    private final Semaphore lock;
    private final int permits;
    private final AtomicBoolean released = new AtomicBoolean();

    Hold(Semaphore lock, int permits) {
      this.lock = lock;
      this.permits = permits;
      lock.acquireUninterruptibly(permits);
    }

    void release() {
      if (released.compareAndSet(false, true)) {
        lock.release(permits);
      }
    }

    @Override
    public void onComplete(AsyncEvent event) {
      release();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
      release();
    }

    @Override
    public void onError(AsyncEvent event) {
      release();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
      // The same request; it completes once
    }
  }
}
