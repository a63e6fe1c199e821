package io.pigeonhole.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pigeonhole.image.Resize;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutlierImagesTest {

  @TempDir private Path temp;

  @Test
  void takesEveryImageWhateverFolderItIsIn() throws Exception {
    Path folder = ColouredShapes.writeFolders(temp.resolve("mine"), 2, 5, 1);
    Files.copy(
        folder.resolve("red").resolve(first(folder.resolve("red"))), folder.resolve("a.png"));
    Files.writeString(folder.resolve("notes.txt"), "no image");
    Files.write(folder.resolve("empty.jpg"), new byte[0]);
    Files.writeString(folder.resolve(".hidden.png"), "hidden");
    OutlierImages images = OutlierImages.of(ImagePlace.of(folder), 16, Resize.CROP);
    assertThat(images.count()).isEqualTo(11);
    assertThat(images.names()).contains("a.png").doesNotContain("notes.txt", "empty.jpg");
    assertThat(images.read(0, 11)).hasSize(11 * 16 * 16 * 3);
    assertThat(images.read(0, 1)).isNotEqualTo(new byte[16 * 16 * 3]);
  }

  private static String first(Path folder) throws Exception {
    try (var files = Files.list(folder)) {
      return files.sorted().findFirst().orElseThrow().getFileName().toString();
    }
  }

  @Test
  void saysWhereThereIsNoImage() throws Exception {
    Files.writeString(temp.resolve("notes.txt"), "no image");
    assertThatThrownBy(() -> OutlierImages.of(ImagePlace.of(temp), 16, Resize.CROP))
        .isInstanceOf(InvalidDataException.class)
        .hasMessage(temp + " has no image that can be read");
  }

  @Test
  void takesSomeOfManyAndAlwaysTheSame() throws Exception {
    Path one = ColouredShapes.writeFolders(temp.resolve("one"), 1, 1, 1).resolve("red");
    Path image = one.resolve(first(one));
    Path many = Files.createDirectory(temp.resolve("many"));
    Path same = Files.createDirectory(temp.resolve("same"));
    for (int i = 0; i < 2100; i++) {
      Files.createLink(many.resolve(i + ".png"), image);
      Files.createLink(same.resolve((2099 - i) + ".png"), image);
    }
    OutlierImages images = OutlierImages.of(ImagePlace.of(many), 8, Resize.CROP);
    assertThat(images.count()).isEqualTo(2000);
    assertThat(OutlierImages.of(ImagePlace.of(same), 8, Resize.CROP).names())
        .isEqualTo(images.names());
  }
}
