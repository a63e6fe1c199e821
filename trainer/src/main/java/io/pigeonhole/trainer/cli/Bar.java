package io.pigeonhole.trainer.cli;

import java.io.PrintWriter;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Progress for a terminal: a bar with the time left; a line remains of each epoch. */
final class Bar implements Progress.Display {

  private static final int WIDTH = 120;

  private final PrintWriter out;
  private final ProgressBar bar;

  Bar(long total, PrintWriter out) {
    this.out = out;
    this.bar =
        new ProgressBarBuilder()
            .setTaskName("training")
            .setInitialMax(total)
            .setStyle(ProgressBarStyle.ASCII)
            .setConsumer(new ConsoleProgressBarConsumer(System.out, WIDTH))
            .build();
  }

  @Override
  public void step(long done, long total, String state, double seconds, double left) {
    bar.setExtraMessage(" " + state);
    bar.stepTo(done);
  }

  @Override
  public void line(String text) {
    out.print("\r" + text + " ".repeat(Math.max(0, WIDTH - text.length())) + "\n");
    out.flush();
  }

  @Override
  public void close() {
    bar.close();
  }
}
