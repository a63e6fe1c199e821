package io.pigeonhole.trainer.data;

import io.pigeonhole.image.Pixels;
import io.pigeonhole.image.Resize;
import java.nio.ByteBuffer;
import java.util.List;

/** Images brought to another size whenever they are read, as the functions do it. */
record ResizedImages(Images images, int size, Resize resize) implements Images {

  @Override
  public List<String> classes() {
    return images.classes();
  }

  @Override
  public int[] labels() {
    return images.labels();
  }

  @Override
  public String name(int image) {
    return images.name(image);
  }

  @Override
  public void read(int image, byte[] target, int at) {
    Pixels original = new Pixels(images.size(), images.size(), images.read(image, image + 1));
    resize.into(original, size, size, ByteBuffer.wrap(target, at, bytesPerImage()));
  }
}
