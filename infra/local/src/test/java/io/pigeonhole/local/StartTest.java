package io.pigeonhole.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pigeonhole.local.gateway.Rate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person reads when the product cannot start. */
class StartTest {
  @TempDir Path folder;

  @Test
  void hasDefaultsForEverything() throws StartException {
    Settings settings = Settings.of(new Properties(), Map.of());
    assertThat(settings.s3Port()).isEqualTo(9000);
    assertThat(settings.apiPort()).isEqualTo(8080);
    assertThat(settings.apiRate()).isEqualTo(Rate.UNLIMITED);
    assertThat(settings.data()).isAbsolute().endsWithRaw(Path.of("infra", "local", "data"));
    assertThat(settings.endsWithParent()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "-1", "65536", ""})
  void namesAPortThatIsNone(String port) {
    Properties properties = new Properties();
    properties.setProperty("local.s3.port", port);
    assertThatThrownBy(() -> Settings.of(properties, Map.of()))
        .isInstanceOf(StartException.class)
        .hasMessage("-Dlocal.s3.port=" + port + " is not a port from 0 to 65535");
  }

  @Test
  void takesTheRateOfTheApi() throws StartException {
    Properties properties = new Properties();
    properties.setProperty("local.api.rate", "50");
    assertThat(Settings.of(properties, Map.of()).apiRate()).isEqualTo(new Rate(50, 100));
    properties.setProperty("local.api.burst", "fast");
    assertThatThrownBy(() -> Settings.of(properties, Map.of()))
        .isInstanceOf(StartException.class)
        .hasMessage("-Dlocal.api.burst=fast is not a number from 0 to 20000");
  }

  @Test
  void namesATakenPortAndTheWayOut() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> Ports.check(taken.getLocalPort(), "the API", "local.api.port"))
          .isInstanceOf(StartException.class)
          .hasMessageContaining("port " + taken.getLocalPort() + ", for the API, cannot be used")
          .hasMessageContaining("-Dlocal.api.port=");
    }
  }

  @Test
  void namesADataFolderThatCannotBeWritten() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertThatThrownBy(() -> DataFolder.open(file.resolve("data")))
        .isInstanceOf(StartException.class)
        .hasMessageStartingWith("the data folder " + file.resolve("data") + " cannot be written")
        .hasMessageContaining("-Dlocal.data=");
  }

  @Test
  void namesTheInstanceThatHasTheDataFolder() throws StartException {
    try (DataFolder first = DataFolder.open(folder)) {
      assertThatThrownBy(() -> DataFolder.open(first.path()))
          .isInstanceOf(StartException.class)
          .hasMessageContaining("in use by another instance")
          .hasMessageContaining(String.valueOf(ProcessHandle.current().pid()));
    }
    DataFolder.open(folder).close();
  }

  @Test
  void saysThatTheFunctionsAreNotBuilt() {
    Settings settings = settings(folder);
    List<String> log = new ArrayList<>();
    assertThatThrownBy(() -> new Product(log::add).start(settings))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("the functions are not built")
        .hasMessageContaining("mvn package");
    assertThat(log).isEmpty();
  }

  @Test
  void leavesNothingBehindWhenAFunctionDoesNotStart() throws IOException {
    Path build = Files.createDirectories(folder.resolve("build"));
    Files.writeString(build.resolve("functions-runner.jar"), "not a jar");
    Files.writeString(build.resolve("start"), "exec \"$@\"");
    Settings settings = settings(build);
    List<String> log = Collections.synchronizedList(new ArrayList<>());
    assertThatThrownBy(() -> new Product(log::add).start(settings))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("does not start")
        .hasMessageContaining("exit code 1");
    assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive)).isEmpty();
    assertThatCode(() -> DataFolder.open(settings.data()).close()).doesNotThrowAnyException();
  }

  private Settings settings(Path functions) {
    return RunningProduct.settings(
        folder.resolve("data"),
        Map.of(
            "local.functions", functions.toString(),
            "local.models", folder.resolve("models").toString()));
  }
}
