package io.pigeonhole.local;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.awt.image.RescaleOp;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import javax.imageio.ImageIO;

/**
 * Drawn pictures in the manner of CIFAR-10, one of each class: they need not be recognised, but
 * each is an image like those that will come. As in a photo, edges are soft and no surface is of
 * one colour; the bundled model takes what is drawn more sharply for something it does not know.
 */
final class Scenes {
  static final List<String> CLASSES =
      List.of(
          "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");

  /** Pixels of a side that are enlarged, so that edges are soft. */
  private static final int SOFT = 24;

  private static final Color SKY = new Color(150, 190, 230);
  private static final Color GRASS = new Color(90, 140, 60);
  private static final Color ROAD = new Color(110, 110, 115);
  private static final Color SEA = new Color(40, 80, 140);

  private Scenes() {}

  /** The picture of a class, {@code side} pixels wide and high. */
  static BufferedImage draw(String name, int side) {
    BufferedImage soft = new BufferedImage(SOFT, SOFT, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = soft.createGraphics();
    pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    pen.scale(SOFT / 32.0, SOFT / 32.0);
    painter(name).accept(pen);
    pen.dispose();
    shade(soft, new Random(10));
    BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
    Graphics2D enlarger = image.createGraphics();
    enlarger.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
    enlarger.drawImage(soft, 0, 0, side, side, null);
    enlarger.dispose();
    return image;
  }

  /** Makes patches of several sizes lighter or darker (value noise). */
  private static void shade(BufferedImage image, Random random) {
    double[] light = new double[SOFT * SOFT];
    double most = 20;
    for (int patches = 3; patches <= SOFT; patches *= 2) {
      double[][] corners = new double[patches + 1][patches + 1];
      for (double[] row : corners) {
        Arrays.setAll(row, i -> random.nextGaussian());
      }
      for (int i = 0; i < light.length; i++) {
        int row = i / SOFT;
        int column = i % SOFT;
        double scale = (double) patches / SOFT;
        light[i] += most * between(corners, row * scale, column * scale);
      }
      most *= 0.7;
    }
    for (int i = 0; i < light.length; i++) {
      Color color = new Color(image.getRGB(i % SOFT, i / SOFT));
      int more = (int) light[i];
      image.setRGB(
          i % SOFT,
          i / SOFT,
          new Color(
                  value(color.getRed() + more),
                  value(color.getGreen() + more),
                  value(color.getBlue() + more))
              .getRGB());
    }
  }

  private static double between(double[][] corners, double row, double column) {
    int above = (int) row;
    int before = (int) column;
    double down = row - above;
    double right = column - before;
    return (1 - down) * ((1 - right) * corners[above][before] + right * corners[above][before + 1])
        + down
            * ((1 - right) * corners[above + 1][before] + right * corners[above + 1][before + 1]);
  }

  private static int value(int value) {
    return Math.max(0, Math.min(255, value));
  }

  /**
   * The same, but for where it stands, how large it is, and the light: a set to be learned.
   *
   * @param turn radians between its leftmost and its rightmost slope
   */
  static BufferedImage drawAnew(String name, int side, double turn, Random random) {
    BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = image.createGraphics();
    pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    pen.scale(side / 32.0, side / 32.0);
    painter(name).accept(pen); // so that there is something behind what is moved
    pen.translate(16, 16);
    pen.rotate((random.nextDouble() - 0.5) * turn);
    double size = 0.95 + 0.5 * random.nextDouble();
    pen.scale(random.nextBoolean() ? size : -size, size);
    pen.translate(-17 + 2 * random.nextDouble(), -17 + 2 * random.nextDouble());
    painter(name).accept(pen);
    pen.dispose();
    float light = 0.7f + 0.5f * random.nextFloat();
    return new RescaleOp(light, 0, null).filter(image, image);
  }

  private static Consumer<Graphics2D> painter(String name) {
    return switch (name) {
      case "airplane" -> Scenes::airplane;
      case "automobile" -> pen -> vehicle(pen, Color.RED, 9, 15);
      case "truck" -> pen -> vehicle(pen, Color.WHITE, 20, 8);
      case "bird" -> pen -> animal(pen, SKY, new Color(120, 90, 60), 8, 3);
      case "cat" -> pen -> animal(pen, ROAD, new Color(170, 120, 70), 11, 5);
      case "deer" -> pen -> animal(pen, GRASS, new Color(150, 100, 50), 14, 10);
      case "dog" -> pen -> animal(pen, GRASS, new Color(60, 45, 35), 13, 6);
      case "frog" -> pen -> animal(pen, new Color(100, 80, 50), new Color(70, 150, 50), 12, 2);
      case "horse" -> pen -> animal(pen, GRASS, new Color(90, 50, 20), 18, 11);
      case "ship" -> Scenes::ship;
      default -> throw new IllegalArgumentException("no scene is called " + name);
    };
  }

  private static void background(Graphics2D pen, Color above, Color below) {
    pen.setColor(above);
    pen.fillRect(0, 0, 32, 32);
    pen.setColor(below);
    pen.fillRect(0, 22, 32, 10);
  }

  private static void airplane(Graphics2D pen) {
    background(pen, SKY, SKY);
    pen.setColor(Color.WHITE);
    pen.fillOval(3, 14, 26, 5);
    Path2D wing = new Path2D.Double();
    wing.moveTo(14, 16);
    wing.lineTo(20, 26);
    wing.lineTo(22, 26);
    wing.lineTo(19, 16);
    wing.closePath();
    pen.fill(wing);
    pen.fillRect(4, 9, 3, 7);
  }

  private static void vehicle(Graphics2D pen, Color body, int height, int width) {
    background(pen, SKY, ROAD);
    pen.setColor(body);
    pen.fillRect(4, 24 - height, 24 - width / 4, height);
    pen.fillRect(20, 18, 9, 7);
    pen.setColor(Color.BLACK);
    pen.fillOval(6, 22, 6, 6);
    pen.fillOval(20, 22, 6, 6);
  }

  private static void animal(Graphics2D pen, Color background, Color fur, int length, int legs) {
    background(pen, background, background.darker());
    pen.setColor(fur);
    pen.fillOval(8, 12, length, 9);
    pen.fillOval(5 + length, 7, 8, 8);
    pen.fillRect(10, 19, 2, legs);
    pen.fillRect(5 + length, 19, 2, legs);
    pen.setColor(Color.BLACK);
    pen.fillOval(9 + length, 10, 2, 2);
  }

  private static void ship(Graphics2D pen) {
    background(pen, SKY, SEA);
    pen.setColor(Color.DARK_GRAY);
    pen.fillRect(4, 17, 24, 6);
    pen.setColor(Color.WHITE);
    pen.fillRect(10, 10, 9, 7);
  }

  static byte[] jpeg(String name) {
    return encode(draw(name, 32), "jpeg");
  }

  static byte[] png(String name) {
    return encode(draw(name, 32), "png");
  }

  static byte[] gif(String name) {
    return encode(draw(name, 32), "gif");
  }

  /** So large, without compression, that an uploader sends it in parts: 1,800 pixels a side. */
  static byte[] largeBmp(String name) {
    return encode(draw(name, 1800), "bmp");
  }

  /** A JPEG of more bytes than this, as a camera makes it of a scene with fine detail. */
  static byte[] photo(int minBytes) {
    for (int side = 1500; ; side += 500) {
      BufferedImage image = draw("ship", side);
      Random grain = new Random(side);
      for (int i = 0; i < side * side; i++) {
        int rgb = image.getRGB(i % side, i / side);
        image.setRGB(i % side, i / side, rgb ^ (grain.nextInt() & 0x3f3f3f));
      }
      byte[] jpeg = encode(image, "jpeg");
      if (jpeg.length > minBytes) {
        return jpeg;
      }
    }
  }

  static byte[] encode(BufferedImage image, String format) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(image, format, bytes)) {
        throw new IllegalArgumentException("no encoder for " + format);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
