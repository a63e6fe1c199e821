package io.pigeonhole.label;

import io.pigeonhole.image.ImageDecoder;
import io.pigeonhole.image.ImageError;
import io.pigeonhole.image.Pixels;
import io.pigeonhole.image.UndecodableImageException;
import io.pigeonhole.inference.Batch;
import io.pigeonhole.label.Download.Fetched;
import io.pigeonhole.label.Results.Stored;
import io.pigeonhole.metrics.Stage;
import io.pigeonhole.metrics.Stopwatch;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Semaphore;

/** The first half of an image's way: from the event to a row of the batch. */
final class Preparation {
  private final Filing filing;
  private final Download download;
  private final ImageDecoder decoder;
  private final BytesInFlight inFlight;
  private final Stopwatch stopwatch;
  private final Clock clock;
  private final Semaphore cores = new Semaphore(Runtime.getRuntime().availableProcessors());

  Preparation(
      Filing filing,
      Download download,
      ImageDecoder decoder,
      BytesInFlight inFlight,
      Stopwatch stopwatch,
      Clock clock) {
    this.filing = filing;
    this.download = download;
    this.decoder = decoder;
    this.inFlight = inFlight;
    this.stopwatch = stopwatch;
    this.clock = clock;
  }

  /**
   * Prepares an image for a model.
   *
   * @param batch takes its pixels
   */
  Prepared prepare(ImageEvent event, Result.ModelId model, Batch batch)
      throws InterruptedException {
    Stored seen = filing.read(event.key());
    if (seen.result().isPresent() && settles(seen.result().get(), event, model)) {
      return new Prepared.Filed(seen);
    }
    try (Admitted admitted = new Admitted()) {
      long start = System.nanoTime();
      Fetched fetched = download.fetch(event, etag -> seen.isLabelBy(model, etag), admitted::admit);
      stopwatch.add(Stage.DOWNLOAD, 1, System.nanoTime() - start);
      if (fetched instanceof Fetched.Body body) {
        // where there was an image before, its label must not stay
        if (FolderMarkers.isOne(event.key(), body.bytes().length) && seen.result().isEmpty()) {
          return new Prepared.FolderMarker();
        }
        return decode(body, object(event, body.versionId(), body.etag()), seen, batch);
      }
      if (fetched instanceof Fetched.Known known) {
        ObjectVersion object = object(event, known.versionId(), known.etag());
        return new Prepared.Answered(seen.result().orElseThrow().about(object), seen);
      }
      if (fetched instanceof Fetched.TooLarge large) {
        return refused(
            object(event, large.versionId(), large.etag()),
            ImageError.TOO_LARGE.code(),
            large.bytes() + " bytes are more than allowed",
            seen);
      }
      if (fetched instanceof Fetched.Archived archived) {
        return archived(object(event, archived.versionId(), archived.etag()), seen);
      }
      return refused(object(event, "", ""), "gone", "deleted before it was read", seen);
    }
  }

  /** It keeps the result that its content has, whichever model that is by. */
  private Prepared archived(ObjectVersion object, Stored seen) {
    return seen.isAbout(object.etag())
        ? new Prepared.Answered(seen.result().orElseThrow().about(object), seen)
        : refused(object, "archived", "it has to be restored before it can be read", seen);
  }

  /** Whether the stored result leaves nothing to do for this event. */
  private static boolean settles(Result stored, ImageEvent event, Result.ModelId model) {
    if (event.sequencer().isEmpty()) {
      return false;
    }
    int order = Sequencer.ORDER.compare(event.sequencer(), stored.object().sequencer());
    return order < 0
        || (order == 0
            && stored instanceof Result.Labeled labeled
            && labeled.model().equals(model));
  }

  private Prepared decode(Fetched.Body body, ObjectVersion object, Stored seen, Batch batch)
      throws InterruptedException {
    cores.acquire();
    long start = System.nanoTime();
    try {
      byte[] image = body.encoding().decoded(body.bytes(), download.maxBytes());
      Pixels pixels = decoder.decode(image, batch.width(), batch.height());
      return new Prepared.Ready(batch.add(pixels), object, seen);
    } catch (UndecodableImageException e) {
      return refused(object, e.error().code(), String.valueOf(e.getMessage()), seen);
    } finally {
      stopwatch.add(Stage.DECODE, 1, System.nanoTime() - start);
      cores.release();
    }
  }

  private Prepared refused(ObjectVersion object, String code, String message, Stored seen) {
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
