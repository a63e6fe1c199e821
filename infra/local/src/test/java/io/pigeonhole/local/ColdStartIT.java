package io.pigeonhole.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.pigeonhole.local.bench.Program;
import io.pigeonhole.local.lambda.LambdaFunction;
import io.pigeonhole.local.lambda.Outcome;
import io.pigeonhole.local.s3.S3Server;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * From the start of a process to its first answer, the model's way from S3 included: run with
 * {@code -Pbench}. The native executable takes part if it is built.
 */
@Tag("bench")
class ColdStartIT {
  private static final int STARTS = 15;

  @TempDir private Path data;

  /** One start. */
  private record Start(double millis, double cpuMillis, double peakMegabytes) {}

  @Test
  void firstAnswers() throws Exception {
    Path build = BenchmarkPrograms.build();
    Map<String, Path> builds = new LinkedHashMap<>();
    builds.put("JVM", build);
    Path executable = build.resolve("functions-runner");
    if (Files.isExecutable(executable)) {
      builds.put("native executable", executable);
    }
    Map<String, List<Start>> starts = new LinkedHashMap<>();
    try (S3Server s3 = S3Server.start(0, data.resolve("s3"), Buckets.ALL, object -> {})) {
      new BundledModels(RunningProduct.settings(data).bundledModels())
          .copyTo(s3.endpoint(), Buckets.MODELS);
      for (int round = 0; round <= STARTS; round++) {
        for (Map.Entry<String, Path> functions : builds.entrySet()) {
          Start start = start(functions.getValue(), s3);
          if (round > 0) { // the first one fills the page cache
            starts.computeIfAbsent(functions.getKey(), name -> new ArrayList<>()).add(start);
          }
        }
      }
    }
    report(starts);
  }

  private Start start(Path functions, S3Server s3) throws Exception {
    Path temporary = Files.createDirectories(data.resolve("tmp"));
    byte[] event = BenchmarkPrograms.event(Scenes.jpeg("cat")).getBytes(StandardCharsets.UTF_8);
    try (LambdaFunction classify =
        new Functions(functions, "cifar10", line -> {}).classify(s3.endpoint(), temporary)) {
      CompletableFuture<Outcome> answer = classify.invoke(event);
      long begin = System.nanoTime();
      classify.start();
      Outcome outcome = answer.get();
      double millis = (System.nanoTime() - begin) / 1e6;
      assertThat(outcome).as("%s", outcome).isInstanceOf(Outcome.Responded.class);
      assertThat(new String(((Outcome.Responded) outcome).payload(), StandardCharsets.UTF_8))
          .contains("\"statusCode\":200");
      try (Program program = new Running(classify.process().orElseThrow())) {
        return new Start(millis, program.cpuMillis(), program.peakMegabytes());
      }
    }
  }

  private static void report(Map<String, List<Start>> starts) {
    System.out.println("| process start to first answer | ms | CPU ms | peak MB |");
    System.out.println("|---|---|---|---|");
    starts.forEach(
        (name, measured) ->
            System.out.printf(
                Locale.ROOT,
                "| %s | %.0f | %.0f | %.0f |%n",
                name,
                median(measured, Start::millis),
                median(measured, Start::cpuMillis),
                median(measured, Start::peakMegabytes)));
  }

  private static double median(List<Start> starts, ToDoubleFunction<Start> figure) {
    return starts.stream().mapToDouble(figure).sorted().toArray()[starts.size() / 2];
  }

  /** A process that is only looked at. */
  private static final class Running extends Program {
    Running(ProcessHandle process) {
      super(process);
    }

    @Override
    public Measured measure(int count) throws IOException {
      throw new UnsupportedOperationException();
    }
  }
}
