package io.pigeonhole.trainer.training;

import io.pigeonhole.trainer.data.Images;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** What a JPEG file leaves in a picture: rounded frequencies, blocks, halved colours. */
final class JpegTraces {

  private JpegTraces() {}

  /**
   * Encodes and decodes a picture.
   *
   * @param picture {@code [size, size, 3]}
   * @param quality 1 to 100
   */
  static void leave(byte[] picture, int size, int quality) {
    BufferedImage image = new BufferedImage(size, size, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < size * size; i++) {
      int at = i * Images.CHANNELS;
      image.setRGB(
          i % size,
          i / size,
          ((picture[at] & 0xff) << 16)
              | ((picture[at + 1] & 0xff) << 8)
              | (picture[at + 2] & 0xff));
    }
    try {
      BufferedImage decoded = ImageIO.read(new ByteArrayInputStream(encoded(image, quality)));
      for (int i = 0; i < size * size; i++) {
        int rgb = decoded.getRGB(i % size, i / size);
        int at = i * Images.CHANNELS;
        picture[at] = (byte) (rgb >> 16);
        picture[at + 1] = (byte) (rgb >> 8);
        picture[at + 2] = (byte) rgb;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] encoded(BufferedImage image, int quality) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      ImageWriteParam how = writer.getDefaultWriteParam();
      how.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      how.setCompressionQuality(quality / 100f);
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, null), how);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }
}
