package io.pigeonhole.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.pigeonhole.trainer.data.ColouredShapes;
import io.pigeonhole.trainer.data.LabeledImages;
import io.pigeonhole.trainer.recipe.Augmentation;
import io.pigeonhole.trainer.recipe.Augmentation.Fill;
import io.pigeonhole.trainer.recipe.Augmentation.Flip;
import io.pigeonhole.trainer.recipe.Augmentation.Warp;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ViewsTest {

  private final LabeledImages images = ColouredShapes.images(4, 1);

  @Test
  void leavesImagesAloneUnlessToldOtherwise() {
    assertThat(view(Augmentation.NONE, 0)).isEqualTo(original());
  }

  @Test
  void showsTheOtherSideEverySecondTime() {
    Augmentation flips = new Augmentation(Flip.ALTERNATING, 0, 0);
    assertThat(view(flips, 0)).isNotEqualTo(view(flips, 1)).isEqualTo(view(flips, 2));
    assertThat(List.of(true, false))
        .contains(Arrays.equals(view(flips, 0), original()))
        .contains(Arrays.equals(view(flips, 1), original()));
    assertThat(mirrored(view(flips, 0))).isEqualTo(view(flips, 1));
  }

  @Test
  void fillsTheBorderByReflection() {
    byte[] row = {1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5};
    byte[] square = new byte[5 * 15];
    for (int y = 0; y < 5; y++) {
      System.arraycopy(row, 0, square, y * 15, 15);
    }
    LabeledImages one = new LabeledImages(List.of("a"), 5, ByteBuffer.wrap(square), new int[1]);
    for (int epoch = 0; epoch < 20; epoch++) {
      byte[] view = new byte[75];
      new Views(one, new Augmentation(Flip.NONE, 2, 0), 5, 1, epoch)
          .draw(0)
          .paint(new byte[75], view);
      int[] first = {view[0], view[3], view[6], view[9], view[12]};
      assertThat(List.of("32123", "21234", "12345", "23454", "34543"))
          .contains(Arrays.toString(first).replaceAll("\\D", ""));
    }
  }

  @Test
  void greysOutASquare() {
    byte[] cut = view(new Augmentation(Flip.NONE, 0, 8), 0);
    byte[] original = original();
    int changed = 0;
    for (int i = 0; i < cut.length; i++) {
      if (cut[i] != original[i]) {
        assertThat(cut[i]).isEqualTo((byte) 127);
        changed++;
      }
    }
    assertThat(changed).isBetween(1, 8 * 8 * 3);
  }

  @Test
  void pastesARectangleOfTheNextImage() {
    Augmentation cutmix = new Augmentation(Flip.NONE, 0, 0, 1, Warp.NONE, Fill.REFLECT, 0);
    int bytes = images.bytesPerImage();
    for (int epoch = 0; epoch < 20; epoch++) {
      Views views = new Views(images, cutmix, 32, 5, epoch);
      MixedView[] mixed = views.mixed(new View[] {views.draw(0), views.draw(1), views.draw(2)});
      for (int i = 0; i < mixed.length; i++) {
        byte[] target = new byte[bytes];
        mixed[i].paint(new byte[bytes], new byte[bytes], target);
        assertThat(mixed[i].other().image()).isEqualTo((i + 1) % 3);
        int pasted = 0;
        for (int at = 0; at < bytes; at++) {
          boolean within =
              within(at / 96, mixed[i].top(), mixed[i].height())
                  && within(at / 3 % 32, mixed[i].left(), mixed[i].width());
          assertThat(target[at])
              .isEqualTo(images.pixels().array()[(within ? (i + 1) % 3 : i) * bytes + at]);
          pasted += within ? 1 : 0;
        }
        boolean mostly = 2 * pasted > bytes;
        int around = images.labels()[i];
        int inside = images.labels()[(i + 1) % 3];
        assertThat(mixed[i].label()).isEqualTo(mostly ? inside : around);
        assertThat(mixed[i].secondLabel()).isEqualTo(mostly ? around : inside);
        assertThat(mixed[i].secondShare())
            .isEqualTo((float) Math.min(pasted, bytes - pasted) / bytes);
      }
    }
  }

  private static boolean within(int place, int first, int count) {
    return place >= first && place < first + count;
  }

  @Test
  void pastesIntoSomeImagesOnly() {
    Augmentation cutmix = new Augmentation(Flip.NONE, 0, 0, 0.3, Warp.NONE, Fill.REFLECT, 0);
    Views views = new Views(images, cutmix, 32, 5, 0);
    View[] drawn = new View[1000];
    Arrays.setAll(drawn, i -> views.draw(i % images.count()));
    long pasted =
        Arrays.stream(views.mixed(drawn)).filter(each -> each.height() * each.width() > 0).count();
    assertThat(pasted).isBetween(240L, 340L);
  }

  @Test
  void repeatsItselfWithTheSameSeed() {
    Augmentation all = new Augmentation(Flip.RANDOM, 3, 6);
    assertThat(view(all, 3)).isEqualTo(view(all, 3)).isNotEqualTo(view(all, 4));
  }

  private byte[] view(Augmentation augmentation, int epoch) {
    byte[] view = new byte[images.bytesPerImage()];
    new Views(images, augmentation, 32, 5, epoch)
        .draw(2)
        .paint(new byte[images.bytesPerImage()], view);
    return view;
  }

  private byte[] original() {
    return Arrays.copyOfRange(
        images.pixels().array(), 2 * images.bytesPerImage(), 3 * images.bytesPerImage());
  }

  private static byte[] mirrored(byte[] image) {
    byte[] mirrored = new byte[image.length];
    for (int pixel = 0; pixel < 32 * 32; pixel++) {
      int other = pixel / 32 * 32 + 31 - pixel % 32;
      System.arraycopy(image, pixel * 3, mirrored, other * 3, 3);
    }
    return mirrored;
  }
}
