package io.pigeonhole.trainer.data;

import io.pigeonhole.image.ImageDecoder;
import io.pigeonhole.image.ImageError;
import io.pigeonhole.image.ImageLimits;
import io.pigeonhole.image.Pixels;
import io.pigeonhole.image.Resize;
import io.pigeonhole.image.UndecodableImageException;
import io.pigeonhole.trainer.data.Listing.Entry;
import io.pigeonhole.trainer.data.Listing.Origin;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Decodes what is not in a cache yet, as the functions do before they ask a network. */
final class Preparation {

  private static final long SAVE_EVERY_NANOS = 5_000_000_000L;

  /** Files that cannot be read, one after the other, that make the place itself suspect. */
  private static final int SUSPICIOUS = 100;

  private final Listing listing;
  private final Map<Origin, ImagePlace> places;
  private final PixelCache cache;
  private final int size;
  private final Resize resize;
  private final FolderListener listener;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger unreadable = new AtomicInteger();
  private final int total;
  private long done;
  private long saved = System.nanoTime();
  private volatile boolean stopped;

  Preparation(
      Listing listing,
      Map<Origin, ImagePlace> places,
      PixelCache cache,
      int size,
      Resize resize,
      FolderListener listener) {
    this.listing = listing;
    this.places = places;
    this.cache = cache;
    this.size = size;
    this.resize = resize;
    this.listener = listener;
    this.total = cache.pending();
  }

  /**
   * Decodes with a number of threads, and returns when all is done.
   *
   * @throws IOException if the disk is full, or a place cannot be read: what was done is kept
   */
  void run(int threads) throws IOException, InterruptedException {
    ExecutorService workers = Executors.newFixedThreadPool(threads);
    try (ImageDecoder decoder = new ImageDecoder(ImageLimits.DEFAULT)) {
      List<Future<?>> works = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        works.add(
            workers.submit(
                () -> {
                  work(decoder);
                  return true;
                }));
      }
      try {
        for (Future<?> work : works) {
          work.get();
        }
      } catch (ExecutionException e) {
        throw new IOException(e.getCause().getMessage(), e.getCause());
      } finally {
        stopped = true;
        workers.shutdown();
        workers.awaitTermination(1, TimeUnit.DAYS);
        cache.save();
      }
    }
  }

  private void work(ImageDecoder decoder) throws IOException {
    byte[] rgb = new byte[size * size * Images.CHANNELS];
    boolean well = false;
    try {
      for (int image = next.getAndIncrement();
          image < listing.count() && !stopped;
          image = next.getAndIncrement()) {
        if (cache.state(image) == PixelCache.PENDING) {
          prepare(image, decoder, rgb);
          finished();
        }
      }
      well = true;
    } finally {
      if (!well) {
        stopped = true;
      }
    }
  }

  private void prepare(int image, ImageDecoder decoder, byte[] rgb) throws IOException {
    Entry entry = listing.entry(image);
    try {
      if (entry.size() > ImageLimits.DEFAULT.maxBytes()) {
        cache.miss(image, PixelCache.failed(ImageError.TOO_LARGE));
        return;
      }
      byte[] bytes = places.get(entry.origin()).read(entry.key(), entry.stamp());
      unreadable.set(0);
      Pixels pixels = decoder.decode(bytes, size, size);
      resize.into(pixels, size, size, ByteBuffer.wrap(rgb));
      cache.keep(image, rgb);
    } catch (UndecodableImageException e) {
      cache.miss(image, PixelCache.failed(e.error()));
    } catch (MissingImageException e) {
      cache.miss(image, PixelCache.UNREADABLE);
      if (unreadable.incrementAndGet() % SUSPICIOUS == 0) {
        requirePlace(entry.origin());
      }
    }
  }

  /**
   * Tells files that cannot be read from a place that no longer can, such as a disk that was
   * unplugged: training on what is left would be worse than stopping.
   */
  private void requirePlace(Origin origin) throws IOException {
    for (int image = 0; image < listing.count(); image++) {
      if (cache.state(image) == PixelCache.DECODED) {
        Entry entry = listing.entry(image);
        if (entry.origin() == origin) {
          try {
            places.get(origin).read(entry.key(), entry.stamp());
            return;
          } catch (MissingImageException e) {
            throw new IOException(
                ("%s can no longer be read: not one of %d files, nor '%s', which could be read"
                        + " before; what is decoded is kept")
                    .formatted(places.get(origin).name(), SUSPICIOUS, entry.key()),
                e);
          }
        }
      }
    }
  }

  private synchronized void finished() throws IOException {
    done++;
    listener.prepared(done, total);
    if (System.nanoTime() - saved > SAVE_EVERY_NANOS) {
      cache.save();
      saved = System.nanoTime();
    }
  }
}
