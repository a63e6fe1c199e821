package io.pigeonhole.trainer.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A list of images of one JSON object a line: the manifests of <a
 * href="https://docs.aws.amazon.com/sagemaker/latest/dg/sms-data-output.html">SageMaker Ground
 * Truth</a>, of SageMaker's image classification, and of <a
 * href="https://docs.aws.amazon.com/rekognition/latest/customlabels-dg/md-create-manifest-file-classification.html">Rekognition
 * Custom Labels</a>, in which {@code <attribute>-metadata} has the class of an attribute; or a
 * table, whose fields are its columns.
 */
final class JsonLinesList {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String IMAGE = "source-ref";
  private static final String METADATA = "-metadata";

  private final ListText text;
  private final ListColumns columns;
  private Optional<Fields> fields = Optional.empty();

  /** Of labeling jobs, which leave out what they have not come to; none in other tables. */
  private final Set<String> attributes = new TreeSet<>();

  /** The fields of a table that have the file and the class. */
  private record Fields(String image, String label) {}

  private JsonLinesList(ListText text, ListColumns columns) {
    this.text = text;
    this.columns = columns;
  }

  /**
   * Reads all rows.
   *
   * @throws InvalidDataException if it is not clear which fields have the file and the class
   */
  static void read(ListText text, ListColumns columns, ListRow.Reader reader)
      throws IOException, InvalidDataException {
    JsonLinesList list = new JsonLinesList(text, columns);
    list.findAttributes();
    try (BufferedReader lines = new BufferedReader(text.reader())) {
      int number = 1;
      for (String line = lines.readLine(); line != null; line = lines.readLine(), number++) {
        if (!line.isBlank()) {
          reader.row(list.row(number, line));
        }
      }
    } catch (CharacterCodingException e) {
      throw text.notText(e);
    }
  }

  /** Which labels the rows have, before the first is read: it may have none. */
  private void findAttributes() throws IOException, InvalidDataException {
    try (BufferedReader lines = new BufferedReader(text.reader())) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.contains(METADATA)) {
          attributes.addAll(attributes(line));
        }
      }
    } catch (CharacterCodingException e) {
      throw text.notText(e);
    }
  }

  /** None of a row that cannot be read, which is told when its turn comes. */
  private List<String> attributes(String json) {
    try {
      return JSON.readTree(json) instanceof ObjectNode row ? attributes(row) : List.of();
    } catch (JsonProcessingException e) {
      return List.of();
    }
  }

  private List<String> attributes(ObjectNode row) {
    return row.properties().stream()
        .filter(field -> field.getKey().endsWith(METADATA) && field.getValue().isObject())
        .map(field -> field.getKey().substring(0, field.getKey().length() - METADATA.length()))
        .filter(name -> columns.label().map(name::equals).orElse(true))
        .toList();
  }

  private ListRow row(int line, String json) throws InvalidDataException {
    try {
      return JSON.readTree(json) instanceof ObjectNode row
          ? row(line, row)
          : ListRow.unreadable(line);
    } catch (JsonProcessingException e) {
      return ListRow.unreadable(line);
    }
  }

  private ListRow row(int line, ObjectNode row) throws InvalidDataException {
    if (row.has(IMAGE) && (!attributes.isEmpty() || row.size() == 1)) {
      Set<String> labels = new TreeSet<>();
      attributes(row)
          .forEach(name -> labels.addAll(labels(row.get(name), row.get(name + METADATA))));
      return new ListRow(line, true, text(row.path(columns.image().orElse(IMAGE))), labels);
    }
    Fields found = fields(row);
    return new ListRow(
        line, true, text(row.path(found.image())), Set.copyOf(texts(row.path(found.label()))));
  }

  /** What a labeling job has found; nothing where it failed, or was about parts of images. */
  private static Set<String> labels(JsonNode value, JsonNode metadata) {
    Set<String> labels = new TreeSet<>();
    String named = text(metadata.path("class-name"));
    if (!named.isEmpty()) {
      labels.add(named);
    } else if (metadata.path("type").asText().endsWith("multilabel")) {
      metadata.path("class-map").forEach(each -> labels.addAll(texts(each)));
    } else if (value != null && !metadata.has("failure-reason")) {
      labels.addAll(texts(value));
    }
    return labels;
  }

  /** The fields of the first row that is no labeling job's are those of all. */
  private Fields fields(ObjectNode row) throws InvalidDataException {
    if (fields.isEmpty()) {
      List<String> names = new ArrayList<>();
      List<String> values = new ArrayList<>();
      for (Map.Entry<String, JsonNode> field : row.properties()) {
        if (!field.getKey().endsWith(METADATA)) {
          names.add(field.getKey());
          values.add(text(field.getValue()));
        }
      }
      ListColumns.Chosen chosen = columns.choose(text.name(), names, true, List.of(values));
      fields = Optional.of(new Fields(names.get(chosen.image()), names.get(chosen.label())));
    }
    return fields.get();
  }

  private static String text(JsonNode value) {
    return value.isTextual() || value.isIntegralNumber() ? value.asText().strip() : "";
  }

  private static Set<String> texts(JsonNode value) {
    Set<String> texts = new TreeSet<>();
    for (JsonNode each : value.isArray() ? value : List.of(value)) {
      if (!text(each).isEmpty()) {
        texts.add(text(each));
      }
    }
    return texts;
  }
}
