package io.pigeonhole.label;

import io.pigeonhole.image.ImageDecoder;
import io.pigeonhole.image.UndecodableImageException;
import io.pigeonhole.inference.Answers;
import io.pigeonhole.inference.Batch;
import io.pigeonhole.inference.Lease;
import io.pigeonhole.inference.ModelInService;
import io.pigeonhole.inference.ModelUnavailableException;
import io.pigeonhole.metrics.Stage;
import io.pigeonhole.metrics.Stopwatch;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Labels images, many at a time: side by side up to the network, through it in one pass, and side
 * by side from there to the bucket. What one image does never touches another: it is done, or
 * failed and to be tried again, for itself.
 */
final class Labeling {
  private static final int TOP = 5;

  /** Chunks that are begun before the first of them is waited for: more images than workers. */
  private static final int AHEAD = 3;

  private final ModelInService models;
  private final Preparation preparation;
  private final ImageDecoder decoder;
  private final Filing filing;
  private final ExecutorService workers;
  private final Stopwatch stopwatch;
  private final Clock clock;

  Labeling(
      ModelInService models,
      Preparation preparation,
      ImageDecoder decoder,
      Filing filing,
      ExecutorService workers,
      Stopwatch stopwatch,
      Clock clock) {
    this.models = models;
    this.preparation = preparation;
    this.decoder = decoder;
    this.filing = filing;
    this.workers = workers;
    this.stopwatch = stopwatch;
    this.clock = clock;
  }

  /** Something that a worker does for an image. */
  private record Work<T>(ImageEvent event, Future<T> future) {}

  /**
   * Labels the images of these events.
   *
   * @return an outcome for each event
   */
  Map<ImageEvent, Outcome> label(Collection<ImageEvent> events, Deadline deadline) {
    Map<Object, ImageEvent> newest = newest(events);
    Map<ImageEvent, Outcome> outcomes = new HashMap<>();
    List<Work<Result>> filed = new ArrayList<>();
    List<ImageEvent> images = List.copyOf(newest.values());
    try (Lease model = models.acquire(deadline.remaining())) {
      Deque<Chunk> begun = new ArrayDeque<>();
      for (int from = 0; from < images.size() && !deadline.isPast(); from += model.batchSize()) {
        int to = Math.min(from + model.batchSize(), images.size());
        begun.add(begin(images.subList(from, to), model));
        // the next are on their way while the network has those before
        if (begun.size() > AHEAD) {
          filed.addAll(finish(begun.remove(), model, outcomes, deadline));
        }
      }
      for (Chunk last : begun) {
        filed.addAll(finish(last, model, outcomes, deadline));
      }
    } catch (ModelUnavailableException e) {
      images.forEach(image -> outcomes.put(image, failed(e)));
    }
    for (Work<Result> work : filed) {
      await(work, outcomes, deadline, Outcome.Done::new)
          .ifPresent(done -> outcomes.put(work.event(), done));
    }
    Map<ImageEvent, Outcome> all = new HashMap<>();
    for (ImageEvent event : events) {
      ImageEvent image = newest.get(identity(event));
      all.put(event, outcomes.getOrDefault(image, new Outcome.Failed("there was no time left")));
    }
    return all;
  }

  /** Loads the model, so that the first image need not wait for it. */
  void warmUp(Deadline deadline) throws ModelUnavailableException {
    models.acquire(deadline.remaining()).close();
  }

  /** Of several events of one key, the newest speaks for all. */
  private static Map<Object, ImageEvent> newest(Collection<ImageEvent> events) {
    Map<Object, ImageEvent> newest = new LinkedHashMap<>();
    for (ImageEvent event : events) {
      newest.merge(
          identity(event),
          event,
          (a, b) -> Sequencer.ORDER.compare(a.sequencer(), b.sequencer()) < 0 ? b : a);
    }
    return newest;
  }

  private static Object identity(ImageEvent event) {
    return List.of(event.bucket(), event.key());
  }

  /** Images that go through the network together, on their way to it. */
  private record Chunk(Batch batch, List<Work<Prepared>> preparing) {}

  private Chunk begin(List<ImageEvent> images, Lease model) {
    Batch batch = model.newBatch(images.size());
    List<Work<Prepared>> preparing = new ArrayList<>();
    for (ImageEvent image : images) {
      preparing.add(
          submit(image, () -> preparation.prepare(image, id(model), bytes -> add(bytes, batch))));
    }
    return new Chunk(batch, preparing);
  }

  private int add(byte[] image, Batch batch) throws UndecodableImageException {
    return batch.add(decoder.decode(image, batch.width(), batch.height()));
  }

  private static Result.ModelId id(Lease model) {
    return new Result.ModelId(model.manifest().name(), model.manifest().version().value());
  }

  /** Takes a chunk through the network; the outcomes of what fails on the way are set. */
  private List<Work<Result>> finish(
      Chunk chunk, Lease model, Map<ImageEvent, Outcome> outcomes, Deadline deadline) {
    Result.ModelId id = id(model);
    List<Work<Result>> filed = new ArrayList<>();
    Map<ImageEvent, Prepared.Ready> ready = new LinkedHashMap<>();
    for (Work<Prepared> work : chunk.preparing()) {
      Optional<Prepared> prepared = await(work, outcomes, deadline, p -> p);
      if (prepared.isEmpty()) {
        continue;
      }
      if (prepared.get() instanceof Prepared.Ready row) {
        ready.put(work.event(), row);
      } else if (prepared.get() instanceof Prepared.FolderMarker) {
        outcomes.put(work.event(), new Outcome.FolderMarker());
      } else {
        filed.add(
            submit(
                work.event(), () -> stopwatch.time(Stage.WRITE, () -> file(prepared.get(), id))));
      }
    }
    if (!ready.isEmpty()) {
      filed.addAll(answer(ready, model, chunk.batch(), outcomes));
    }
    return filed;
  }

  private List<Work<Result>> answer(
      Map<ImageEvent, Prepared.Ready> ready,
      Lease model,
      Batch batch,
      Map<ImageEvent, Outcome> outcomes) {
    Result.ModelId id = id(model);
    List<Work<Result>> filed = new ArrayList<>();
    try {
      long start = System.nanoTime();
      Answers answers = model.classify(batch);
      stopwatch.add(Stage.FORWARD, ready.size(), System.nanoTime() - start);
      ready.forEach(
          (image, row) ->
              filed.add(
                  submit(image, () -> stopwatch.time(Stage.WRITE, () -> file(row, answers, id)))));
    } catch (RuntimeException e) {
      ready.keySet().forEach(image -> outcomes.put(image, failed(e)));
    }
    return filed;
  }

  private Result file(Prepared prepared, Result.ModelId model) {
    return prepared instanceof Prepared.Answered answered
        ? filing.file(answered.result(), answered.seen(), model)
        : filing.follow(((Prepared.Filed) prepared).inForce());
  }

  private Result file(Prepared.Ready ready, Answers answers, Result.ModelId model) {
    Result result =
        new Result.Labeled(
            ready.object(),
            answers.of(ready.row()).top(TOP),
            model,
            clock.instant().truncatedTo(ChronoUnit.MILLIS),
            List.of());
    return filing.file(result, ready.seen(), model);
  }

  private <T> Work<T> submit(ImageEvent event, Callable<T> task) {
    return new Work<>(event, workers.submit(task));
  }

  /** Waits until the deadline; what is not done by then, or fails, has failed. */
  private static <T, R> Optional<R> await(
      Work<T> work, Map<ImageEvent, Outcome> outcomes, Deadline deadline, Function<T, R> then) {
    Duration remaining = deadline.remaining();
    try {
      return Optional.of(then.apply(work.future().get(remaining.toNanos(), TimeUnit.NANOSECONDS)));
    } catch (ExecutionException e) {
      outcomes.put(work.event(), failed(e.getCause()));
    } catch (TimeoutException e) {
      work.future().cancel(true);
    } catch (InterruptedException e) {
      work.future().cancel(true);
      Thread.currentThread().interrupt();
    }
    return Optional.empty();
  }

  private static Outcome failed(Throwable e) {
    return new Outcome.Failed(e.getMessage() == null ? e.toString() : e.getMessage());
  }
}
