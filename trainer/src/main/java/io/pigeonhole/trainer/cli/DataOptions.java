package io.pigeonhole.trainer.cli;

import io.pigeonhole.image.Resize;
import io.pigeonhole.trainer.data.CifarSource;
import io.pigeonhole.trainer.data.ClassFolders;
import io.pigeonhole.trainer.data.Corrections;
import io.pigeonhole.trainer.data.Dataset;
import io.pigeonhole.trainer.data.Download;
import io.pigeonhole.trainer.data.ImagePlace;
import io.pigeonhole.trainer.data.Images;
import io.pigeonhole.trainer.data.InvalidDataException;
import io.pigeonhole.trainer.data.ListColumns;
import io.pigeonhole.trainer.data.OutlierImages;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import software.amazon.awssdk.services.s3.S3Client;

/** Where the images come from. */
final class DataOptions {

  private static final long GIB = 1L << 30;

  @CommandLine.Spec(CommandLine.Spec.Target.MIXEE)
  private CommandLine.Model.CommandSpec command;

  @Option(
      names = "--data",
      paramLabel = "PLACE",
      description = {
        "Images of one's own: a folder or s3://bucket[/prefix] with one folder a class, or a list of"
            + " files and labels (.csv, .tsv, or JSON Lines: .jsonl, .manifest). Or CIFAR-10, binary"
            + " version: the folder with data_batch_1.bin … test_batch.bin, or the .tar.gz of"
            + " it. Without it, CIFAR-10 is fetched from its home page (170 MB, once, checked) into"
            + " the cache folder."
      })
  private Optional<String> data;

  @Option(
      names = "--test",
      paramLabel = "PLACE",
      description = {
        "Images to test with, one folder a class or a list, too. Without it, one image in ten of"
            + " --data is tested with, always the same."
      })
  private Optional<String> test;

  @Option(
      names = "--images",
      paramLabel = "PLACE",
      description = {
        "Where the files are that a list names: a folder or s3://bucket[/prefix]. Without it, the"
            + " folder of the list, or images, train or the like beside it."
      })
  private Optional<String> images;

  @Option(
      names = "--image-column",
      paramLabel = "COLUMN",
      description = {
        "The column of a list that names the files: what its first row calls it, or its number from"
            + " 1. Without it, the one that looks so."
      })
  private Optional<String> imageColumn;

  @Option(
      names = "--label-column",
      paramLabel = "COLUMN",
      description = {
        "The column of a list that has the labels, likewise; in a manifest, the name of the label"
            + " attribute."
      })
  private Optional<String> labelColumn;

  @Option(
      names = "--split-folders",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = {
        "Take folders of --data that are called train, val and test, or alike, and have the same"
            + " folders in them, for the parts of the set, and not for classes (default: yes)."
      })
  private boolean splitFolders;

  @Option(
      names = "--outliers",
      paramLabel = "PLACE",
      description = {
        "A folder or s3://bucket[/prefix] of images that show none of the classes, such as a part of"
            + " one's own bucket: the report says how many of them are told from known ones. Of more"
            + " than 2,000, so many are taken. They are not trained on."
      })
  private Optional<String> outliers;

  @CommandLine.Mixin private CacheOption cache;

  @Option(
      names = "--cache-limit",
      paramLabel = "GIB",
      defaultValue = "50",
      description = {
        "What decoded data sets may take of the disk together (default: ${DEFAULT-VALUE}): more, and"
            + " those not used for longest go."
      })
  private long limit;

  @Option(names = "--data-url", hidden = true)
  private Optional<URI> address;

  /** Whether it is CIFAR-10, which needs no name. */
  boolean isCifar() {
    return data.isEmpty()
        ? test.isEmpty()
        : !BucketPrefix.isOne(data.get())
            && !isList(data.get())
            && CifarSource.isThere(Path.of(data.get()));
  }

  private static boolean isList(String place) {
    return ImagePlace.isList(place)
        && (BucketPrefix.isOne(place) || !Files.isDirectory(Path.of(place)));
  }

  /** What the manifest calls the images, if nobody says otherwise. */
  String name() {
    String place = data.or(() -> test).orElse("").replaceAll("/+$", "");
    return isCifar() ? "CIFAR-10" : place.substring(place.lastIndexOf('/') + 1);
  }

  /**
   * The images to train with, after fetching and decoding them if need be.
   *
   * @param corrections where people's corrections are, {@code s3://bucket[/prefix]}
   * @param size side of the images that the network takes
   * @param s3 made if it is needed
   */
  Dataset toTrain(
      Optional<String> corrections, int size, Resize resize, Supplier<S3Client> s3, PrintWriter out)
      throws IOException, InvalidDataException, InterruptedException {
    requireAList();
    Corrections corrected = Corrections.none();
    if (corrections.isPresent()) {
      BucketPrefix results = BucketPrefix.of(corrections.get());
      corrected = Corrections.of(s3.get(), results.bucket(), results.prefix());
    }
    Preparing preparing = new Preparing(out);
    if (!isCifar()) {
      return preparing.told(folders(corrected, s3).toTrain(size, resize, preparing));
    }
    Dataset cifar = cifar(out).resized(size, resize);
    if (corrected.isEmpty()) {
      return cifar;
    }
    List<String> classes = corrected.classesWith(cifar.train().classes());
    ClassFolders alone =
        new ClassFolders(Optional.empty(), Optional.empty(), corrected, sets(), limit());
    return cifar.with(preparing.told(alone.toTest(classes, size, resize, preparing)));
  }

  /** The images to measure a model with. */
  Dataset toTest(
      List<String> classes, int size, Resize resize, Supplier<S3Client> s3, PrintWriter out)
      throws IOException, InvalidDataException, InterruptedException {
    requireAList();
    if (isCifar()) {
      return cifar(out).resized(size, resize);
    }
    Preparing preparing = new Preparing(out);
    return preparing.told(folders(Corrections.none(), s3).toTest(classes, size, resize, preparing));
  }

  /** Whether there are images of none of the classes to measure with. */
  boolean hasOutliers() {
    return outliers.isPresent();
  }

  /** Images that show none of the classes, if there are some to measure with. */
  Optional<Images> outliers(int size, Resize resize, Supplier<S3Client> s3)
      throws IOException, InvalidDataException, InterruptedException {
    return outliers.isEmpty()
        ? Optional.empty()
        : Optional.of(OutlierImages.of(folder(outliers.get(), s3), size, resize));
  }

  /** What says how to read a list would have no effect without one. */
  private void requireAList() {
    boolean said = images.isPresent() || imageColumn.isPresent() || labelColumn.isPresent();
    if (said && Stream.of(data, test).flatMap(Optional::stream).noneMatch(DataOptions::isList)) {
      throw new CommandLine.ParameterException(
          command.commandLine(),
          "--images, --image-column and --label-column are for a list as --data or --test");
    }
  }

  private ClassFolders folders(Corrections corrections, Supplier<S3Client> s3)
      throws InvalidDataException {
    return new ClassFolders(
        place(data, s3), place(test, s3), corrections, sets(), limit(), splitFolders);
  }

  private Optional<ImagePlace> place(Optional<String> place, Supplier<S3Client> s3)
      throws InvalidDataException {
    if (place.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(isList(place.get()) ? list(place.get(), s3) : folder(place.get(), s3));
  }

  private static ImagePlace folder(String place, Supplier<S3Client> s3)
      throws InvalidDataException {
    if (!BucketPrefix.isOne(place)) {
      return ImagePlace.of(Path.of(place));
    }
    BucketPrefix part = BucketPrefix.of(place);
    return ImagePlace.of(s3.get(), part.bucket(), part.prefix());
  }

  private ImagePlace list(String place, Supplier<S3Client> s3) throws InvalidDataException {
    int slash = BucketPrefix.isOne(place) ? place.lastIndexOf('/') : -1;
    Path local = Path.of(place);
    String folder =
        slash < 0
            ? Optional.ofNullable(local.getParent()).orElse(Path.of("")).toString()
            : place.substring(0, slash);
    String file = slash < 0 ? String.valueOf(local.getFileName()) : place.substring(slash + 1);
    return ImagePlace.listed(
        folder(folder, s3),
        file,
        images.isPresent() ? Optional.of(folder(images.get(), s3)) : Optional.empty(),
        new ListColumns(imageColumn, labelColumn),
        bucket -> ImagePlace.of(s3.get(), bucket, ""));
  }

  private Dataset cifar(PrintWriter out) throws IOException, InvalidDataException {
    if (test.isPresent()) {
      throw new CommandLine.ParameterException(
          command.commandLine(), "--test is for images of one's own; CIFAR-10 has its test images");
    }
    if (data.isPresent()) {
      return CifarSource.read(Path.of(data.get()));
    }
    Download official = CifarSource.download(cache());
    Download download = address.map(official::from).orElse(official);
    return CifarSource.read(download.fetch(new Fetching(download, out)));
  }

  /** Where downloads, decoded images and checkpoints are kept. */
  Path cache() {
    return cache.folder();
  }

  /** Where decoded images are kept, and features. */
  Path sets() {
    return cache().resolve("sets");
  }

  /** Bytes that these may take together. */
  long limit() {
    return limit < 0 || limit > Long.MAX_VALUE / GIB ? Long.MAX_VALUE : limit * GIB;
  }
}
