package io.pigeonhole.trainer.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KnownBaseTest {

  static Stream<KnownBase> all() {
    return KnownBase.all().stream();
  }

  @ParameterizedTest
  @MethodSource("all")
  void isFetchedFromItsPublisher(KnownBase base) {
    assertThat(base.address()).hasScheme("https").hasHost("storage.googleapis.com");
    assertThat(base.download(Path.of("cache")).cache()).isEqualTo(Path.of("cache/bases"));
    assertThat(KnownBase.named(base.name())).contains(base);
  }

  @ParameterizedTest
  @MethodSource("all")
  void takesAsLongAsWasMeasured(KnownBase base) throws IOException {
    List<Double> measured = new ArrayList<>();
    try (Stream<Path> files = Files.list(Path.of("bench"))) {
      for (Path file :
          files.filter(f -> f.getFileName().toString().startsWith("bases-")).toList()) {
        Files.readAllLines(file).stream()
            .filter(line -> line.startsWith("`%s`,".formatted(base.name())))
            .forEach(line -> measured.add(Double.valueOf(line.split(",", -1)[1])));
      }
    }
    assertThat(measured).contains(base.milliseconds());
  }
}
