package io.pigeonhole.trainer.cli;

import io.pigeonhole.trainer.data.Download;
import java.io.PrintWriter;

/** Prints a line whenever another tenth of a download has come. */
final class Fetching implements Download.Listener {

  private static final int LINES = 10;

  private final Download download;
  private final PrintWriter out;
  private long printed = -1;

  Fetching(Download download, PrintWriter out) {
    this.download = download;
    this.out = out;
  }

  @Override
  public void received(long bytes, long total) {
    long tenth = bytes * LINES / total;
    if (tenth > printed) {
      printed = tenth;
      out.printf("fetching %s: %d of %d MB%n", download.address(), bytes >> 20, total >> 20);
      out.flush();
    }
  }
}
