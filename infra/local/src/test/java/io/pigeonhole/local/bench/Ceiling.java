package io.pigeonhole.local.bench;

import io.pigeonhole.image.ImageDecoder;
import io.pigeonhole.image.ImageLimits;
import io.pigeonhole.image.Resize;
import io.pigeonhole.image.UndecodableImageException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;

/** Images decoded from memory on all cores, and passed through the network 64 at a time. */
final class Ceiling {
  private static final int BATCH = 64;
  private static final int IMAGE = 32 * 32 * 3;

  private Ceiling() {}

  /** Is given the folder of the model, whether bfloat16 may be used, and an image. */
  public static void main(String[] args) throws Exception {
    Network network = Network.served(args[0], Boolean.parseBoolean(args[1]));
    byte[] image = Files.readAllBytes(Path.of(args[2]));
    ImageDecoder decoder = new ImageDecoder(ImageLimits.DEFAULT);
    byte[] pixels = Network.images(BATCH);
    Peer.serveMany(
        n -> {
          long start = System.nanoTime();
          for (int from = 0; from < n; from += BATCH) {
            int count = Math.min(BATCH, n - from);
            IntStream.range(0, count)
                .parallel()
                .forEach(i -> decode(decoder, image, ByteBuffer.wrap(pixels, i * IMAGE, IMAGE)));
            network.run(pixels, count);
          }
          return (System.nanoTime() - start) / 1e6 / n;
        });
  }

  private static void decode(ImageDecoder decoder, byte[] image, ByteBuffer target) {
    try {
      Resize.CROP.into(decoder.decode(image, 32, 32), 32, 32, target);
    } catch (UndecodableImageException e) {
      throw new IllegalStateException(e);
    }
  }
}
