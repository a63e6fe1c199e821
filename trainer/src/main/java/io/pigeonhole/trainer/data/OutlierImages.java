package io.pigeonhole.trainer.data;

import io.pigeonhole.image.ImageDecoder;
import io.pigeonhole.image.ImageLimits;
import io.pigeonhole.image.Pixels;
import io.pigeonhole.image.Resize;
import io.pigeonhole.image.UndecodableImageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Images that show none of a model's classes, to measure with. Whatever folders they lie in; of
 * many, some, always the same.
 *
 * @param size side in pixels
 * @param pixels of one after the other
 * @param names as their place has them
 */
public record OutlierImages(int size, List<ByteBuffer> pixels, List<String> names)
    implements Images {

  private static final int MOST = 2000;
  private static final long MOST_BYTES = 256L << 20;

  private record Listed(String key, long size, String stamp) {

    /** As good as drawn, and the same on every machine. */
    long order() {
      long hash = key.hashCode() * 0x9E3779B97F4A7C15L;
      return hash ^ (hash >>> 32);
    }
  }

  private record Decoded(Listed listed, ByteBuffer pixels) {}

  /**
   * Reads and decodes them.
   *
   * @param size side of the images that the network takes
   * @throws InvalidDataException if there is not one that can be read
   */
  public static OutlierImages of(ImagePlace place, int size, Resize resize)
      throws IOException, InvalidDataException, InterruptedException {
    int bytes = size * size * CHANNELS;
    List<Listed> some = some(place, (int) Math.min(MOST, MOST_BYTES / bytes));
    List<ByteBuffer> pixels = new ArrayList<>();
    List<String> names = new ArrayList<>();
    try (ImageDecoder decoder = new ImageDecoder(ImageLimits.DEFAULT)) {
      for (Decoded each : decoded(place, some, size, resize, decoder)) {
        pixels.add(each.pixels());
        names.add(each.listed().key());
      }
    }
    if (pixels.isEmpty()) {
      throw new InvalidDataException("%s has no image that can be read".formatted(place.name()));
    }
    return new OutlierImages(size, List.copyOf(pixels), List.copyOf(names));
  }

  private static List<Listed> some(ImagePlace place, int most)
      throws IOException, InvalidDataException {
    PriorityQueue<Listed> first =
        new PriorityQueue<>(
            Comparator.comparingLong(Listed::order).thenComparing(Listed::key).reversed());
    place.list(
        new ImagePlace.Found() {
          @Override
          public void folder(String key) {}

          @Override
          public void file(String key, long size, String stamp) {
            if (!Names.ignored(key) && size <= ImageLimits.DEFAULT.maxBytes()) {
              first.add(new Listed(key, size, stamp));
              if (first.size() > most) {
                first.remove();
              }
            }
          }

          @Override
          public void labeled(String key, String label, long size, String stamp) {
            file(key, size, stamp);
          }

          @Override
          public void unusable(String key, String code) {}
        });
    return first.stream().sorted(Comparator.comparing(Listed::key)).toList();
  }

  private static List<Decoded> decoded(
      ImagePlace place, List<Listed> some, int size, Resize resize, ImageDecoder decoder)
      throws IOException, InterruptedException {
    ExecutorService workers = Executors.newFixedThreadPool(place.threads());
    try {
      List<Future<Optional<Decoded>>> works = new ArrayList<>();
      for (Listed each : some) {
        works.add(workers.submit(() -> decoded(place, each, size, resize, decoder)));
      }
      List<Decoded> all = new ArrayList<>();
      for (Future<Optional<Decoded>> work : works) {
        work.get().ifPresent(all::add);
      }
      return all;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IOException(e.getCause().getMessage(), e.getCause());
    } finally {
      workers.shutdownNow();
      workers.awaitTermination(1, TimeUnit.MINUTES);
    }
  }

  /** Empty if it is no image, or gone: among others' files, that is usual. */
  private static Optional<Decoded> decoded(
      ImagePlace place, Listed listed, int size, Resize resize, ImageDecoder decoder)
      throws IOException {
    try {
      Pixels image = decoder.decode(place.read(listed.key(), listed.stamp()), size, size);
      ByteBuffer rgb = ByteBuffer.allocate(size * size * CHANNELS);
      resize.into(image, size, size, rgb.duplicate());
      return Optional.of(new Decoded(listed, rgb));
    } catch (UndecodableImageException | MissingImageException e) {
      return Optional.empty();
    }
  }

  @Override
  public List<String> classes() {
    return List.of();
  }

  /** None: there is nothing that they would be an index into. */
  @Override
  public int[] labels() {
    return new int[pixels.size()];
  }

  @Override
  public String name(int image) {
    return names.get(image);
  }

  @Override
  public void read(int image, byte[] target, int at) {
    pixels.get(image).get(0, target, at, bytesPerImage());
  }
}
