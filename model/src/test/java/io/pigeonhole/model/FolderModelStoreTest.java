package io.pigeonhole.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderModelStoreTest {

  @TempDir Path temp;
  private FolderModelStore store;
  private Path file;

  @BeforeEach
  void open() throws IOException {
    store = new FolderModelStore(temp.resolve("bucket"));
    file = Files.writeString(temp.resolve("file"), "content");
  }

  @Test
  void leavesNoEmptyFolders() throws IOException {
    store.put("a/b/1", file);
    store.put("a/c/2", file);
    store.delete("a/b/1");
    assertThat(temp.resolve("bucket/a/b")).doesNotExist();
    assertThat(store.list("")).containsExactly("a/c/2");
    store.delete("a/c/2");
    assertThat(temp.resolve("bucket")).isEmptyDirectory();
    store.delete("a/c/2");
  }

  @Test
  void letsOthersReadWhatAnybodyMayReadInAFolder() throws IOException {
    Path plain = Files.createFile(temp.resolve("plain"));
    store.put("a", file);
    store.putIfMatch("b", new byte[1], Optional.empty());
    for (String key : List.of("a", "b")) {
      assertThat(Files.getPosixFilePermissions(temp.resolve("bucket").resolve(key)))
          .isEqualTo(Files.getPosixFilePermissions(plain));
    }
  }

  @Test
  void keepsTheLinksThatFoldersAre() throws IOException {
    Path elsewhere = Files.createDirectories(temp.resolve("elsewhere"));
    Path link = Files.createDirectories(temp.resolve("bucket")).resolve("a");
    Files.createSymbolicLink(link, elsewhere);
    store.put("a/1", file);
    store.delete("a/1");
    assertThat(link).isSymbolicLink();
    assertThat(elsewhere).isEmptyDirectory();
  }

  /** The last object of a folder is deleted while others are put there. */
  @Test
  void losesNothingThatIsPutMeanwhile() throws Exception {
    int keys = 4;
    ExecutorService threads = Executors.newFixedThreadPool(keys);
    try {
      List<Callable<Void>> tasks = new ArrayList<>();
      for (int key = 0; key < keys; key++) {
        String name = "a/b/c/" + key;
        tasks.add(
            () -> {
              for (int round = 0; round < 200; round++) {
                store.put(name, file);
                store.list("a/");
                store.delete(name);
              }
              store.put(name, file);
              return null;
            });
      }
      for (Future<Void> done : threads.invokeAll(tasks)) {
        done.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(store.list("")).containsExactly("a/b/c/0", "a/b/c/1", "a/b/c/2", "a/b/c/3");
  }
}
