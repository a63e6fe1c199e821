package io.pigeonhole.label;

/**
 * Empty objects whose keys end in a slash. The console makes one when a <a
 * href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-folders.html">folder</a> is
 * created: it is there to be seen in listings, and is nobody's image.
 */
final class FolderMarkers {
  private FolderMarkers() {}

  static boolean isOne(String key, int bytes) {
    return bytes == 0 && key.endsWith("/");
  }
}
