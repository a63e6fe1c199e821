package io.pigeonhole.local;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.Map;
import java.util.Random;

/** Drawn pictures of three classes, which are easily learned; no two are the same. */
record Fruit(Random random) {
  static final Map<String, Color> COLORS =
      Map.of("apple", Color.RED, "pear", Color.GREEN, "plum", new Color(90, 0, 160));

  Fruit(long seed) {
    this(new Random(seed));
  }

  /** The next picture of a class. */
  BufferedImage draw(String name) {
    BufferedImage image = new BufferedImage(80, 60, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = image.createGraphics();
    pen.setColor(new Color(random.nextInt(0x60), random.nextInt(0x60), random.nextInt(0x60)));
    pen.fillRect(0, 0, 80, 60);
    pen.setColor(COLORS.get(name));
    pen.fillOval(15 + random.nextInt(10), 5 + random.nextInt(10), 40, 40);
    pen.dispose();
    return image;
  }
}
