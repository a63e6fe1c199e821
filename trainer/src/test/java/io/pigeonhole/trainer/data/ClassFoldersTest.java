package io.pigeonhole.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pigeonhole.image.ImageDecoder;
import io.pigeonhole.image.ImageLimits;
import io.pigeonhole.image.Resize;
import io.pigeonhole.trainer.data.SkippedImages.Skipped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassFoldersTest {

  private static final int SIZE = 16;
  private static final int PER_CLASS = 30;

  @TempDir Path temp;
  private Path folder;
  private final Listener listener = new Listener();

  /** What was told of the preparation. */
  private static class Listener implements FolderListener {
    private long images;
    private long bytes;
    private Set<String> split = Set.of();

    @Override
    public void split(Set<String> folders) {
      split = folders;
    }

    @Override
    public void preparing(long number, long size, Path where) {
      images += number;
      bytes = size;
    }

    @Override
    public void prepared(long done, long total) {}
  }

  @BeforeEach
  void write() throws IOException {
    folder = ColouredShapes.writeFolders(temp.resolve("shapes"), 3, PER_CLASS, 1);
  }

  private ClassFolders folders() throws InvalidDataException {
    return with(Corrections.none());
  }

  private ClassFolders with(Corrections corrections) throws InvalidDataException {
    return new ClassFolders(
        Optional.of(ImagePlace.of(folder)),
        Optional.empty(),
        corrections,
        temp.resolve("cache"),
        1 << 30);
  }

  private Dataset read() throws Exception {
    return folders().toTrain(SIZE, Resize.CROP, listener);
  }

  @Test
  void takesFoldersForClassesAndEveryImageOnce() throws Exception {
    Dataset dataset = read();
    assertThat(dataset.train().classes()).containsExactly("blue", "green", "red");
    assertThat(all(dataset)).hasSize(3 * PER_CLASS);
    assertThat(listener.images).isEqualTo(3 * PER_CLASS);
    assertThat(listener.bytes).isEqualTo(3 * PER_CLASS * SIZE * SIZE * 3);
    assertThat(dataset.skipped().count()).isZero();
    for (Images part : List.of(dataset.train(), dataset.heldOut(), dataset.test())) {
      assertThat(part.labels()).contains(0, 1, 2);
    }
  }

  @Test
  void knowsEachImagesFile() throws Exception {
    Dataset dataset = read();
    Set<String> names = new HashSet<>();
    for (Images part : List.of(dataset.train(), dataset.heldOut(), dataset.test())) {
      for (int image = 0; image < part.count(); image++) {
        String name = part.name(image);
        assertThat(name).startsWith(part.classes().get(part.labels()[image]) + "/image ");
        assertThat(folder.resolve(name)).isRegularFile();
        names.add(name);
      }
    }
    assertThat(names).hasSize(3 * PER_CLASS);
  }

  @Test
  void givesTheNetworkThePixelsThatServingGives() throws Exception {
    Set<ByteBuffer> expected = new HashSet<>();
    try (ImageDecoder decoder = new ImageDecoder(ImageLimits.DEFAULT)) {
      for (Path file : files()) {
        ByteBuffer target = ByteBuffer.allocate(SIZE * SIZE * 3);
        Resize.CROP.into(decoder.decode(Files.readAllBytes(file), SIZE, SIZE), SIZE, SIZE, target);
        expected.add(target.flip());
      }
    }
    assertThat(all(read())).isEqualTo(expected);
  }

  @Test
  void keepsEveryImageInItsPartWhenOthersAreAdded() throws Exception {
    Dataset before = read();
    ColouredShapes.writeFolders(folder.resolve("red/more"), 3, PER_CLASS, 2);
    Dataset after = read();
    assertThat(after.sha256()).isNotEqualTo(before.sha256());
    assertThat(images(after.train())).containsAll(images(before.train()));
    assertThat(images(after.heldOut())).containsAll(images(before.heldOut()));
    assertThat(images(after.test())).containsAll(images(before.test()));
    assertThat(after.train().classes()).containsExactly("blue", "green", "red");
  }

  @Test
  void decodesNothingTwice() throws Exception {
    Dataset first = read();
    listener.images = 0;
    Dataset second = read();
    assertThat(listener.images).isZero();
    assertThat(all(second)).isEqualTo(all(first));
    assertThat(second.sha256()).isEqualTo(first.sha256());
  }

  @Test
  void decodesOnlyWhatIsNew() throws Exception {
    Dataset before = read();
    listener.images = 0;
    Files.copy(files().get(0), folder.resolve("red/one more.png"));
    Files.copy(files().get(1), files().get(2), StandardCopyOption.REPLACE_EXISTING);
    Files.setLastModifiedTime(files().get(2), FileTime.fromMillis(1));
    Files.delete(files().get(5));
    Dataset after = read();
    assertThat(listener.images).isEqualTo(2);
    assertThat(all(before)).containsAll(all(after)).hasSize(all(after).size() + 2);
    Dataset fresh =
        new ClassFolders(
                Optional.of(ImagePlace.of(folder)),
                Optional.empty(),
                Corrections.none(),
                temp.resolve("fresh"),
                1 << 30)
            .toTrain(SIZE, Resize.CROP, listener);
    assertThat(fresh.sha256()).isEqualTo(after.sha256());
    assertThat(fresh.train().read(0, fresh.train().count()))
        .isEqualTo(after.train().read(0, after.train().count()));
  }

  @Test
  void goesOnWhereItWasEnded() throws Exception {
    FolderListener ended =
        new FolderListener() {
          @Override
          public void preparing(long images, long bytes, Path where) {}

          @Override
          public void prepared(long done, long total) {
            if (done == total / 2) {
              throw new IllegalStateException("ended");
            }
          }
        };
    assertThatThrownBy(() -> folders().toTrain(SIZE, Resize.CROP, ended)).hasMessage("ended");
    Dataset dataset = read();
    assertThat(listener.images).isBetween(1L, 2L * PER_CLASS);
    assertThat(all(dataset)).hasSize(3 * PER_CLASS);
  }

  @Test
  void skipsWhatIsNoImageAndNamesIt() throws Exception {
    Files.writeString(folder.resolve("red/notes.txt"), "not an image");
    Files.write(folder.resolve("blue/empty.png"), new byte[0]);
    byte[] cut = Files.readAllBytes(files().get(0));
    Files.write(folder.resolve("blue/cut.png"), Arrays.copyOf(cut, cut.length / 2));
    Files.createSymbolicLink(folder.resolve("red/nowhere.png"), temp.resolve("nowhere"));
    Files.copy(files().get(0), folder.resolve("stray.png"));
    Files.createSymbolicLink(folder.resolve("green/circle"), folder.resolve("green"));
    SkippedImages skipped = read().skipped();
    assertThat(skipped.first())
        .contains(
            new Skipped("red/notes.txt", "not-an-image"),
            new Skipped("blue/empty.png", "empty"),
            new Skipped("red/nowhere.png", "unreadable"),
            new Skipped("green/circle", "unreadable"),
            new Skipped("stray.png", "no-class"));
    assertThat(skipped.count()).isEqualTo(6);
    assertThat(skipped.all().orElseThrow()).content().hasLineCount(6).contains("corrupt\tblue/cut");
  }

  @Test
  void ignoresWhatSystemsLeaveInFolders() throws Exception {
    for (String name : List.of("red/.DS_Store", "red/Thumbs.db", ".git/config", "red/._a.png")) {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, "litter");
    }
    assertThat(read().skipped().count()).isZero();
  }

  @Test
  void takesNamesInAnyLanguage() throws Exception {
    Path decomposed = folder.resolve("Vo\u0308gel im Flug");
    Files.move(folder.resolve("red"), decomposed);
    assertThat(read().train().classes()).containsExactly("V\u00f6gel im Flug", "blue", "green");
  }

  @Test
  void takesNamesThatTagsOfS3CannotHold() throws Exception {
    Files.move(folder.resolve("red"), folder.resolve("Pepper,_bell"));
    Files.move(folder.resolve("green"), folder.resolve("\u0938\u0947\u092c"));
    Files.move(folder.resolve("blue"), folder.resolve("R&B"));
    assertThat(read().train().classes())
        .containsExactly("Pepper,_bell", "R&B", "\u0938\u0947\u092c");
  }

  @Test
  void refusesClassesThatCannotBeLearned() throws Exception {
    assertRefused(() -> one("red").toTrain(SIZE, Resize.CROP, listener), "found 1 classes, [red]");

    Files.createDirectories(folder.resolve("violet"));
    assertRefused(this::read, "the class folder 'violet' is empty");

    Files.writeString(folder.resolve("violet/a.jpg"), "no image");
    assertRefused(this::read, "none of the 1 images of the class 'violet' can be used");

    Files.copy(files().get(0), folder.resolve("violet/b.png"));
    assertRefused(this::read, "the class 'violet' has too few images: 0 to train on");

    Files.move(folder.resolve("violet"), folder.resolve("50 < 60"));
    assertRefused(this::read, "the folder '50 < 60' in " + folder + " cannot be a class");
  }

  private ClassFolders one(String name) throws Exception {
    Path alone = Files.createDirectories(temp.resolve("alone"));
    Files.createSymbolicLink(alone.resolve(name), folder.resolve(name));
    return within(alone, 1 << 30);
  }

  @Test
  void testsWithAFolderOfItsOwn() throws Exception {
    Path others = ColouredShapes.writeFolders(temp.resolve("others"), 2, 7, 5);
    ClassFolders both =
        new ClassFolders(
            Optional.of(ImagePlace.of(folder)),
            Optional.of(ImagePlace.of(others)),
            Corrections.none(),
            temp.resolve("cache"),
            1 << 30);
    Dataset dataset = both.toTrain(SIZE, Resize.CROP, listener);
    assertThat(dataset.test().count()).isEqualTo(14);
    assertThat(dataset.train().count() + dataset.heldOut().count()).isEqualTo(3 * PER_CLASS);

    Files.move(others.resolve("red"), others.resolve("violet"));
    assertRefused(
        () -> both.toTrain(SIZE, Resize.CROP, listener), "there are images of the class 'violet'");

    for (String label : List.of("violet", "green")) {
      Files.move(others.resolve(label), temp.resolve("gone " + label));
    }
    Files.copy(files().get(0), others.resolve("in no folder.png"));
    assertRefused(
        () -> both.toTrain(SIZE, Resize.CROP, listener),
        "there is no image to test with in " + others);
  }

  @Test
  void takesTrainValAndTestForParts() throws Exception {
    Path root = inParts("train", "Val", "test");
    Dataset dataset = within(root, 1 << 30).toTrain(SIZE, Resize.CROP, listener);
    assertThat(listener.split).containsExactlyInAnyOrder("train", "Val", "test");
    assertThat(dataset.train().classes()).containsExactly("blue", "green", "red");
    assertThat(names(dataset.train())).hasSize(90).allMatch(name -> name.startsWith("train/"));
    assertThat(names(dataset.heldOut())).hasSize(21).allMatch(name -> name.startsWith("Val/"));
    assertThat(names(dataset.test())).hasSize(21).allMatch(name -> name.startsWith("test/"));
  }

  @Test
  void drawsThePartThatHasNoFolderFromTraining() throws Exception {
    Dataset dataset =
        within(inParts("training", "valid"), 1 << 30).toTrain(SIZE, Resize.CROP, listener);
    assertThat(names(dataset.heldOut())).hasSize(21).allMatch(name -> name.startsWith("valid/"));
    assertThat(names(dataset.test())).isNotEmpty().allMatch(name -> name.startsWith("training/"));
    assertThat(dataset.train().count() + dataset.test().count()).isEqualTo(90);
  }

  @Test
  void skipsTheImagesWithoutClassesThatAContestIsHeldWith() throws Exception {
    Path root = inParts("train", "validation", "test");
    for (String label : List.of("red", "green", "blue")) {
      Files.move(root.resolve("test").resolve(label), temp.resolve("was " + label));
    }
    Files.copy(files().get(0), root.resolve("test/1.png"));
    Dataset dataset = within(root, 1 << 30).toTrain(SIZE, Resize.CROP, listener);
    assertThat(dataset.skipped().first()).containsExactly(new Skipped("test/1.png", "no-class"));
    assertThat(names(dataset.test())).isNotEmpty().allMatch(name -> name.startsWith("train/"));
  }

  @Test
  void takesFoldersForClassesThatOnlySoundLikeParts() throws Exception {
    Files.move(folder.resolve("red"), folder.resolve("train"));
    assertThat(read().train().classes()).containsExactly("blue", "green", "train");
    Path vehicles = temp.resolve("vehicles");
    ColouredShapes.writeFolders(vehicles.resolve("in"), 2, PER_CLASS, 1);
    Files.move(vehicles.resolve("in/red"), vehicles.resolve("train"));
    Files.move(vehicles.resolve("in/green"), vehicles.resolve("test"));
    Files.delete(vehicles.resolve("in"));
    Dataset dataset = within(vehicles, 1 << 30).toTrain(SIZE, Resize.CROP, listener);
    assertThat(dataset.train().classes()).containsExactly("test", "train");
    assertThat(listener.split).isEmpty();
  }

  @Test
  void takesFoldersForClassesIfItIsToldTo() throws Exception {
    ClassFolders literal =
        new ClassFolders(
            Optional.of(ImagePlace.of(inParts("train", "val"))),
            Optional.empty(),
            Corrections.none(),
            temp.resolve("cache"),
            1 << 30,
            false);
    assertThat(literal.toTrain(SIZE, Resize.CROP, listener).train().classes())
        .containsExactly("train", "val");
  }

  private Path inParts(String train, String... others) throws IOException {
    Path root = temp.resolve("parts");
    ColouredShapes.writeFolders(root.resolve(train), 3, PER_CLASS, 1);
    for (int i = 0; i < others.length; i++) {
      ColouredShapes.writeFolders(root.resolve(others[i]), 3, 7, 2 + i);
    }
    return root;
  }

  private static List<String> names(Images part) {
    return IntStream.range(0, part.count()).mapToObj(part::name).toList();
  }

  @Test
  void takesOverFromAnySetEvenIfThereIsNoRoomToKeepBoth() throws Exception {
    read();
    Path others = ColouredShapes.writeFolders(temp.resolve("others"), 2, PER_CLASS, 5);
    within(others, 1 << 30).toTrain(SIZE, Resize.CROP, listener);
    Files.copy(files().get(0), folder.resolve("red/one more.png"));
    listener.images = 0;
    assertThat(all(within(folder, 0).toTrain(SIZE, Resize.CROP, listener))).hasSize(3 * PER_CLASS);
    assertThat(listener.images).isEqualTo(1);
    try (Stream<Path> kept = Files.list(temp.resolve("cache"))) {
      assertThat(kept).hasSize(1);
    }
  }

  private ClassFolders within(Path place, long limit) throws InvalidDataException {
    return new ClassFolders(
        Optional.of(ImagePlace.of(place)),
        Optional.empty(),
        Corrections.none(),
        temp.resolve("cache"),
        limit);
  }

  @Test
  void stopsWhenThePlaceIsGone() throws Exception {
    for (int i = 0; i < 300; i++) {
      Files.copy(files().get(0), folder.resolve("red/copy%d.png".formatted(i)));
    }
    Path gone = temp.resolve("gone");
    FolderListener unplugs =
        new FolderListener() {
          @Override
          public void preparing(long images, long bytes, Path where) {}

          @Override
          public void prepared(long done, long total) {
            if (done == 50) {
              move(folder, gone);
            }
          }
        };
    assertThatThrownBy(() -> folders().toTrain(SIZE, Resize.CROP, unplugs))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(folder + " can no longer be read: not one of 100 files");
    move(gone, folder);
    Dataset dataset = read();
    assertThat(dataset.skipped().count()).isZero();
    assertThat(listener.images).isBetween(300L, 340L);
  }

  /** Beside some images that can be read, no number of files that cannot is too many. */
  @Test
  void goesOnWithoutManyFilesThatCannotBeRead() throws Exception {
    for (int i = 0; i < 300; i++) {
      Files.createSymbolicLink(folder.resolve("red/link%d.png".formatted(i)), files().get(0));
    }
    Path target = files().get(0);
    read();
    Files.move(target, folder.resolve("red/moved.png"));
    assertThat(read().skipped().count()).isEqualTo(300);
  }

  private static void move(Path from, Path to) {
    try {
      Files.move(from, to);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void keepsOnlyAsManyDecodedSetsAsTheLimitAllows() throws Exception {
    read();
    within(folder, 0).toTrain(SIZE * 2, Resize.CROP, listener);
    try (Stream<Path> kept = Files.list(temp.resolve("cache"))) {
      assertThat(kept).hasSize(1);
    }
  }

  @Test
  void believesPeopleMoreThanFolders() throws Exception {
    Path wrong = files().stream().filter(f -> f.toString().contains("red")).findFirst().get();
    Path moved =
        folder.resolve("blue/wrong" + wrong.toString().substring(wrong.toString().length() - 4));
    Files.move(wrong, moved);
    String key = folder.relativize(moved).toString();
    Corrections corrections = corrections(temp);
    corrections.add(result("images", key, md5(moved), "red"));
    Dataset dataset = with(corrections).toTrain(SIZE, Resize.CROP, listener);
    assertThat(count(dataset, 0)).isEqualTo(PER_CLASS);
    assertThat(count(dataset, 2)).isEqualTo(PER_CLASS);
  }

  @Test
  void learnsFromCorrectedImagesThatAreInNoFolder() throws Exception {
    Path bucket = Files.createDirectories(temp.resolve("images"));
    Corrections corrections = corrections(temp);
    for (int i = 0; i <= Corrections.NEW_CLASS; i++) {
      Path image = bucket.resolve("new " + i);
      Files.copy(files().get(i), image);
      corrections.add(result("images", "new " + i, md5(image) + i, "violet"));
    }
    corrections.add(result("images", "new 0", "gone", "blue"));
    corrections.add(result("images", "typo", "none", "vioelt"));
    Dataset dataset = with(corrections).toTrain(SIZE, Resize.CROP, listener);
    assertThat(dataset.train().classes()).containsExactly("blue", "green", "red", "violet");
    assertThat(count(dataset, 0)).isEqualTo(PER_CLASS + 1);
    assertThat(count(dataset, 3)).isEqualTo(Corrections.NEW_CLASS);
    assertThat(dataset.skipped().first())
        .containsExactly(new Skipped("1 images corrected to 'vioelt'", "new-class"));
  }

  @Test
  void learnsNoClassFromImagesThatShowNone() throws Exception {
    Path bucket = Files.createDirectories(temp.resolve("images"));
    Corrections corrections = corrections(temp);
    for (int i = 0; i < Corrections.NEW_CLASS; i++) {
      Path image = bucket.resolve("pizza " + i);
      Files.copy(files().get(i), image);
      corrections.add(none("images", "pizza " + i, md5(image) + i));
    }
    Path red = files().stream().filter(f -> f.toString().contains("red")).findFirst().get();
    corrections.add(none("images", folder.relativize(red).toString(), md5(red)));
    Dataset dataset = with(corrections).toTrain(SIZE, Resize.CROP, listener);
    assertThat(dataset.train().classes()).containsExactly("blue", "green", "red");
    assertThat(count(dataset, 0)).isEqualTo(PER_CLASS);
    assertThat(count(dataset, 2)).isEqualTo(PER_CLASS - 1);
    assertThat(dataset.skipped().first())
        .containsExactly(new Skipped("11 images corrected to none of the classes", "no-class"));
    assertThat(corrections.classesWith(List.of("red"))).containsExactly("red");
  }

  @Test
  void addsCorrectedImagesToAnotherDataSet() throws Exception {
    Path bucket = Files.createDirectories(temp.resolve("images"));
    Corrections corrections = corrections(temp);
    for (int i = 0; i < 20; i++) {
      Files.copy(files().get(i), bucket.resolve("photo " + i));
      corrections.add(result("images", "photo " + i, "etag " + i, i == 0 ? "brown" : "violet"));
    }
    Dataset cifar =
        CifarSource.read(ColouredShapes.write(temp.resolve("cifar"), 20, 1))
            .resized(SIZE, Resize.CROP);
    List<String> classes = corrections.classesWith(cifar.train().classes());
    ClassFolders alone =
        new ClassFolders(
            Optional.empty(), Optional.empty(), corrections, temp.resolve("cache"), 1 << 30);
    Dataset both = cifar.with(alone.toTest(classes, SIZE, Resize.CROP, listener));
    assertThat(both.train().classes()).hasSize(11).endsWith("violet");
    assertThat(count(both, 10)).isEqualTo(19);
    assertThat(count(both, 9)).isEqualTo(count(cifar, 9) + 1);
    assertThat(both.train().count()).isGreaterThan(cifar.train().count() + 10);
    assertThat(both.train().read(0, 3)).isEqualTo(cifar.train().read(0, 3));
  }

  private static Corrections corrections(Path buckets) throws InvalidDataException {
    return new Corrections(ImagePlace.of(buckets));
  }

  private static JsonNode result(String bucket, String key, String etag, String label) {
    var result = new ObjectMapper().createObjectNode();
    result.put("bucket", bucket).put("key", key).put("etag", etag);
    result.putObject("correction").put("label", label);
    return result;
  }

  private static JsonNode none(String bucket, String key, String etag) {
    var result = new ObjectMapper().createObjectNode();
    result.put("bucket", bucket).put("key", key).put("etag", etag);
    result.putObject("correction").put("none", true);
    return result;
  }

  private static String md5(Path file) throws Exception {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("MD5").digest(Files.readAllBytes(file)));
  }

  private static long count(Dataset dataset, int label) {
    return Stream.of(dataset.train(), dataset.heldOut(), dataset.test())
        .flatMapToInt(part -> Arrays.stream(part.labels()))
        .filter(each -> each == label)
        .count();
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile)
          .filter(file -> file.toString().matches(".*image.*(png|jpg)"))
          .sorted()
          .toList();
    }
  }

  private static Set<ByteBuffer> all(Dataset dataset) {
    Set<ByteBuffer> all = images(dataset.train());
    all.addAll(images(dataset.heldOut()));
    all.addAll(images(dataset.test()));
    return all;
  }

  private static Set<ByteBuffer> images(Images images) {
    List<ByteBuffer> all = new ArrayList<>();
    for (int image = 0; image < images.count(); image++) {
      all.add(ByteBuffer.wrap(images.read(image, image + 1)));
    }
    return new HashSet<>(all);
  }

  private static void assertRefused(ThrowingCallable reading, String message) {
    assertThatThrownBy(reading)
        .isInstanceOf(InvalidDataException.class)
        .hasMessageStartingWith(message);
  }
}
