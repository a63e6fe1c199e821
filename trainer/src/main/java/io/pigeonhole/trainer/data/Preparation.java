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

  private final Listing listing;
  private final Map<Origin, ImagePlace> places;
  private final PixelCache cache;
  private final int size;
  private final Resize resize;
  private final FolderListener listener;
  private final AtomicInteger next = new AtomicInteger();
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
      Pixels pixels = decoder.decode(bytes, size, size);
      resize.into(pixels, size, size, ByteBuffer.wrap(rgb));
      cache.keep(image, rgb);
    } catch (UndecodableImageException e) {
      cache.miss(image, PixelCache.failed(e.error()));
    } catch (MissingImageException e) {
      cache.miss(image, PixelCache.UNREADABLE);
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
