package io.pigeonhole.trainer.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeftoversTest {

  @TempDir Path temp;

  private Path checkpoint(String name, int daysAgo) throws IOException {
    Path file = temp.resolve("checkpoints").resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "weights");
    Instant then = Instant.now().minus(Duration.ofDays(daysAgo));
    return Files.setLastModifiedTime(file, FileTime.from(then));
  }

  @Test
  void deletesWhatIsOldAndTheFoldersThatItWasIn() throws IOException {
    Path old = checkpoint("cifar10/old/1.safetensors", 31);
    Path earlier = checkpoint("cifar10/young/1.safetensors", 31);
    Path young = checkpoint("cifar10/young/2.safetensors", 29);
    Files.createDirectories(temp.resolve("checkpoints/photos/empty"));
    Leftovers.sweep(temp.resolve("checkpoints"), Duration.ofDays(30));
    assertThat(old.getParent()).doesNotExist();
    assertThat(earlier).doesNotExist();
    assertThat(young).exists();
    assertThat(temp.resolve("checkpoints/photos")).doesNotExist();
  }

  /** A folder of checkpoints may be on another disk. */
  @Test
  void leavesLinksAlone() throws IOException {
    Path old = checkpoint("cifar10/old/1.safetensors", 31);
    Path link = Files.createSymbolicLink(temp.resolve("link"), temp.resolve("checkpoints"));
    Leftovers.sweep(link, Duration.ofDays(30));
    assertThat(link).isSymbolicLink();
    assertThat(old).doesNotExist();
    assertThat(temp.resolve("checkpoints")).isEmptyDirectory();
    Path inside = Files.createDirectories(temp.resolve("other")).resolve("link");
    Files.createSymbolicLink(inside, temp.resolve("nowhere"));
    Leftovers.sweep(temp.resolve("other"), Duration.ofDays(0));
    assertThat(inside).isSymbolicLink();
  }

  @Test
  void hasNothingToDoWithoutCheckpoints() throws IOException {
    Leftovers.sweep(temp.resolve("checkpoints"), Duration.ofDays(30));
    assertThat(temp).isEmptyDirectory();
  }
}
