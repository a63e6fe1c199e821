package io.pigeonhole.program;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script that starts the program, with a Java that prints what it is told. */
class LauncherTest {
  private static final Path SCRIPT =
      Path.of(System.getProperty("basedir"), "src", "main", "sh", "pigeonhole");

  @TempDir private Path temp;
  private Path script;
  private Path jar;

  private record Ended(int exit, List<String> lines) {}

  @BeforeEach
  void build() throws IOException {
    Path target = Files.createDirectories(temp.toRealPath().resolve("some folder/target"));
    script = Files.copy(SCRIPT, target.resolve("pigeonhole"));
    script.toFile().setExecutable(true);
    jar = Files.createFile(target.resolve("trainer.jar"));
  }

  private Path java(String version) throws IOException {
    Path home = Files.createDirectories(temp.resolve("java " + version));
    Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
    Files.writeString(
        java,
        """
        #!/bin/sh
        if [ "$1" = -version ]; then
          echo 'Picked up JAVA_TOOL_OPTIONS: -Xmx1g' >&2
          echo 'openjdk version "%s" 2025-04-15' >&2
        else
          printf '%%s\\n' "$@"
        fi
        """
            .formatted(version));
    java.toFile().setExecutable(true);
    return home;
  }

  private static Ended run(Map<String, String> environment, Path program, String... args)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(Arrays.asList(args));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeAll(List.of("JAVA_HOME", "JAVA_OPTS"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Ended(process.waitFor(), said.lines().toList());
  }

  @Test
  void startsTheJarBesideItWithWhatItIsGiven() throws Exception {
    Map<String, String> environment =
        Map.of("JAVA_HOME", java("17.0.15").toString(), "JAVA_OPTS", "-Xmx8g -Dcolor=no");
    Ended ended = run(environment, script, "label", "a cat.jpg", "*");
    assertThat(ended.exit()).isZero();
    assertThat(ended.lines())
        .containsExactly(
            "-Xmx8g",
            "-Dcolor=no",
            "-cp",
            jar.toString(),
            Pigeonhole.class.getName(),
            "label",
            "a cat.jpg",
            "*");
  }

  @Test
  void findsTheJarThroughLinks() throws Exception {
    Path bin = Files.createDirectories(temp.resolve("bin"));
    Path absolute = Files.createSymbolicLink(bin.resolve("absolute"), script);
    Path relative = Files.createSymbolicLink(bin.resolve("relative"), Path.of("absolute"));
    assertThat(run(Map.of("JAVA_HOME", java("25").toString()), relative).lines())
        .as("%s, %s", absolute, relative)
        .contains(jar.toString());
  }

  @Test
  void saysThatJavaIsTooOld() throws Exception {
    for (String old : List.of("1.8.0_292", "11.0.2")) {
      Ended ended = run(Map.of("JAVA_HOME", java(old).toString()), script, "label");
      assertThat(ended.exit()).isEqualTo(1);
      assertThat(ended.lines())
          .singleElement()
          .asString()
          .startsWith("pigeonhole: ")
          .contains(" is Java " + old + "; 17 or newer is needed");
    }
  }

  @Test
  void saysThatThereIsNoJava() throws Exception {
    Path bin = Files.createDirectories(temp.resolve("bin"));
    Files.createSymbolicLink(bin.resolve("dirname"), Path.of("/usr/bin/dirname"));
    Ended ended = run(Map.of("PATH", bin.toString()), script);
    assertThat(ended.exit()).isEqualTo(1);
    assertThat(ended.lines())
        .containsExactly(
            "pigeonhole: there is no Java: install one, 17 or newer, or set JAVA_HOME");
    assertThat(run(Map.of("JAVA_HOME", "/nowhere"), script).lines())
        .containsExactly("pigeonhole: there is no Java in JAVA_HOME, which is /nowhere");
  }

  @Test
  void saysThatTheProgramIsNotBuilt() throws Exception {
    Files.delete(jar);
    assertThat(run(Map.of(), script).lines())
        .containsExactly(
            "pigeonhole: %s is missing; 'mvn package -DskipTests' in the sources makes it"
                .formatted(jar));
  }
}
