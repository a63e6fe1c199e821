package io.pigeonhole.trainer.cli;

import io.pigeonhole.trainer.data.Dataset;
import io.pigeonhole.trainer.data.FolderListener;
import io.pigeonhole.trainer.data.SkippedImages;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/** Tells how images of one's own are prepared, and what there is of them. */
final class Preparing implements FolderListener {

  private static final int LINES = 10;
  private static final int SKIPPED = 5;

  private final PrintWriter out;
  private long printed;

  Preparing(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void split(Set<String> folders) {
    out.printf(
        "%s are taken for the parts of the set; --no-split-folders takes them for classes%n",
        String.join(", ", new TreeSet<>(folders)));
    out.flush();
  }

  @Override
  public void preparing(long images, long bytes, Path folder) {
    out.printf(
        "decoding %,d images once; they take %,d MB of disk in %s%n",
        images, (bytes + (1 << 20) - 1) >> 20, folder);
    out.flush();
  }

  @Override
  public void prepared(long done, long total) {
    long tenth = done * LINES / total;
    if (tenth > printed && total >= LINES) {
      printed = tenth;
      out.printf("decoded %,d of %,d%n", done, total);
      out.flush();
    }
  }

  /** Prints what a data set has. */
  Dataset told(Dataset dataset) {
    out.printf(
        "%d classes: %,d images to train on, %,d held out, %,d to test with%n",
        dataset.train().classes().size(),
        dataset.train().count(),
        dataset.heldOut().count(),
        dataset.test().count());
    SkippedImages skipped = dataset.skipped();
    if (skipped.count() > 0) {
      out.printf("%,d files skipped: %s%n", skipped.count(), skipped.all().orElseThrow());
      skipped.first().stream()
          .limit(SKIPPED)
          // a terminal must not obey a name
          .forEach(e -> out.printf("  %s: %s%n", e.key().replaceAll("\\p{Cntrl}", "?"), e.code()));
    }
    out.flush();
    return dataset;
  }
}
