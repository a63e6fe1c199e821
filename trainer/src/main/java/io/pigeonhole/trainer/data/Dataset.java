package io.pigeonhole.trainer.data;

import io.pigeonhole.image.Resize;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;

/**
 * Labeled images in three parts, none of which has an image of another.
 *
 * @param train to learn from
 * @param heldOut to choose by: temperature, threshold, recipe
 * @param test to measure with; nothing is decided by them
 * @param sha256 lower-case hex, the same for the same images
 * @param skipped files that could not be used
 */
public record Dataset(
    Images train, Images heldOut, Images test, String sha256, SkippedImages skipped) {

  /** This data set and another, whose classes begin with those of this one. */
  public Dataset with(Dataset other) {
    MessageDigest digest = Digests.sha256();
    digest.update((sha256 + other.sha256).getBytes(StandardCharsets.UTF_8));
    return new Dataset(
        new JoinedImages(List.of(train, other.train)),
        new JoinedImages(List.of(heldOut, other.heldOut)),
        new JoinedImages(List.of(test, other.test)),
        HexFormat.of().formatHex(digest.digest()),
        other.skipped);
  }

  /** The images that are not tested with, those held out last. */
  public Images trainAndHeldOut() {
    return new JoinedImages(List.of(train, heldOut));
  }

  /** The same data set with images of another size. */
  public Dataset resized(int size, Resize resize) {
    return train.size() == size
        ? this
        : new Dataset(
            new ResizedImages(train, size, resize),
            new ResizedImages(heldOut, size, resize),
            new ResizedImages(test, size, resize),
            sha256,
            skipped);
  }
}
