package io.pigeonhole.trainer.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import software.amazon.awssdk.services.s3.S3Client;

/** Where image files lie, in folders or as a list names them. Thread-safe. */
public interface ImagePlace {

  /**
   * A folder of this machine.
   *
   * @throws InvalidDataException if there is none
   */
  static ImagePlace of(Path folder) throws InvalidDataException {
    if (!Files.isDirectory(folder)) {
      throw new InvalidDataException(folder + " is not a folder");
    }
    return new FolderPlace(folder);
  }

  /**
   * The part of a bucket below a prefix.
   *
   * @param prefix what every key begins with: empty, or a path that ends with a slash
   */
  static ImagePlace of(S3Client s3, String bucket, String prefix) {
    return new BucketPlace(s3, bucket, prefix);
  }

  /**
   * What a list names: a table of files and labels ({@code .csv}, {@code .tsv}), or a manifest of
   * one JSON object a line ({@code .jsonl}, {@code .ndjson}, {@code .manifest}).
   *
   * @param folder where the list is
   * @param file its name there
   * @param images where the images are; empty: in its folder, or in a folder beside it that is
   *     called as usual
   * @param buckets the whole of a bucket, for images that the list names as {@code s3://…}
   */
  static ImagePlace listed(
      ImagePlace folder,
      String file,
      Optional<ImagePlace> images,
      ListColumns columns,
      Function<String, ImagePlace> buckets) {
    return new ListedImages(folder, file, images, columns, buckets);
  }

  /** Whether a file is a list by its name. */
  static boolean isList(String name) {
    return ListedImages.isList(name);
  }

  /** As messages name it. */
  String name();

  /** Tells of everything that is there, in any order. */
  void list(Found found) throws IOException, InvalidDataException;

  /**
   * The names of the folders right in a folder.
   *
   * @param folder empty for the place itself
   * @return none where files lie in no folders
   */
  default Set<String> folders(String folder) throws IOException {
    return Set.of();
  }

  /** A file of a folder, as it is listed. */
  record Stored(long size, String stamp) {}

  /**
   * The files right in a folder by their names, those that can be read.
   *
   * @param folder empty for the place itself
   * @return none if there is no such folder
   */
  default Map<String, Stored> files(String folder) throws IOException {
    return Map.of();
  }

  /** What an absolute path is called here; empty if it leads elsewhere. */
  default Optional<String> relative(String absolute) {
    return Optional.empty();
  }

  /**
   * The bytes of a file.
   *
   * @param key as it was listed
   * @param stamp as it was listed
   * @throws MissingImageException if just this file cannot be read any more
   * @throws IOException if the place cannot be read
   */
  byte[] read(String key, String stamp) throws IOException, MissingImageException;

  /** Whether a file has this content. */
  boolean has(String key, String stamp, String etag);

  /**
   * What a file is called in S3: bucket, slash and key.
   *
   * @return empty if it is not there
   */
  default String object(String key) {
    return "";
  }

  /** How many reads at a time make sense. */
  default int threads() {
    return Runtime.getRuntime().availableProcessors();
  }

  /** Hears what a place has. Names are parts joined by slashes. */
  interface Found {

    /** A folder, which may be empty. */
    void folder(String key) throws InvalidDataException;

    /**
     * A file.
     *
     * @param size in bytes
     * @param stamp another one whenever the content is another: an ETag or a time
     */
    void file(String key, long size, String stamp) throws IOException, InvalidDataException;

    /** A file whose class is not what its folder is called. */
    void labeled(String key, String label, long size, String stamp)
        throws IOException, InvalidDataException;

    /**
     * Something that is no file that could be used.
     *
     * @param code as {@link SkippedImages.Skipped} has it
     */
    void unusable(String key, String code);
  }
}
