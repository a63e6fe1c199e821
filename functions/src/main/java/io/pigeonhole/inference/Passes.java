package io.pigeonhole.inference;

import ai.djl.translate.TranslateException;
import io.pigeonhole.model.Answer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/** Takes the images of a batch through a network in parts, side by side. */
final class Passes {
  private static final ExecutorService THREADS =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "network-pass");
            thread.setDaemon(true);
            return thread;
          });

  private Passes() {}

  /** One forward pass: an answer for each image. */
  @FunctionalInterface
  interface Pass {
    List<Answer> answers(Batch batch) throws TranslateException;
  }

  /**
   * As many passes as there are images for, each with as many of them.
   *
   * @param most how many at a time
   * @throws TranslateException if one of them fails; then all of them have ended, too
   */
  static List<Answer> sideBySide(Batch batch, int most, Pass pass) throws TranslateException {
    int images = batch.size();
    int count = Math.min(most, images);
    if (count <= 1) {
      return pass.answers(batch);
    }
    List<CompletableFuture<List<Answer>>> parts =
        IntStream.range(0, count)
            .mapToObj(i -> batch.part(images * i / count, images * (i + 1) / count))
            .map(part -> CompletableFuture.supplyAsync(() -> answers(pass, part), THREADS))
            .toList();
    try {
      // of all: no pass may be under way when the model is closed
      CompletableFuture.allOf(parts.toArray(new CompletableFuture<?>[0])).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof TranslateException failed) {
        throw failed;
      }
      if (e.getCause() instanceof RuntimeException failed) {
        throw failed;
      }
      throw e;
    }
    return parts.stream().map(CompletableFuture::join).flatMap(List::stream).toList();
  }

  private static List<Answer> answers(Pass pass, Batch part) {
    try {
      return pass.answers(part);
    } catch (TranslateException e) {
      throw new CompletionException(e);
    }
  }
}
