package io.pigeonhole.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.pigeonhole.local.gateway.Rate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of clients that ask more often than the gateway lets them. */
class ThrottledIT {
  private static final Rate RATE = new Rate(5, 10);

  @TempDir private static Path data;
  @AutoClose private static RunningProduct product;

  @TempDir private Path folder;

  @BeforeAll
  static void start() throws Exception {
    product = new RunningProduct(RunningProduct.settings(data, RATE));
  }

  @Test
  void isToldToComeBackLater() throws Exception {
    // at once, however long each takes
    int requests = 3 * RATE.burst();
    ExecutorService clients = Executors.newFixedThreadPool(requests);
    List<Integer> statuses = new ArrayList<>();
    try {
      Callable<Integer> asked = () -> product.get("/labels").statusCode();
      for (Future<Integer> status : clients.invokeAll(Collections.nCopies(requests, asked))) {
        statuses.add(status.get());
      }
    } finally {
      clients.shutdown();
    }
    assertThat(statuses).containsOnly(200, 429);
    RunningProduct.await(() -> product.get("/labels").statusCode() == 200);
  }

  @Test
  void labelsAllTheSameFromACommandLine() throws Exception {
    List<String> command = new ArrayList<>(List.of("label", "--json"));
    for (int i = 0; i < 40; i++) {
      Path image = folder.resolve(i + ".png");
      Files.write(image, Scenes.encode(Scenes.draw(Scenes.CLASSES.get(i % 10), 32 + i), "png"));
      command.add(image.toString());
    }
    CommandLine.Ended ended = new CommandLine(product, folder).run(command.toArray(String[]::new));
    assertThat(ended.err()).isEmpty();
    assertThat(ended.exit()).isZero();
    assertThat(ended.out().lines()).hasSize(40).allMatch(line -> line.contains("\"label\":"));
  }
}
