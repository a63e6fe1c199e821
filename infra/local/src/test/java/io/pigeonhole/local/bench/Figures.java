package io.pigeonhole.local.bench;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;

/**
 * What a benchmark has measured on one processor, as a CSV file of a few lines that begins with
 * comments: on what, and which programs are ours. The tables of the READMEs are made from it.
 *
 * @param circumstances each as {@code name: value}, such as {@code date: 2026-11-27}
 * @param columns first what the rows are, then what was measured of them
 * @param rows a program each; where a figure is missing, an empty text
 */
public record Figures(List<String> circumstances, List<String> columns, List<List<String>> rows) {
  private static final CSVFormat FORMAT =
      CSVFormat.DEFAULT.builder().setCommentMarker('#').setRecordSeparator('\n').get();
  private static final String OURS = "ours: ";

  public Figures {
    circumstances = List.copyOf(circumstances);
    columns = List.copyOf(columns);
    rows = rows.stream().map(List::copyOf).toList();
  }

  /**
   * None yet.
   *
   * @param processor on which they are measured
   * @param versions of what is measured
   * @param ours the names of the rows that are ours, which tables show in bold
   */
  public static Figures of(
      String processor, String versions, List<String> ours, List<String> columns) {
    List<String> circumstances = new ArrayList<>();
    circumstances.add("processor: " + processor);
    circumstances.add("date: " + LocalDate.now(ZoneOffset.UTC));
    circumstances.add("versions: " + versions);
    ours.forEach(name -> circumstances.add(OURS + name));
    return new Figures(circumstances, columns, List.of());
  }

  /** With one more row. */
  public Figures with(String name, Object... figures) {
    List<List<String>> more = new ArrayList<>(rows);
    List<String> row = new ArrayList<>(List.of(name));
    Arrays.stream(figures).map(Figures::text).forEach(row::add);
    more.add(row);
    return new Figures(circumstances, columns, more);
  }

  /** A hundredth of a millisecond is more than can be measured twice. */
  private static String text(Object figure) {
    return figure instanceof Double number
        ? String.format(Locale.ROOT, "%.2f", number)
        : figure.toString();
  }

  /** Reads what {@link #write} has written. */
  public static Figures read(Path file) throws IOException {
    try (CSVParser csv = CSVParser.parse(file, StandardCharsets.UTF_8, FORMAT)) {
      List<CSVRecord> records = csv.getRecords();
      List<List<String>> lines = records.stream().map(CSVRecord::toList).toList();
      return new Figures(
          records.get(0).getComment().lines().toList(),
          lines.get(0),
          lines.subList(1, lines.size()));
    }
  }

  /** Writes them, in the place of an earlier run's. */
  public void write(Path file) throws IOException {
    try (Writer writer = Files.newBufferedWriter(file);
        CSVPrinter csv = new CSVPrinter(writer, FORMAT)) {
      for (String circumstance : circumstances) {
        csv.printComment(circumstance);
      }
      csv.printRecord(columns);
      csv.printRecords(rows);
    }
  }

  boolean isOurs(String name) {
    return circumstances.contains(OURS + name);
  }

  /** On what they were measured, in one line. */
  String measuredOn() {
    return String.join(
        ", ",
        circumstances.stream()
            .filter(circumstance -> !circumstance.startsWith(OURS))
            .map(circumstance -> circumstance.replaceFirst("^[^:]*: *", ""))
            .toList());
  }
}
