package io.pigeonhole.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The script {@code start}, on processors that this machine does not have. */
class StartScriptTest {
  private static final Path SCRIPT = Path.of(System.getProperty("start"));
  private static final String ONE_DNN = "TF_ENABLE_ONEDNN_OPTS";
  private static final String SAY = "echo \"${" + ONE_DNN + "-not set}\"";

  @TempDir private Path temp;

  @ParameterizedTest
  @CsvSource({
    "AuthenticAMD,26,0",
    "AuthenticAMD,25,not set",
    "AuthenticAMD,126,not set",
    "GenuineIntel,26,not set",
    "GenuineIntel,6,not set",
    "HygonGenuine,24,not set"
  })
  void theRoutinesFollowTheProcessor(String vendor, String family, String said) throws Exception {
    String cpuinfo =
        "processor\t: 0\nvendor_id\t: %s\ncpu family\t: %s\nmodel\t\t: 17\n\n"
            .formatted(vendor, family);
    assertThat(run(cpuinfo, Map.of(), "sh", "-c", SAY)).isEqualTo(said);
  }

  @Test
  void whatIsSetStays() throws Exception {
    String cpuinfo = "vendor_id\t: AuthenticAMD\ncpu family\t: 26\n";
    for (String value : List.of("1", "0", "")) {
      assertThat(run(cpuinfo, Map.of(ONE_DNN, value), "sh", "-c", SAY)).isEqualTo(value);
    }
  }

  @Test
  void otherArchitecturesAndSystemsDecideThemselves() throws Exception {
    String arm =
        "processor\t: 0\nFeatures\t: fp asimd\n\nvendor_id\t: AuthenticAMD\ncpu family\t: 26\n";
    assertThat(run(arm, Map.of(), "sh", "-c", SAY)).isEqualTo("not set");
    assertThat(run("", Map.of(), "sh", "-c", SAY)).isEqualTo("not set");
  }

  @Test
  void theProgramGetsItsArgumentsAndTheProcess() throws Exception {
    String cpuinfo = "vendor_id\t: AuthenticAMD\ncpu family\t: 26\n";
    assertThat(run(cpuinfo, Map.of(), "sh", "-c", "echo \"$#\" \"$1\"", "sh", "a b", "*"))
        .isEqualTo("2 a b");
    ProcessBuilder builder = script(cpuinfo, "sh", "-c", "echo $$; exit 3");
    Process process = builder.start();
    assertThat(said(process)).isEqualTo(String.valueOf(process.pid()));
    assertThat(process.waitFor()).isEqualTo(3);
  }

  private String run(String cpuinfo, Map<String, String> environment, String... words)
      throws IOException {
    ProcessBuilder builder = script(cpuinfo, words);
    builder.environment().remove(ONE_DNN);
    builder.environment().putAll(environment);
    return said(builder.start());
  }

  /** The script, with another machine's {@code /proc/cpuinfo}; none, if that is empty. */
  private ProcessBuilder script(String cpuinfo, String... words) throws IOException {
    Path info = temp.resolve("cpuinfo");
    Files.deleteIfExists(info);
    if (!cpuinfo.isEmpty()) {
      Files.writeString(info, cpuinfo);
    }
    String text = Files.readString(SCRIPT);
    assertThat(text).contains("/proc/cpuinfo");
    Path script =
        Files.writeString(temp.resolve("start"), text.replace("/proc/cpuinfo", info.toString()));
    List<String> command = new ArrayList<>(List.of("sh", script.toString()));
    command.addAll(List.of(words));
    return new ProcessBuilder(command).redirectErrorStream(true);
  }

  private static String said(Process process) throws IOException {
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
  }
}
