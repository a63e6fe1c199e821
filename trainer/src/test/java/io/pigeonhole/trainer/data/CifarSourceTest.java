package io.pigeonhole.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CifarSourceTest {

  private static final int IMAGES = 4;

  @TempDir Path temp;
  private Path folder;

  @BeforeEach
  void write() throws IOException {
    folder = ColouredShapes.write(temp.resolve("cifar-10-batches-bin"), IMAGES, 1);
  }

  @Test
  void readsEveryImageOfAFolder() throws Exception {
    Dataset dataset = CifarSource.read(folder);
    assertThat(dataset.train().count() + dataset.heldOut().count()).isEqualTo(5 * IMAGES);
    assertThat(dataset.test().count()).isEqualTo(IMAGES);
    assertThat(dataset.test().classes()).isEqualTo(ColouredShapes.CLASSES);
  }

  @Test
  void putsRedGreenAndBlueOfAPixelTogether() throws Exception {
    byte[] record = new byte[CifarFiles.RECORD];
    record[0] = 7;
    record[1 + 5] = 10;
    record[1 + CifarFiles.PLANE + 5] = 20;
    record[1 + 2 * CifarFiles.PLANE + 5] = 30;
    Files.write(folder.resolve("test_batch.bin"), record);
    Images test = CifarSource.read(folder).test();
    assertThat(test.labels()).containsExactly(7);
    assertThat(Arrays.copyOfRange(test.read(0, 1), 15, 18)).containsExactly(10, 20, 30);
  }

  @Test
  void findsTheFolderInsideOfAnother() throws Exception {
    assertThat(CifarSource.read(temp).sha256()).isEqualTo(CifarSource.read(folder).sha256());
  }

  @Test
  void readsTheArchiveLikeTheFolder() throws Exception {
    Dataset fromArchive = CifarSource.read(archive("cifar-10-batches-bin/"));
    Dataset fromFolder = CifarSource.read(folder);
    assertThat(fromArchive.sha256()).isEqualTo(fromFolder.sha256());
    assertThat(fromArchive.train().read(0, 4)).isEqualTo(fromFolder.train().read(0, 4));
  }

  @Test
  void hasAnotherHashForOtherImages() throws Exception {
    Path other = ColouredShapes.write(temp.resolve("other"), IMAGES, 2);
    assertThat(CifarSource.read(other).sha256()).isNotEqualTo(CifarSource.read(folder).sha256());
  }

  @Test
  void namesTheFilesThatAreMissing() throws Exception {
    Files.delete(folder.resolve("data_batch_3.bin"));
    assertRefused(folder, "lacks data_batch_3.bin");
  }

  @Test
  void refusesABatchThatIsNoWholeNumberOfRecords() throws Exception {
    Files.write(folder.resolve("data_batch_2.bin"), new byte[CifarFiles.RECORD + 1]);
    assertRefused(folder, "data_batch_2.bin", "has 3074 bytes");
  }

  @Test
  void refusesAnEmptyBatch() throws Exception {
    Files.write(folder.resolve("test_batch.bin"), new byte[0]);
    assertRefused(folder, "test_batch.bin", "has 0 bytes");
  }

  @Test
  void refusesALabelThatIsNoClass() throws Exception {
    byte[] records = new byte[2 * CifarFiles.RECORD];
    records[CifarFiles.RECORD] = 10;
    Files.write(folder.resolve("data_batch_5.bin"), records);
    assertRefused(folder, "data_batch_5.bin", "label 10 in record 2; expected 0 to 9");
  }

  @Test
  void refusesClassesThatAreNotTen() throws Exception {
    Files.writeString(folder.resolve("batches.meta.txt"), "cat\ndog\n");
    assertRefused(folder, "batches.meta.txt", "10 different classes", "[cat, dog]");
  }

  @Test
  void refusesAPlaceThatIsNotThere() {
    assertRefused(temp.resolve("nowhere"), "nowhere is neither a folder nor a file");
  }

  @Test
  void refusesATruncatedArchive() throws Exception {
    Path archive = archive("cifar-10-batches-bin/");
    byte[] bytes = Files.readAllBytes(archive);
    Files.write(archive, Arrays.copyOf(bytes, bytes.length / 2));
    assertRefused(archive, "cannot be read as a .tar.gz");
  }

  @Test
  void refusesAFileThatIsNoArchive() throws Exception {
    Path text = Files.writeString(temp.resolve("cifar.tar.gz"), "not an archive");
    assertRefused(text, "cannot be read as a .tar.gz");
  }

  @Test
  void refusesAnEntryThatLeavesItsFolder() throws Exception {
    assertRefused(archive("cifar-10-batches-bin/../../"), "which leaves its folder");
    assertRefused(archive("/etc/"), "which leaves its folder");
  }

  @Test
  void refusesALinkInPlaceOfAFile() throws Exception {
    Path archive = temp.resolve("links.tar.gz");
    try (TarArchiveOutputStream tar = tar(archive)) {
      TarArchiveEntry link = new TarArchiveEntry("test_batch.bin", TarConstants.LF_SYMLINK);
      link.setLinkName("/etc/passwd");
      tar.putArchiveEntry(link);
      tar.closeArchiveEntry();
    }
    assertRefused(archive, "test_batch.bin", "not a plain file");
  }

  @Test
  void refusesAnArchiveThatUnpacksToTooMuch() throws Exception {
    Path archive = temp.resolve("bomb.tar.gz");
    byte[] zeros = new byte[1 << 20];
    try (TarArchiveOutputStream tar = tar(archive)) {
      TarArchiveEntry entry = new TarArchiveEntry("readme.html");
      entry.setSize(300L << 20);
      tar.putArchiveEntry(entry);
      for (int i = 0; i < 300; i++) {
        tar.write(zeros);
      }
      tar.closeArchiveEntry();
    }
    assertRefused(archive, "unpacks to more than 256 MiB");
  }

  @Test
  void refusesAFileThatIsThereTwice() throws Exception {
    Path archive = temp.resolve("twice.tar.gz");
    try (TarArchiveOutputStream tar = tar(archive)) {
      add(tar, "a/test_batch.bin", folder.resolve("test_batch.bin"));
      add(tar, "b/test_batch.bin", folder.resolve("test_batch.bin"));
    }
    assertRefused(archive, "has test_batch.bin twice");
  }

  private static void assertRefused(Path place, String... parts) {
    assertThatThrownBy(() -> CifarSource.read(place))
        .isInstanceOf(InvalidDataException.class)
        .message()
        .contains(parts);
  }

  private Path archive(String prefix) throws IOException {
    Path archive = Files.createTempFile(temp, "cifar", ".tar.gz");
    try (TarArchiveOutputStream tar = tar(archive)) {
      for (String name : CifarFiles.names()) {
        add(tar, prefix + name, folder.resolve(name));
      }
    }
    return archive;
  }

  private static TarArchiveOutputStream tar(Path archive) throws IOException {
    OutputStream out = Files.newOutputStream(archive);
    return new TarArchiveOutputStream(new GzipCompressorOutputStream(out));
  }

  private static void add(TarArchiveOutputStream tar, String name, Path file) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name, true);
    entry.setSize(Files.size(file));
    tar.putArchiveEntry(entry);
    Files.copy(file, tar);
    tar.closeArchiveEntry();
  }
}
