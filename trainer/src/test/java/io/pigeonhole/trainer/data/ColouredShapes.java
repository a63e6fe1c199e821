package io.pigeonhole.trainer.data;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;

/**
 * Images that can be learned in seconds, in the format of CIFAR-10: a square of the class's colour
 * somewhere on noise.
 */
public final class ColouredShapes {

  public static final List<String> CLASSES =
      List.of("red", "green", "blue", "yellow", "cyan", "pink", "white", "black", "grey", "brown");

  private static final int[][] COLOURS = {
    {255, 0, 0}, {0, 255, 0}, {0, 0, 255}, {255, 255, 0}, {0, 255, 255},
    {255, 0, 255}, {255, 255, 255}, {0, 0, 0}, {128, 128, 128}, {140, 70, 20}
  };

  private static final int SIDE = 32;
  private static final int SQUARE = 16;

  private ColouredShapes() {}

  /** Writes five training batches and a test batch with this many images each. */
  public static Path write(Path folder, int imagesPerBatch, long seed) throws IOException {
    Random random = new Random(seed);
    Files.createDirectories(folder);
    Files.write(folder.resolve(CifarFiles.CLASSES), CLASSES);
    for (String name : CifarFiles.TRAIN) {
      Files.write(folder.resolve(name), batch(imagesPerBatch, random));
    }
    Files.write(folder.resolve(CifarFiles.TEST), batch(imagesPerBatch, random));
    return folder;
  }

  /** The images of one batch, in memory. */
  public static LabeledImages images(int count, long seed) {
    byte[] batch = batch(count, new Random(seed));
    byte[] pixels = new byte[count * SIDE * SIDE * 3];
    int[] labels = new int[count];
    for (int image = 0; image < count; image++) {
      int at = image * CifarFiles.RECORD;
      labels[image] = batch[at];
      for (int i = 0; i < CifarFiles.PLANE * 3; i++) {
        int channel = i / CifarFiles.PLANE;
        int pixel = i % CifarFiles.PLANE;
        pixels[image * CifarFiles.PLANE * 3 + pixel * 3 + channel] = batch[at + 1 + i];
      }
    }
    return new LabeledImages(CLASSES, SIDE, ByteBuffer.wrap(pixels), labels);
  }

  /** Writes images of the first classes as files, one folder a class, twice as large. */
  public static Path writeFolders(Path folder, int classes, int imagesPerClass, long seed)
      throws IOException {
    int[] written = new int[CLASSES.size()];
    LabeledImages images = images(3 * CLASSES.size() * imagesPerClass, seed);
    for (int image = 0; image < images.count(); image++) {
      int label = images.labels()[image];
      if (label < classes && written[label] < imagesPerClass) {
        Path file = folder.resolve(CLASSES.get(label)).resolve("image " + written[label]++);
        Files.createDirectories(file.getParent());
        ImageIO.write(
            picture(images.read(image, image + 1)),
            image % 2 == 0 ? "png" : "jpg",
            file.resolveSibling(file.getFileName() + (image % 2 == 0 ? ".png" : ".jpg")).toFile());
      }
    }
    return folder;
  }

  private static BufferedImage picture(byte[] pixels) {
    int twice = 2 * SIDE;
    BufferedImage picture = new BufferedImage(twice, twice, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < twice; y++) {
      for (int x = 0; x < twice; x++) {
        int at = (y / 2 * SIDE + x / 2) * 3;
        picture.setRGB(
            x,
            y,
            (pixels[at] & 0xff) << 16 | (pixels[at + 1] & 0xff) << 8 | (pixels[at + 2] & 0xff));
      }
    }
    return picture;
  }

  private static byte[] batch(int count, Random random) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int image = 0; image < count; image++) {
      int label = random.nextInt(CLASSES.size());
      int top = random.nextInt(SIDE - SQUARE);
      int left = random.nextInt(SIDE - SQUARE);
      out.write(label);
      for (int channel = 0; channel < 3; channel++) {
        for (int pixel = 0; pixel < SIDE * SIDE; pixel++) {
          int y = pixel / SIDE - top;
          int x = pixel % SIDE - left;
          boolean inside = y >= 0 && y < SQUARE && x >= 0 && x < SQUARE;
          out.write(inside ? COLOURS[label][channel] : 64 + random.nextInt(128));
        }
      }
    }
    return out.toByteArray();
  }
}
