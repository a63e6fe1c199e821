package io.pigeonhole.image;

import com.drew.imaging.jpeg.JpegMetadataReader;
import com.drew.imaging.jpeg.JpegProcessingException;
import com.drew.metadata.Metadata;
import com.drew.metadata.exif.ExifIFD0Directory;
import com.drew.metadata.exif.ExifReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;

/** How a photo was held: EXIF tag 0x0112, 1 to 8 (CIPA DC-008, 4.6.4). */
final class Orientation {
  private static final int UPRIGHT = 1;

  private Orientation() {}

  /** The orientation that a JPEG says; upright where it says none, or nothing readable. */
  static int of(byte[] jpeg) {
    try {
      Metadata metadata =
          JpegMetadataReader.readMetadata(
              new ByteArrayInputStream(jpeg), List.of(new ExifReader()));
      ExifIFD0Directory exif = metadata.getFirstDirectoryOfType(ExifIFD0Directory.class);
      Integer value = exif == null ? null : exif.getInteger(ExifIFD0Directory.TAG_ORIENTATION);
      return value == null || value < 1 || value > 8 ? UPRIGHT : value;
    } catch (JpegProcessingException | IOException | RuntimeException | StackOverflowError e) {
      return UPRIGHT; // bad metadata costs no picture
    }
  }

  static boolean swapsSides(int orientation) {
    return orientation >= 5;
  }

  /** Turns and mirrors pixels so that the top is up. */
  static Pixels apply(int orientation, Pixels image) {
    if (orientation == UPRIGHT) {
      return image;
    }
    boolean swap = swapsSides(orientation);
    int width = swap ? image.height() : image.width();
    int height = swap ? image.width() : image.height();
    boolean flipX = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
    boolean flipY = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
    byte[] from = image.rgb();
    byte[] to = new byte[from.length];
    for (int y = 0, t = 0; y < height; y++) {
      for (int x = 0; x < width; x++, t += 3) {
        int column = swap ? y : x;
        int row = swap ? x : y;
        column = flipX ? image.width() - 1 - column : column;
        row = flipY ? image.height() - 1 - row : row;
        System.arraycopy(from, 3 * (row * image.width() + column), to, t, 3);
      }
    }
    return new Pixels(width, height, to);
  }
}
