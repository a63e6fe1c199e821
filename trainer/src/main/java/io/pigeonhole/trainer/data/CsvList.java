package io.pigeonhole.trainer.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** A list of images in a table: values separated by commas, semicolons or tabs. */
final class CsvList {

  private static final List<Character> SEPARATORS = List.of(',', ';', '\t');

  /** Rows that are looked at to find out what is what. */
  private static final int SAMPLE = 50;

  private CsvList() {}

  /**
   * Reads all rows but the one with the columns' names.
   *
   * @throws InvalidDataException if the columns are not clear, or quotes are left open
   */
  static void read(ListText text, ListColumns columns, ListRow.Reader reader)
      throws IOException, InvalidDataException {
    CSVFormat format = format(separator(text));
    List<List<String>> sample = sample(text, format);
    if (sample.isEmpty()) {
      throw new InvalidDataException(text.name() + " is empty");
    }
    ListColumns.Chosen chosen = columns.of(text.name(), sample);
    try (CSVParser parser = CSVParser.builder().setReader(text.reader()).setFormat(format).get()) {
      Iterator<CSVRecord> records = parser.iterator();
      if (chosen.named()) {
        records.next();
      }
      while (records.hasNext()) {
        CSVRecord row = records.next();
        String label = value(row, chosen.label());
        reader.row(
            new ListRow(
                parser.getCurrentLineNumber(),
                true,
                value(row, chosen.image()),
                label.isEmpty() ? Set.of() : Set.of(label)));
      }
    } catch (UncheckedIOException e) {
      throw unreadable(text, e.getCause());
    }
  }

  private static CSVFormat format(char separator) {
    return CSVFormat.DEFAULT
        .builder()
        .setDelimiter(separator)
        .setIgnoreSurroundingSpaces(true)
        .setTrailingData(true) // a row with a stray quote costs no other
        .get();
  }

  private static String value(CSVRecord row, int column) {
    return column < row.size() ? row.get(column).strip() : "";
  }

  /** The separator by which most rows have as many columns as the first one, two at least. */
  private static char separator(ListText text) throws IOException, InvalidDataException {
    Optional<InvalidDataException> refusal = Optional.empty();
    char best = SEPARATORS.get(0);
    long most = -1;
    for (char separator : SEPARATORS) {
      try {
        List<List<String>> rows = sample(text, format(separator));
        int columns = rows.isEmpty() ? 0 : rows.get(0).size();
        long alike = columns < 2 ? 0 : rows.stream().filter(r -> r.size() == columns).count();
        if (alike > most) {
          most = alike;
          best = separator;
        }
      } catch (InvalidDataException e) {
        refusal = refusal.or(() -> Optional.of(e));
      }
    }
    if (most < 1 && refusal.isPresent()) {
      throw refusal.get();
    }
    return best;
  }

  private static List<List<String>> sample(ListText text, CSVFormat format)
      throws IOException, InvalidDataException {
    List<List<String>> rows = new ArrayList<>();
    try (CSVParser parser = CSVParser.builder().setReader(text.reader()).setFormat(format).get()) {
      for (Iterator<CSVRecord> records = parser.iterator();
          rows.size() < SAMPLE && records.hasNext(); ) {
        rows.add(records.next().stream().map(String::strip).toList());
      }
      return rows;
    } catch (UncheckedIOException e) {
      throw unreadable(text, e.getCause());
    }
  }

  private static InvalidDataException unreadable(ListText text, IOException e) {
    return e instanceof CharacterCodingException
        ? text.notText(e)
        : new InvalidDataException("%s: %s".formatted(text.name(), e.getMessage()), e);
  }
}
