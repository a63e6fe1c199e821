package io.pigeonhole.trainer.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SavedModelArchiveTest {

  private static final List<String> FILES =
      List.of(
          "net/saved_model.pb",
          "net/variables/variables.index",
          "net/variables/variables.data-00000-of-00001",
          "net/fingerprint.pb",
          "net/../../escaped.pb");

  @TempDir private Path temp;

  private Path zip(List<String> names) throws IOException {
    Path archive = temp.resolve("net.zip");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(archive))) {
      for (String name : names) {
        out.putNextEntry(new ZipEntry(name));
        out.write(name.getBytes(StandardCharsets.UTF_8));
      }
    }
    return archive;
  }

  private Path tar(List<String> names) throws IOException {
    Path archive = temp.resolve("net.tar.gz");
    try (OutputStream file = new GZIPOutputStream(Files.newOutputStream(archive));
        TarArchiveOutputStream out = new TarArchiveOutputStream(file)) {
      for (String name : names) {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(name.length());
        out.putArchiveEntry(entry);
        out.write(name.getBytes(StandardCharsets.UTF_8));
        out.closeArchiveEntry();
      }
    }
    return archive;
  }

  private Path unpacked(Path archive) throws IOException {
    Path folder = Files.createTempDirectory(temp, "unpacked");
    SavedModelArchive.unpack(archive, folder);
    return folder;
  }

  @Test
  void unpacksWhatIsNeededAndNothingElse() throws IOException {
    for (Path archive : List.of(zip(FILES), tar(FILES))) {
      Path folder = unpacked(archive);
      assertThat(folder.resolve("saved_model.pb")).hasContent("net/saved_model.pb");
      assertThat(folder.resolve("variables/variables.index")).exists();
      assertThat(folder.resolve("fingerprint.pb")).doesNotExist();
      assertThat(temp.resolve("escaped.pb")).doesNotExist();
    }
  }

  @Test
  void takesAnArchiveWithoutAFolder() throws IOException {
    assertThat(unpacked(zip(List.of("saved_model.pb"))).resolve("saved_model.pb")).exists();
  }

  @Test
  void refusesOneThatHasNoneOrTwo() {
    assertThatThrownBy(() -> unpacked(zip(List.of("model.h5"))))
        .hasMessageContaining("net.zip has no saved_model.pb");
    assertThatThrownBy(() -> unpacked(tar(List.of("a/saved_model.pb", "b/saved_model.pb"))))
        .hasMessageContaining("more than one SavedModel");
  }

  @Test
  void refusesWhatIsNoArchive() throws IOException {
    Path text = Files.writeString(temp.resolve("no.tar.gz"), "not packed at all");
    assertThatThrownBy(() -> unpacked(text)).isInstanceOf(IOException.class);
    Path half = zip(FILES);
    Files.write(half, java.util.Arrays.copyOf(Files.readAllBytes(half), 60));
    assertThatThrownBy(() -> unpacked(half)).isInstanceOf(IOException.class);
  }

  @Test
  void knowsArchivesByTheirNames() {
    assertThat(List.of("a.zip", "A.TAR.GZ", "b.tgz")).allMatch(SavedModelArchive::isOne);
    assertThat(List.of("a.h5", "zip", "a.tar")).noneMatch(SavedModelArchive::isOne);
  }
}
