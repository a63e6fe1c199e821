package io.pigeonhole.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pigeonhole.trainer.data.LabeledImages;
import io.pigeonhole.trainer.recipe.Augmentation;
import io.pigeonhole.trainer.recipe.Augmentation.Fill;
import io.pigeonhole.trainer.recipe.Augmentation.Flip;
import io.pigeonhole.trainer.recipe.Augmentation.Warp;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** On an image of 4×4 with the values 0, 10, … 150. */
class ViewTest {

  private static final int SIDE = 4;

  private static LabeledImages image() {
    byte[] pixels = new byte[SIDE * SIDE * 3];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i / 3 * 10);
    }
    return new LabeledImages(List.of("a"), SIDE, ByteBuffer.wrap(pixels), new int[1]);
  }

  private static int[] row(View view, int row) {
    byte[] target = new byte[SIDE * SIDE * 3];
    view.paint(new byte[target.length], target);
    int[] values = new int[SIDE];
    for (int x = 0; x < SIDE; x++) {
      int at = (row * SIDE + x) * 3;
      assertThat(target[at + 1]).isEqualTo(target[at]);
      assertThat(target[at + 2]).isEqualTo(target[at]);
      values[x] = target[at] & 0xff;
    }
    return values;
  }

  private static View mapped(AffineMap map, Fill fill) {
    return new View(image(), 0, 0, 0, false, map, fill, 0, 0, 0, Jitter.NONE);
  }

  private static AffineMap shifted(double down, double right) {
    return AffineMap.of(SIDE, 0, down, right, 0, 1, 1);
  }

  @Test
  void turnsByAQuarterLikeKeras() {
    AffineMap quarter = AffineMap.of(SIDE, Math.PI / 2, 0, 0, 0, 1, 1);
    assertThat(row(mapped(quarter, Fill.NEAREST), 0)).containsExactly(120, 80, 40, 0);
    assertThat(row(mapped(quarter, Fill.NEAREST), 3)).containsExactly(150, 110, 70, 30);
  }

  @Test
  void mixesTheTwoPixelsBetweenWhichItFalls() {
    assertThat(row(mapped(shifted(0, 0.5), Fill.NEAREST), 1)).containsExactly(45, 55, 65, 70);
    assertThat(row(mapped(shifted(0.25, 0), Fill.NEAREST), 0)).containsExactly(10, 20, 30, 40);
  }

  @Test
  void zoomsAroundTheMiddle() {
    AffineMap half = AffineMap.of(SIDE, 0, 0, 0, 0, 1, 0.5);
    // columns 0.75, 1.25, 1.75, 2.25
    assertThat(row(mapped(half, Fill.NEAREST), 0)).containsExactly(8, 13, 18, 23);
  }

  @Test
  void shearsRowsAgainstEachOther() {
    AffineMap sheared = AffineMap.of(SIDE, 0, 0, 0, Math.toRadians(30), 1, 1);
    assertThat(sheared.yx()).isCloseTo(-0.5, within(1e-12));
    assertThat(sheared.xx()).isCloseTo(Math.sqrt(0.75), within(1e-12));
    assertThat(sheared.y0()).isCloseTo(0.75, within(1e-12));
    assertThat(sheared.yy()).isEqualTo(1);
  }

  @Test
  void composesLikeKeras() {
    // scipy: dot of the four matrices for 30°, shifts 1 and -2, shear 10°, zooms 0.8 and 1.1
    AffineMap map = AffineMap.of(5, Math.toRadians(30), 1, -2, Math.toRadians(10), 0.8, 1.1);
    assertThat(map.yy()).isCloseTo(0.692820323, within(1e-8));
    assertThat(map.yx()).isCloseTo(-0.707066371, within(1e-8));
    assertThat(map.xy()).isCloseTo(0.4, within(1e-8));
    assertThat(map.xx()).isCloseTo(0.842648887, within(1e-8));
    assertThat(map.y0()).isCloseTo(3.894517500, within(1e-8));
    assertThat(map.x0()).isCloseTo(-1.717348582, within(1e-8));
  }

  @Test
  void fillsWithTheNearestPixel() {
    assertThat(row(moved(2, Fill.NEAREST), 0)).containsExactly(20, 30, 30, 30);
    assertThat(row(mapped(shifted(0, 2), Fill.NEAREST), 0)).containsExactly(20, 30, 30, 30);
  }

  @Test
  void fillsWithTheMirroredImage() {
    assertThat(row(moved(2, Fill.REFLECT), 0)).containsExactly(20, 30, 20, 10);
    assertThat(row(mapped(shifted(0, -2), Fill.REFLECT), 0)).containsExactly(20, 10, 0, 10);
  }

  @Test
  void fillsWithBlack() {
    assertThat(row(moved(2, Fill.CONSTANT), 1)).containsExactly(60, 70, 0, 0);
    assertThat(row(mapped(shifted(0, 2), Fill.CONSTANT), 1)).containsExactly(60, 70, 0, 0);
  }

  @Test
  void fillsWithTheOtherSide() {
    assertThat(row(moved(2, Fill.WRAP), 0)).containsExactly(20, 30, 0, 10);
    assertThat(row(mapped(shifted(0, -1), Fill.WRAP), 0)).containsExactly(30, 0, 10, 20);
  }

  @Test
  void mirrorsWhatItWarps() {
    View view = new View(image(), 0, 0, 0, true, shifted(0, 1), Fill.NEAREST, 0, 0, 0, Jitter.NONE);
    assertThat(row(view, 0)).containsExactly(30, 30, 20, 10);
  }

  @Test
  void staysWithinTheRanges() {
    Augmentation warp =
        new Augmentation(Flip.NONE, 0, 0, 0, new Warp(0, 0.25, 0, 0), Fill.NEAREST, 0);
    Views views = new Views(image(), warp, SIDE, 1, 0);
    for (int i = 0; i < 100; i++) {
      AffineMap map = views.draw(0).map();
      assertThat(map.y0()).isBetween(-1.0, 1.0);
      assertThat(map.x0()).isBetween(-1.0, 1.0);
      assertThat(map.yy()).isEqualTo(1);
    }
  }

  private static View moved(int right, Fill fill) {
    return new View(image(), 0, right, 0, false, AffineMap.IDENTITY, fill, 0, 0, 0, Jitter.NONE);
  }
}
