package io.pigeonhole.local.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The READMEs say what was measured; {@code -Dfigures.write} writes it into them. */
class FigureTablesTest {
  private static final Path REPOSITORY = Path.of(System.getProperty("repository"));
  private static final List<String> COLUMNS = List.of("program", "ms", "peak MB");

  @TempDir private Path temp;

  @ParameterizedTest
  @ValueSource(
      strings = {"README.md", "functions/README.md", "infra/README.md", "trainer/README.md"})
  void theReadmesHaveTheFiguresThatWereMeasured(String name) throws IOException {
    Path readme = REPOSITORY.resolve(name);
    String text = Files.readString(readme);
    String renewed = new FigureTables(REPOSITORY).renew(text);
    if (Boolean.getBoolean("figures.write")) {
      Files.writeString(readme, renewed);
    } else {
      assertThat(text).as("%s; -Dfigures.write makes its tables anew", name).isEqualTo(renewed);
    }
  }

  @Test
  void aTableHasAllProcessors() throws IOException {
    write("speed-b.csv", "a Xeon", COLUMNS);
    write("speed-a.csv", "an EPYC", COLUMNS);
    write("speedy.csv", "another benchmark", COLUMNS);
    String readme = "Fast:\n<!-- figures: speed -->\nold\n<!-- end -->\n, and\n<!-- end -->\n";
    String renewed = new FigureTables(temp).renew(readme);
    assertThat(renewed.replaceAll("\\d{4}-\\d\\d-\\d\\d", "TODAY"))
        .isEqualTo(
            """
            Fast:
            <!-- figures: speed -->

            | program | ms | peak MB |
            |---|---|---|
            | *an EPYC, TODAY, Java 17* | | |
            | **ours, the new one** | 1,654 |  |
            | theirs | 5.17 | 12.3 |
            | *a Xeon, TODAY, Java 17* | | |
            | **ours, the new one** | 1,654 |  |
            | theirs | 5.17 | 12.3 |

            <!-- end -->
            , and
            <!-- end -->
            """);
    assertThat(new FigureTables(temp).renew(renewed)).isEqualTo(renewed);
  }

  @Test
  void theProcessorsOfATableHaveTheSameColumns() throws IOException {
    write("speed-a.csv", "an EPYC", COLUMNS);
    write("speed-b.csv", "a Xeon", List.of("program", "CPU ms", "peak MB"));
    assertThatThrownBy(() -> new FigureTables(temp).renew("<!-- figures: speed -->\n<!-- end -->"))
        .hasMessageContaining("speed-b.csv has other columns");
  }

  @Test
  void aTableNeedsFigures() {
    assertThatThrownBy(() -> new FigureTables(temp).renew("<!-- figures: speed -->\n<!-- end -->"))
        .hasMessageContaining("no figures of speed");
  }

  @ParameterizedTest
  @CsvSource({"9.994,9.99", "9.996,10.0", "99.94,99.9", "99.96,100", "'1653.6','1,654'", "–,–"})
  void numbersHaveThreeDigits(String measured, String shown) {
    assertThat(FigureTables.rounded(measured)).isEqualTo(shown);
  }

  private void write(String file, String processor, List<String> columns) throws IOException {
    Figures.of(processor, "Java 17", List.of("ours, the new one"), columns)
        .with("ours, the new one", 1653.6, "")
        .with("theirs", 5.1712, 12.34)
        .write(temp.resolve(file));
  }
}
