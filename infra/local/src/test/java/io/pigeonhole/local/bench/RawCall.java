package io.pigeonhole.local.bench;

import io.pigeonhole.image.ImageDecoder;
import io.pigeonhole.image.ImageLimits;
import io.pigeonhole.image.Resize;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/** One image decoded, and the network asked, with nothing around it. */
final class RawCall {
  private RawCall() {}

  public static void main(String[] args) throws Exception {
    Network network = new Network(args[0]);
    byte[] image = Files.readAllBytes(Path.of(args[1]));
    ImageDecoder decoder = new ImageDecoder(ImageLimits.DEFAULT);
    byte[] pixels = Network.images(1);
    Peer.serve(
        () -> {
          Resize.CROP.into(decoder.decode(image, 32, 32), 32, 32, ByteBuffer.wrap(pixels));
          network.run(pixels, 1);
        });
  }
}
