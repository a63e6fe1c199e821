package io.pigeonhole.label;

import io.pigeonhole.image.ImageError;
import io.pigeonhole.image.UndecodableImageException;
import io.pigeonhole.label.Download.Fetched;
import io.pigeonhole.label.Results.Stored;
import io.pigeonhole.metrics.Stage;
import io.pigeonhole.metrics.Stopwatch;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** The first half of an image's way: from the event to a row of the batch. */
final class Preparation {
  private final Filing filing;
  private final Download download;
  private final BytesInFlight inFlight;
  private final Stopwatch stopwatch;
  private final Clock clock;
  private final Semaphore cores = new Semaphore(Runtime.getRuntime().availableProcessors());

  Preparation(
      Filing filing, Download download, BytesInFlight inFlight, Stopwatch stopwatch, Clock clock) {
    this.filing = filing;
    this.download = download;
    this.inFlight = inFlight;
    this.stopwatch = stopwatch;
    this.clock = clock;
  }

  /** What takes images to the network together. */
  interface Rows {

    /** Decodes an image; the row that its pixels are. */
    int add(byte[] image) throws UndecodableImageException;
  }

  /** Prepares an image for a model. */
  Prepared prepare(ImageEvent event, Result.ModelId model, Rows rows) throws InterruptedException {
    Sight sight = new Sight(event, model);
    try (Admitted admitted = new Admitted()) {
      long start = System.nanoTime();
      Fetched fetched = download.fetch(event, sight, admitted::admit);
      stopwatch.add(Stage.DOWNLOAD, 1, System.nanoTime() - start);
      if (sight.settles()) {
        return new Prepared.Filed(sight.read());
      }
      if (fetched instanceof Fetched.Body body) {
        // where there was an image before, its label must not stay
        if (FolderMarkers.isOne(event.key(), body.bytes().length)
            && sight.read().result().isEmpty()) {
          return new Prepared.FolderMarker();
        }
        Seen seen = sight.seen(body.untagged());
        return decode(body, object(event, body.versionId(), body.etag()), seen, rows);
      }
      if (fetched instanceof Fetched.Known known) {
        ObjectVersion object = object(event, known.versionId(), known.etag());
        Result same = sight.read().result().orElseThrow();
        return new Prepared.Answered(same.about(object), sight.seen(false));
      }
      if (fetched instanceof Fetched.TooLarge large) {
        return refused(
            object(event, large.versionId(), large.etag()),
            ImageError.TOO_LARGE.code(),
            large.bytes() + " bytes are more than allowed",
            sight.seen(large.untagged()));
      }
      if (fetched instanceof Fetched.Archived archived) {
        return archived(object(event, archived.versionId(), archived.etag()), sight);
      }
      return refused(object(event, "", ""), "gone", "deleted before it was read", sight.seen(true));
    }
  }

  /** It keeps the result that its content has, whichever model that is by. */
  private Prepared archived(ObjectVersion object, Sight sight) {
    Stored stored = sight.read();
    return stored.isAbout(object.etag())
        ? new Prepared.Answered(stored.result().orElseThrow().about(object), sight.seen(false))
        : refused(
            object, "archived", "it has to be restored before it can be read", sight.seen(false));
  }

  /**
   * What the results bucket has of an image. It is not asked about an image without tags: nearly
   * always that is new.
   */
  private final class Sight implements Download.Known {
    private final ImageEvent event;
    private final Result.ModelId model;
    private Optional<Stored> stored = Optional.empty();

    Sight(ImageEvent event, Result.ModelId model) {
      this.event = event;
      this.model = model;
    }

    @Override
    public boolean test(String etag, boolean untagged) {
      if (untagged) {
        return false;
      }
      stored = Optional.of(filing.read(event.key()));
      return settles() || stored.get().isLabelBy(model, etag);
    }

    Stored read() {
      if (stored.isEmpty()) {
        stored = Optional.of(filing.read(event.key()));
      }
      return stored.get();
    }

    Seen seen(boolean untagged) {
      return new Seen(stored.orElse(Stored.NOTHING), untagged);
    }

    /** Whether what was read leaves nothing to do for this event. */
    boolean settles() {
      if (event.sequencer().isEmpty() || stored.flatMap(Stored::result).isEmpty()) {
        return false;
      }
      Result result = stored.flatMap(Stored::result).orElseThrow();
      int order = Sequencer.ORDER.compare(event.sequencer(), result.object().sequencer());
      return order < 0 || (order == 0 && result.isLabelBy(model));
    }
  }

  private Prepared decode(Fetched.Body body, ObjectVersion object, Seen seen, Rows rows)
      throws InterruptedException {
    cores.acquire();
    long start = System.nanoTime();
    try {
      byte[] image = body.encoding().decoded(body.bytes(), download.maxBytes());
      return new Prepared.Ready(rows.add(image), object, seen);
    } catch (UndecodableImageException e) {
      return refused(object, e.error().code(), String.valueOf(e.getMessage()), seen);
    } finally {
      stopwatch.add(Stage.DECODE, 1, System.nanoTime() - start);
      cores.release();
    }
  }

  private Prepared refused(ObjectVersion object, String code, String message, Seen seen) {
    return new Prepared.Answered(
        new Result.Unlabeled(
            object, code, message, clock.instant().truncatedTo(ChronoUnit.MILLIS), List.of()),
        seen);
  }

  private static ObjectVersion object(ImageEvent event, String versionId, String etag) {
    return new ObjectVersion(event.bucket(), event.key(), versionId, etag, event.sequencer());
  }

  /** Room in memory for one image, taken when its size is known. */
  private final class Admitted implements AutoCloseable {
    private BytesInFlight.Room room;
    private boolean admitted;

    void admit(long bytes) throws InterruptedException {
      // a second time, when the client tries again
      if (!admitted) {
        room = inFlight.take(bytes);
        admitted = true;
      }
    }

    @Override
    public void close() {
      if (admitted) {
        room.close();
      }
    }
  }
}
