package io.pigeonhole.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as Maven starts it: how it starts, what it says when it cannot, how it ends. */
class ProcessIT {
  private static final int SECONDS_TO_END = 5;

  @TempDir Path folder;

  @Test
  void endsWithAllItsProcessesWhenItIsTerminated() throws Exception {
    Path data = folder.resolve("data");
    Process product = ProductProcess.start(List.of(), "-Dlocal.data=" + data);
    ProductProcess.awaitReady(product);
    assertThat(output(ProductProcess.start(List.of(), "-Dlocal.data=" + data)))
        .singleElement()
        .asString()
        .contains("in use by another instance (process " + product.pid() + ")");
    List<ProcessHandle> family = family(product.toHandle());
    assertThat(family).hasSizeGreaterThan(2);
    product.destroy();
    assertEnded(family);
  }

  @Test
  void isServedByTheProgramFromAnyFolder() throws Exception {
    ProcessBuilder serve =
        new ProcessBuilder(
                CommandLine.script().toString(),
                "serve",
                "--port",
                "0",
                "--s3-port",
                "0",
                "--data",
                "data",
                "-Dlocal.api.rate=100")
            .directory(folder.toFile())
            .redirectErrorStream(true);
    serve.environment().putAll(CommandLine.environment());
    Process program = serve.start();
    assertThat(ProductProcess.awaitReady(program))
        .anyMatch(line -> line.endsWith("Data is kept in " + folder.resolve("data")));
    List<ProcessHandle> family = family(program.toHandle());
    assertThat(family).hasSizeGreaterThan(3);
    program.destroy();
    assertEnded(family);
  }

  @Test
  void leavesNoFunctionBehindWhenItIsKilled() throws Exception {
    Process product = ProductProcess.start(List.of(), "-Dlocal.data=" + folder.resolve("data"));
    ProductProcess.awaitReady(product);
    List<ProcessHandle> family = family(product.toHandle());
    product.destroyForcibly();
    assertEnded(family);
  }

  @Test
  void endsWhenMavenIsKilled() throws Exception {
    List<String> maven = List.of("/bin/sh", "-c", "\"$@\"; exit $?", "maven");
    Process parent =
        ProductProcess.start(
            maven, "-Dlocal.data=" + folder.resolve("data"), "-Dlocal.ends-with-parent=true");
    ProductProcess.awaitReady(parent);
    List<ProcessHandle> family = family(parent.toHandle());
    parent.destroyForcibly();
    assertEnded(family);
  }

  @Test
  void saysInOneLineThatAPortIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Process product =
          ProductProcess.start(
              List.of(),
              "-Dlocal.data=" + folder.resolve("data"),
              "-Dlocal.s3.port=" + taken.getLocalPort());
      assertThat(output(product))
          .singleElement()
          .asString()
          .contains("port " + taken.getLocalPort())
          .contains("-Dlocal.s3.port=");
      assertThat(product.exitValue()).isEqualTo(1);
    }
  }

  @Test
  void saysInOneLineThatTheDataFolderCannotBeWritten() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "");
    Process product = ProductProcess.start(List.of(), "-Dlocal.data=" + file.resolve("data"));
    assertThat(output(product)).singleElement().asString().contains("cannot be written");
    assertThat(product.exitValue()).isEqualTo(1);
  }

  private static List<String> output(Process product) throws Exception {
    List<String> lines =
        new String(product.getInputStream().readAllBytes(), UTF_8).lines().toList();
    assertThat(product.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return lines;
  }

  private static List<ProcessHandle> family(ProcessHandle process) {
    return Stream.concat(Stream.of(process), process.descendants()).toList();
  }

  private static void assertEnded(List<ProcessHandle> family) throws InterruptedException {
    for (int i = 0;
        i < SECONDS_TO_END * 10 && family.stream().anyMatch(ProcessHandle::isAlive);
        i++) {
      TimeUnit.MILLISECONDS.sleep(100);
    }
    assertThat(family).noneMatch(ProcessHandle::isAlive);
  }
}
