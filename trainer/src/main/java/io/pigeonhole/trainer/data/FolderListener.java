package io.pigeonhole.trainer.data;

import java.nio.file.Path;
import java.util.Set;

/** Hears how the preparation of a data set of folders goes. */
public interface FolderListener {

  /**
   * When the folders turn out to be parts of the data set, with the classes in them.
   *
   * @param folders such as {@code train} and {@code val}
   */
  default void split(Set<String> folders) {}

  /**
   * Before images are decoded.
   *
   * @param images that have to be decoded
   * @param bytes of the disk that the whole set takes
   * @param folder where
   */
  void preparing(long images, long bytes, Path folder);

  /** After each image. */
  void prepared(long done, long total);
}
