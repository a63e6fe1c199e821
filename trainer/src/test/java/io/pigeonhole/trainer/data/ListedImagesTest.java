package io.pigeonhole.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pigeonhole.image.Resize;
import io.pigeonhole.trainer.data.SkippedImages.Skipped;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists of files and labels, as people and services write them. */
class ListedImagesTest {

  private static final int PER_CLASS = 12;

  @TempDir Path temp;
  private Path folder;

  /** Files {@code <class> <n>.png} or {@code .jpg}, all in the folder {@code train}. */
  private final Map<String, String> labels = new TreeMap<>();

  @BeforeEach
  void write() throws IOException {
    folder = Files.createDirectories(temp.resolve("set"));
    Path classes = ColouredShapes.writeFolders(temp.resolve("classes"), 3, PER_CLASS, 1);
    Files.createDirectories(folder.resolve("train"));
    try (Stream<Path> all = Files.walk(classes)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        String label = file.getParent().getFileName().toString();
        String name = label + file.getFileName().toString().replace("image", "");
        Files.move(file, folder.resolve("train").resolve(name));
        labels.put(name, label);
      }
    }
  }

  private Path list(String name, String text) throws IOException {
    return list(name, text, StandardCharsets.UTF_8);
  }

  private Path list(String name, String text, Charset charset) throws IOException {
    return Files.writeString(folder.resolve(name), text, charset);
  }

  /** A row for each file. */
  private String rows(String format) {
    StringBuilder rows = new StringBuilder();
    labels.forEach((file, label) -> rows.append(format.formatted(file, label)));
    return rows.toString();
  }

  private Dataset read(Path list) throws Exception {
    return read(list, ListColumns.FOUND, Optional.empty());
  }

  private Dataset read(Path list, ListColumns columns, Optional<ImagePlace> images)
      throws Exception {
    ImagePlace place =
        ImagePlace.listed(
            ImagePlace.of(list.getParent()),
            list.getFileName().toString(),
            images,
            columns,
            bucket -> {
              throw new IllegalStateException("there is no S3 here");
            });
    return new ClassFolders(
            Optional.of(place),
            Optional.empty(),
            Corrections.none(),
            temp.resolve("cache"),
            1 << 30)
        .toTrain(16, Resize.CROP, new Silent());
  }

  private static final class Silent implements FolderListener {
    @Override
    public void preparing(long images, long bytes, Path where) {}

    @Override
    public void prepared(long done, long total) {}
  }

  /** The labels of all images by their names. */
  private static Map<String, String> labeled(Dataset dataset) {
    Map<String, String> labeled = new TreeMap<>();
    for (Images part : List.of(dataset.train(), dataset.heldOut(), dataset.test())) {
      for (int image = 0; image < part.count(); image++) {
        labeled.put(part.name(image), part.classes().get(part.labels()[image]));
      }
    }
    return labeled;
  }

  private void assertHasAll(Dataset dataset) {
    Map<String, String> expected = new TreeMap<>();
    labels.forEach((file, label) -> expected.put("train/" + file, label));
    assertThat(labeled(dataset)).isEqualTo(expected);
    assertThat(dataset.skipped().first()).isEmpty();
  }

  @Test
  void readsFilesAndLabels() throws Exception {
    assertHasAll(read(list("labels.csv", "file,label\n" + rows("train/%s,%s\n"))));
    assertHasAll(read(list("headless.csv", rows("train/%s,%s\n"))));
    assertHasAll(read(list("turned.csv", rows("%2$s,train/%1$s\n"))));
  }

  @Test
  void findsTheImagesBesideTheListAsContestsHaveThem() throws Exception {
    assertHasAll(read(list("train.csv", "image_id,label\n" + rows("%s,%s\n"))));
    assertHasAll(
        read(list("labels.csv", "id,breed\n" + rows("%s,%s\n").replaceAll("\\.\\w+,", ","))));
    assertHasAll(read(list("trainLabels.csv", "id,label\n" + rows("%s,%s\n"))));
  }

  @Test
  void doesNotTakeImagesOfTrainingForThoseOfAnotherList() throws Exception {
    Path list = list("val.csv", "image_id,label\n" + rows("%s,%s\n"));
    assertRefused(list, "none of the 36 rows of " + list + " can be used: missing 36");
  }

  @Test
  void takesTheImagesFromAnotherPlace() throws Exception {
    Path list = Files.createDirectories(temp.resolve("lists")).resolve("mine.csv");
    Files.writeString(list, "image,kind\n" + rows("%s,%s\n"));
    Dataset dataset =
        read(list, ListColumns.FOUND, Optional.of(ImagePlace.of(folder.resolve("train"))));
    assertThat(labeled(dataset)).isEqualTo(labels);
  }

  @Test
  void readsWhatSpreadsheetsAndWindowsWrite() throws Exception {
    assertHasAll(read(list("bom.csv", "\uFEFFfile,label\r\n" + rows("train\\%s,%s\r\n"))));
    assertHasAll(read(list("semicolons.csv", "file;label\r\n" + rows("\"train/%s\";\"%s\"\r\n"))));
    assertHasAll(read(list("tabs.tsv", "file\tlabel\n" + rows("train/%s\t%s\n"))));
    assertHasAll(
        read(
            list(
                "unicode.csv",
                "\uFEFFfile\tlabel\r\n" + rows("train\\%s\t%s\r\n"),
                StandardCharsets.UTF_16LE)));
    assertHasAll(read(list("spaces.csv", " file , label \n\n" + rows(" train/%s , %s \n\n"))));
  }

  @Test
  void readsCommasQuotesAndLinesInQuotes() throws Exception {
    String odd = "a, \"b\"\nc.png";
    Path first = folder.resolve("train").resolve(anyFile());
    Files.copy(first, folder.resolve("train").resolve(odd));
    String rows = rows("train/%s,\"%s, said so\",note\n");
    Dataset dataset =
        read(
            list(
                "labels.csv",
                "file,label,note\n\"train/a, \"\"b\"\"\nc.png\",\"blue, said so\",\"1\n2\"\n"
                    + rows));
    assertThat(dataset.train().classes())
        .containsExactly("blue, said so", "green, said so", "red, said so");
    assertThat(labeled(dataset)).hasSize(3 * PER_CLASS + 1).containsKey("train/" + odd);
  }

  @Test
  void skipsRowsThatCannotBeUsedAndNamesThem() throws Exception {
    Files.writeString(folder.resolve("train/text.jpg"), "no image");
    Files.writeString(temp.resolve("above.png"), "no image");
    Files.createSymbolicLink(folder.resolve("train/nowhere.png"), temp.resolve("nowhere"));
    String bad =
        """
        train/none.png,red
        train/nowhere.png,red
        train/text.jpg,red
        train/unlabeled.png,
        train/short.png
        ,red
        ../above.png,red
        train/../../above.png,red
        /etc/passwd,red
        C:\\photos\\cat.png,red
        """;
    SkippedImages skipped =
        read(list("labels.csv", "file,label\n" + bad + rows("train/%s,%s\n"))).skipped();
    assertThat(skipped.first())
        .containsExactlyInAnyOrder(
            new Skipped("train/none.png", "missing"),
            new Skipped("train/nowhere.png", "missing"),
            new Skipped("train/text.jpg", "not-an-image"),
            new Skipped("train/unlabeled.png", "no-class"),
            new Skipped("train/short.png", "no-class"),
            new Skipped("labels.csv line 7", "missing"),
            new Skipped("../above.png", "outside"),
            new Skipped("train/../../above.png", "outside"),
            new Skipped("/etc/passwd", "outside"),
            new Skipped("C:\\photos\\cat.png", "outside"));
  }

  @Test
  void takesAbsolutePathsIntoItsFolder() throws Exception {
    assertHasAll(read(list("labels.csv", "path,label\n" + rows(folder + "/train/%s,%s\n"))));
  }

  @Test
  void countsWhatIsSaidTwiceOnceAndDropsWhatContradictsItself() throws Exception {
    String file = labels.keySet().stream().filter(f -> f.startsWith("red")).findFirst().get();
    String rows = rows("train/%s,%s\n") + rows("./train//%s,%s\n");
    assertHasAll(read(list("twice.csv", "file,label\n" + rows)));
    Dataset dataset = read(list("both.csv", "file,label\n" + rows + "train/" + file + ",blue\n"));
    assertThat(dataset.skipped().first())
        .containsExactly(new Skipped("train/" + file, "two-classes"));
    assertThat(labeled(dataset)).hasSize(3 * PER_CLASS - 1).doesNotContainKey("train/" + file);
  }

  @Test
  void doesNotGuessAmongFilesThatDifferInTheirEndings() throws Exception {
    Path file = folder.resolve("train").resolve(anyFile());
    String name = file.getFileName().toString().replaceAll("\\..*", "");
    Files.copy(file, folder.resolve("train/" + name + ".webp"));
    Files.writeString(folder.resolve("train/" + name + ".txt"), "a caption");
    String rows = rows("%s,%s\n").replaceAll("\\.\\w+,", ",");
    assertThat(read(list("labels.csv", "id,label\n" + rows)).skipped().first())
        .containsExactly(new Skipped(name, "several"));
  }

  @Test
  void asksForTheColumnsThatItCannotTell() throws Exception {
    Path two = list("two.csv", "class id,file,labels\n" + rows("7,train/%s,%s\n"));
    assertRefused(
        two,
        "cannot tell which column of %s has the labels; say it with --label-column: 'class id', 'labels'"
            .formatted(two));
    assertHasAll(
        read(two, new ListColumns(Optional.empty(), Optional.of("labels")), Optional.empty()));
    Path masks = list("masks.csv", "a,b,label\n" + rows("train/%s,masks/%1$s,%2$s\n"));
    assertRefused(
        masks,
        "cannot tell which column of %s has the files; say it with --image-column: 'a', 'b'"
            .formatted(masks));
    assertHasAll(
        read(masks, new ListColumns(Optional.of("a"), Optional.empty()), Optional.empty()));
    Path headless = list("headless.csv", rows("x,train/%s,%s\n"));
    assertRefused(
        headless,
        "cannot tell which column of %s has the labels; say it with --label-column: 1 ('x'), 3 ("
            .formatted(headless));
    assertHasAll(
        read(headless, new ListColumns(Optional.of("2"), Optional.of("3")), Optional.empty()));
    assertThatThrownBy(
            () ->
                read(two, new ListColumns(Optional.empty(), Optional.of("kind")), Optional.empty()))
        .hasMessage(
            "%s has no column 'kind' (--label-column); it has 'class id', 'file', 'labels'"
                .formatted(two));
    Path one = list("one.csv", rows("train/%s\n"));
    assertRefused(one, one + " has one column, 'train/");
  }

  @Test
  void losesNoRowByAStrayQuoteInAnother() throws Exception {
    Path list = list("stray.csv", "file,label\n\"b\" x.png,red\n" + rows("train/%s,%s\n"));
    Dataset dataset = read(list);
    assertThat(dataset.skipped().first()).containsExactly(new Skipped("b x.png", "missing"));
    assertThat(dataset.trainAndHeldOut().count() + dataset.test().count()).isEqualTo(labels.size());
    Path none = list("header.csv", "file,label\n");
    assertRefused(none, none + " has no rows");
  }

  @Test
  void refusesWhatIsNoList() throws Exception {
    Path latin = list("latin.csv", "file,label\na.png,Vögel\n", StandardCharsets.ISO_8859_1);
    assertRefused(latin, latin + " is not text in UTF-8");
    Path open = list("open.csv", "file,label\n" + rows("train/%s,%s\n") + "train/a.png,\"red\n");
    assertRefused(open, open + ": ");
    Path empty = list("empty.csv", "");
    assertRefused(empty, empty + " is empty");
    assertRefused(folder.resolve("none.csv"), "there is no " + folder.resolve("none.csv"));
  }

  @Test
  void refusesLabelsThatNoFolderCanHave() throws Exception {
    Path list =
        list("labels.csv", "file,label\n" + rows("train/%s,%s\n").replace(",red", ",C/C++"));
    assertRefused(list, "the label 'C/C++' in " + list + " cannot be a class: ");
    Path lines =
        list(
            "labels.jsonl",
            "{\"file\":\"a.png\",\"label\":\"C/C++\"}\n".replace("a.png", anyFile()));
    assertRefused(lines, "the label 'C/C++' in " + lines + " cannot be a class: ");
  }

  @Test
  void readsTablesOfOneObjectALine() throws Exception {
    assertHasAll(read(list("metadata.jsonl", rows("{\"file_name\":\"%s\",\"label\":\"%s\"}\n"))));
  }

  @Test
  void readsManifestsOfLabelingServices() throws Exception {
    String images = "{\"source-ref\":\"train/%s\",";
    assertHasAll(read(list("builtin.manifest", rows(images + "\"class\":\"%s\"}\n"))));
    assertHasAll(
        read(
            list(
                "ground-truth.manifest",
                rows(
                    images
                        + "\"job\":0,\"job-metadata\":{\"confidence\":0.94,\"job-name\":\"labeling-job/job\","
                        + "\"class-name\":\"%s\",\"human-annotated\":\"yes\",\"creation-date\":"
                        + "\"2018-11-18T22:18:13.527Z\",\"type\":\"groundtruth/image-classification\"}}\n"))));
    assertHasAll(
        read(
            list(
                "rekognition.manifest",
                rows(
                    images
                        + "\"set-classification_%2$s\":1,\"set-classification_%2$s-metadata\":{\"confidence\":1,"
                        + "\"job-name\":\"labeling-job/set\",\"class-name\":\"%2$s\",\"human-annotated\":\"yes\","
                        + "\"creation-date\":\"2020-03-06T17:46:39.176\",\"type\":\"groundtruth/image-classification\"}}\n"))));
    assertHasAll(
        read(
            list(
                "multi.manifest",
                rows(
                    images
                        + "\"job\":[3],\"job-metadata\":{\"class-map\":{\"3\":\"%s\"},\"confidence-map\":{\"3\":0.9},"
                        + "\"type\":\"groundtruth/image-classification-multilabel\"}}\n"))));
  }

  @Test
  void skipsTheLinesOfManifestsThatHaveNotOneLabel() throws Exception {
    String rows =
        rows(
            "{\"source-ref\":\"train/%s\",\"job\":0,\"job-metadata\":{\"class-name\":\"%s\",\"type\":"
                + "\"groundtruth/image-classification\"}}\n");
    String bad =
        """
        {"source-ref":"train/1.png","id":"17"}
        {"source-ref":"train/2.png","job-metadata":{"failure-reason":"ClientError"}}
        {"source-ref":"train/3.png","job":{"annotations":[]},"job-metadata":{"class-map":{"0":"dog"},"type":"groundtruth/object-detection"}}
        no JSON
        [1]
        {"source-ref":"train/%1$s","a":1,"a-metadata":{"class-name":"red"},"b":1,"b-metadata":{"class-name":"blue"}}
        """
            .formatted(anyFile());
    SkippedImages skipped = read(list("output.manifest", bad + rows)).skipped();
    assertThat(skipped.first())
        .containsExactlyInAnyOrder(
            new Skipped("train/1.png", "no-class"),
            new Skipped("train/2.png", "no-class"),
            new Skipped("train/3.png", "no-class"),
            new Skipped("output.manifest line 4", "unreadable"),
            new Skipped("output.manifest line 5", "unreadable"),
            new Skipped("train/" + anyFile(), "two-classes"));
  }

  @Test
  void keepsImagesInTheirPartsWhateverTheOrderOfTheRows() throws Exception {
    List<String> rows = new ArrayList<>(rows("train/%s,%s\n").lines().toList());
    Dataset one = read(list("one.csv", String.join("\n", rows)));
    rows.sort(Comparator.reverseOrder());
    Dataset other = read(list("other.csv", String.join("\n", rows)));
    assertThat(names(other.test())).isEqualTo(names(one.test()));
    assertThat(other.sha256()).isEqualTo(one.sha256());
  }

  private String anyFile() {
    return labels.keySet().iterator().next();
  }

  private static List<String> names(Images part) {
    return IntStream.range(0, part.count()).mapToObj(part::name).toList();
  }

  private void assertRefused(Path list, String message) {
    assertThatThrownBy(() -> read(list))
        .isInstanceOf(InvalidDataException.class)
        .hasMessageStartingWith(message);
  }
}
