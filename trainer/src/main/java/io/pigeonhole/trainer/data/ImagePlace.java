package io.pigeonhole.trainer.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import software.amazon.awssdk.services.s3.S3Client;

/** Where image files lie in folders. Thread-safe. */
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

    /** Something that is no file that could be read. */
    void unreadable(String key);
  }
}
