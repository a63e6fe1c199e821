package io.pigeonhole.image;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** GIF and BMP by the JDK: the first frame, on the image's own canvas, over white. */
final class JdkDecoder {
  private JdkDecoder() {}

  static Pixels decode(ImageHeader header, byte[] bytes) throws IOException {
    String format = header.format().name().toLowerCase(Locale.ROOT);
    ImageReader reader = ImageIO.getImageReadersByFormatName(format).next();
    try (var in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
      reader.setInput(in, false, false);
      if (reader.getWidth(0) > header.width() || reader.getHeight(0) > header.height()) {
        throw new IOException("its first frame is larger than the image");
      }
      BufferedImage canvas =
          new BufferedImage(header.width(), header.height(), BufferedImage.TYPE_INT_RGB);
      Graphics2D graphics = canvas.createGraphics();
      graphics.setColor(Color.WHITE);
      graphics.fillRect(0, 0, header.width(), header.height());
      int left = offset(header, reader, "imageLeftPosition");
      int top = offset(header, reader, "imageTopPosition");
      graphics.drawImage(reader.read(0), left, top, null);
      graphics.dispose();
      return pixels(canvas);
    } finally {
      reader.dispose();
    }
  }

  private static int offset(ImageHeader header, ImageReader reader, String attribute)
      throws IOException {
    if (header.format() != ImageHeader.Format.GIF) {
      return 0;
    }
    var root =
        (IIOMetadataNode) reader.getImageMetadata(0).getAsTree("javax_imageio_gif_image_1.0");
    var descriptor = (IIOMetadataNode) root.getElementsByTagName("ImageDescriptor").item(0);
    return Integer.parseInt(descriptor.getAttribute(attribute));
  }

  private static Pixels pixels(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    byte[] rgb = new byte[Math.multiplyExact(Math.multiplyExact(width, height), 3)];
    int[] row = new int[width];
    for (int y = 0, t = 0; y < height; y++) {
      image.getRGB(0, y, width, 1, row, 0, width);
      for (int pixel : row) {
        rgb[t++] = (byte) (pixel >> 16);
        rgb[t++] = (byte) (pixel >> 8);
        rgb[t++] = (byte) pixel;
      }
    }
    return new Pixels(width, height, rgb);
  }
}
