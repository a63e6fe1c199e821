package io.pigeonhole.inference;

import io.pigeonhole.model.Manifest;
import io.pigeonhole.model.ModelRefusedException;
import io.pigeonhole.model.ModelRepository;
import io.pigeonhole.model.ModelRepository.Pointer;
import io.pigeonhole.model.ModelRepository.Revalidation;
import io.pigeonhole.model.ProbeAnswers;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/**
 * The model that answers. It is loaded at the start; later requests have the pointer looked at, at
 * most once every refresh, by a thread of its own. A newer model is loaded and tried beside the old
 * one, takes its place at once, and the old one closes when its last lease does. If anything is
 * wrong with the newer one, the old one stays.
 *
 * <p>A version that was refused is not tried again until the pointer moves, or, if there is no
 * other, until a refresh later; a repository that does not answer is asked again soon.
 */
public final class ModelInService implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(ModelInService.class);
  private static final String NONE_SEEN = "\"none seen\"";
  private static final Duration RETRY = Duration.ofSeconds(2);

  /** How long a request waits for a newer model, when there is one to answer it. */
  private static final Duration NEWER = Duration.ofSeconds(1);

  private final ModelRepository repository;
  private final ModelLoader loader;
  private final Duration refresh;
  private final ExecutorService looker =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "model-refresh");
            thread.setDaemon(true);
            return thread;
          });

  private final AtomicLong loaded = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();

  // written by the looking thread only
  private volatile Optional<ServedModel> current = Optional.empty();
  private volatile Optional<String> seenEtag = Optional.empty();
  private volatile String problem = "it was not looked for yet";
  private volatile long nextLook = System.nanoTime();
  private volatile long refusedAt = System.nanoTime();

  private CompletableFuture<Void> look = CompletableFuture.completedFuture(null);

  /**
   * Serves from a repository.
   *
   * @param refresh the least time between two looks at the pointer
   * @param bfloat16 whether convolutions are computed in bfloat16 where the processor is made for
   *     it, and the answers to the probe images stay within {@link ProbeAnswers#BFLOAT16}
   */
  public ModelInService(
      ModelRepository repository, TensorFlowEngine tensorflow, Duration refresh, boolean bfloat16) {
    this.repository = repository;
    this.loader =
        new ModelLoader(repository, tensorflow, bfloat16 && Bfloat16Convolutions.areFast());
    this.refresh = refresh;
  }

  /**
   * How the models of this process fared.
   *
   * @param loaded models taken into service
   * @param refused models that were wrong
   * @param failed looks that the repository did not answer
   */
  public record Counts(long loaded, long refused, long failed) {}

  /** Begins to fetch the model, so that the first request waits for what is left of that only. */
  public void begin() {
    lookIfDue();
  }

  /**
   * Lends the model.
   *
   * <p>The request that is due to have the pointer looked at waits a second for what comes of it;
   * then the model at hand answers.
   *
   * @param patience how long to wait if there is none at hand
   * @throws ModelUnavailableException if there is none at hand; the message says why
   */
  public Lease acquire(Duration patience) throws ModelUnavailableException {
    boolean waiting = current.isEmpty();
    Optional<CompletableFuture<Void>> started = lookIfDue();
    if (waiting) {
      await(started.orElseGet(this::look), patience);
    } else if (started.isPresent()) {
      await(started.get(), min(patience, NEWER));
    }
    while (current.isPresent()) {
      ServedModel model = current.get();
      if (model.retain()) {
        return new Lease(model);
      }
    }
    throw new ModelUnavailableException("no model is in service: " + problem);
  }

  /** What answers now, if anything does. */
  public Optional<Manifest> manifest() {
    return current.map(ServedModel::manifest);
  }

  public Counts counts() {
    return new Counts(loaded.get(), refused.get(), failed.get());
  }

  @Override
  public void close() {
    looker.shutdown();
    current.ifPresent(ServedModel::release);
    current = Optional.empty();
  }

  private synchronized CompletableFuture<Void> look() {
    return look;
  }

  private synchronized Optional<CompletableFuture<Void>> lookIfDue() {
    if (!look.isDone() || System.nanoTime() - nextLook < 0) {
      return Optional.empty();
    }
    look = CompletableFuture.runAsync(this::lookForNewer, looker);
    return Optional.of(look);
  }

  private static void await(CompletableFuture<Void> look, Duration patience) {
    try {
      look.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException | ExecutionException e) {
      // the model at hand answers, or the caller is told that there is none
    }
  }

  private void lookForNewer() {
    Duration pause = refresh;
    try {
      follow(revalidate());
    } catch (IOException | RuntimeException e) {
      failed.incrementAndGet();
      problem = "it could not be fetched or loaded: " + e.getMessage();
      pause = refresh.compareTo(RETRY) < 0 ? refresh : RETRY;
      LOG.warnf("model supply: %s; %s", problem, stays());
    } catch (Error e) {
      LOG.errorf(e, "model supply: %s", stays());
      throw e;
    } finally {
      nextLook = System.nanoTime() + (current.isPresent() ? pause : min(pause, RETRY)).toNanos();
    }
  }

  private Revalidation revalidate() throws IOException {
    // who copies a model may copy its pointer before its files
    if (current.isEmpty() && System.nanoTime() - refusedAt >= refresh.toNanos()) {
      seenEtag = Optional.empty();
    }
    return repository.revalidate(seenEtag.orElse(NONE_SEEN));
  }

  private void follow(Revalidation seen) throws IOException {
    if (seen instanceof Revalidation.Changed changed) {
      replace(changed.pointer());
    } else if (seen instanceof Revalidation.Invalid invalid) {
      refuse("the pointer", invalid.cause().getMessage(), invalid.etag());
    } else if (seen instanceof Revalidation.Missing && seenEtag.isEmpty()) {
      problem = "the models bucket has no current.json of it";
    }
  }

  private void replace(Pointer pointer) throws IOException {
    Manifest manifest = pointer.manifest();
    if (manifest().equals(Optional.of(manifest))) {
      seenEtag = Optional.of(pointer.etag());
      return;
    }
    long start = System.nanoTime();
    try {
      ServedModel newer = loader.load(manifest);
      Optional<ServedModel> older = current;
      current = Optional.of(newer);
      older.ifPresent(ServedModel::release);
      seenEtag = Optional.of(pointer.etag());
      loaded.incrementAndGet();
      LOG.infof(
          "model supply: %s/%s is in service, loaded in %d ms",
          manifest.name(),
          manifest.version(),
          TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
    } catch (ModelRefusedException e) {
      refuse(manifest.name() + "/" + manifest.version(), e.getMessage(), pointer.etag());
    }
  }

  private void refuse(String what, String reason, String etag) {
    refused.incrementAndGet();
    refusedAt = System.nanoTime();
    seenEtag = Optional.of(etag);
    problem = "%s is refused: %s".formatted(what, reason);
    LOG.errorf("model supply: %s; %s", problem, stays());
  }

  private String stays() {
    return manifest().map(m -> m.version() + " stays in service").orElse("none is in service");
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
