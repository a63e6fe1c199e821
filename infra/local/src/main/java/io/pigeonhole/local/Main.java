package io.pigeonhole.local;

import java.util.concurrent.TimeUnit;

/** Runs the product on this machine, in the foreground, until Ctrl-C. */
public final class Main {
  private static final int ENDING_SECONDS = 5;

  private Main() {}

  /** Takes its settings from system properties, see {@link Settings}. */
  public static void main(String[] arguments) {
    long start = System.nanoTime();
    try {
      Settings settings = Settings.of(System.getProperties(), System.getenv());
      if (settings.endsWithParent()) {
        endWithParent();
      }
      Product product = new Product(Main::say);
      endWithProcess(product);
      product.start(settings);
      say(Banner.of(product, (System.nanoTime() - start) / 1e9));
      fail(product.failed().join());
    } catch (StartException e) {
      fail(e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void say(String line) {
    System.out.println(line);
  }

  private static void fail(String why) {
    System.err.println("pigeonhole: " + why);
    System.exit(1);
  }

  /** When Maven is killed, it cannot end its child; this one looks for itself. */
  private static void endWithParent() {
    ProcessHandle.current().parent().ifPresent(parent -> background("parent", () -> end(parent)));
  }

  private static void end(ProcessHandle parent) {
    parent.onExit().join();
    System.exit(1);
  }

  private static void endWithProcess(Product product) {
    Thread ending =
        new Thread(
            () -> {
              background("watchdog", Main::haltLater);
              product.close();
            },
            "ending");
    Runtime.getRuntime().addShutdownHook(ending);
  }

  private static void haltLater() {
    try {
      TimeUnit.SECONDS.sleep(ENDING_SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(1);
  }

  private static void background(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }
}
