package io.pigeonhole.local.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The tables of figures in a README. Each stands between {@code <!-- figures: FOLDER/BENCHMARK -->}
 * and {@code <!-- end -->}, and is made from the files {@code FOLDER/BENCHMARK-PROCESSOR.csv}.
 *
 * @param repository in which the folders are
 */
record FigureTables(Path repository) {
  private static final Pattern TABLE =
      Pattern.compile("(<!-- figures: (\\S+) -->\n).*?(<!-- end -->)", Pattern.DOTALL);
  private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?");

  /** The README with its tables made anew. */
  String renew(String readme) throws IOException {
    StringBuilder renewed = new StringBuilder();
    int done = 0;
    for (MatchResult table : TABLE.matcher(readme).results().toList()) {
      renewed.append(readme, done, table.end(1)).append('\n').append(table(table.group(2)));
      renewed.append('\n').append(table.group(3));
      done = table.end();
    }
    return renewed.append(readme, done, readme.length()).toString();
  }

  /** Of all processors that it was measured on, one after the other. */
  private String table(String benchmark) throws IOException {
    List<String> lines = new ArrayList<>();
    for (Path file : files(benchmark)) {
      Figures figures = Figures.read(file);
      if (lines.isEmpty()) {
        lines.add(line(figures.columns()));
        lines.add("|" + "---|".repeat(figures.columns().size()));
      } else if (!lines.get(0).equals(line(figures.columns()))) {
        throw new IOException(file + " has other columns than the processor before");
      }
      String empty = " |".repeat(figures.columns().size() - 1);
      lines.add("| *%s* |%s".formatted(figures.measuredOn(), empty));
      figures.rows().forEach(row -> lines.add(line(figures, row)));
    }
    return String.join("\n", lines) + "\n";
  }

  private List<Path> files(String benchmark) throws IOException {
    Path path = repository.resolve(benchmark);
    Pattern name = Pattern.compile(Pattern.quote(path.getFileName() + "-") + ".*\\.csv");
    try (Stream<Path> files = Files.list(path.resolveSibling(""))) {
      List<Path> found =
          files
              .filter(file -> name.matcher(file.getFileName().toString()).matches())
              .sorted()
              .toList();
      if (found.isEmpty()) {
        throw new IOException("no figures of " + benchmark);
      }
      return found;
    }
  }

  private static String line(Figures figures, List<String> row) {
    List<String> cells = new ArrayList<>(row.stream().map(FigureTables::rounded).toList());
    if (figures.isOurs(row.get(0))) {
      cells.set(0, "**" + row.get(0) + "**");
    }
    return line(cells);
  }

  private static String line(List<String> cells) {
    return "| " + String.join(" | ", cells) + " |";
  }

  /** A number to three digits, or to the whole. */
  static String rounded(String cell) {
    if (!NUMBER.matcher(cell).matches()) {
      return cell;
    }
    double value = Double.parseDouble(cell);
    int decimals = Math.abs(value) < 9.995 ? 2 : Math.abs(value) < 99.95 ? 1 : 0;
    return String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }
}
