package io.pigeonhole.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private Manifest manifest;

  @BeforeEach
  void write() throws Exception {
    manifest = Models.write(folder, new byte[] {1, 2, 3}, Instant.parse("2026-01-02T03:04:05Z"), 1);
  }

  @Test
  void readsWhatItWrites() throws Exception {
    assertThat(Manifest.parse(manifest.toJson())).isEqualTo(manifest);
  }

  @Test
  void versionSortsByTimeAndEndsWithTheGraphsHash() throws Exception {
    assertThat(manifest.version().value())
        .isEqualTo("20260102T030405Z-" + manifest.files().get(0).sha256().substring(0, 8));
    Manifest later = Models.write(folder, new byte[] {9}, Instant.parse("2026-01-02T03:04:06Z"), 1);
    assertThat(manifest.version()).isLessThan(later.version());
  }

  @Test
  void ignoresUnknownFields() throws Exception {
    ObjectNode json = json().put("fromTheFuture", 1);
    ((ObjectNode) json.get("input")).put("colourSpace", "sRGB");
    assertThat(parse(json)).isEqualTo(manifest);
  }

  @Test
  void takesAnInputWithoutScaleAsUnscaled() throws Exception {
    ObjectNode json = json();
    ((ObjectNode) json.get("input")).remove("scale");
    assertThat(parse(json).input().scale()).isEqualTo(1.0);
  }

  @Test
  void hasNoProbesIfItWasWrittenWithout() throws Exception {
    ObjectNode json = json();
    json.remove("probes");
    Manifest without = parse(json);
    assertThat(without.probes()).isEmpty();
    assertThat(JSON.readTree(without.toJson())).isEqualTo(json);
    assertThatExceptionOfType(InvalidManifestException.class)
        .isThrownBy(() -> parse(json().putNull("probes")))
        .withMessageContaining("probes");
  }

  @Test
  void saysHowNovelImagesAreOnlyIfItWasWrittenWith() throws Exception {
    assertThat(manifest.output().novelty()).isEmpty();
    assertThat(json().at("/output").has("novelty")).isFalse();
    assertThat(json().at("/calibration").has("novelty")).isFalse();
    Manifest with = Models.withNovelty(manifest);
    JsonNode written = JSON.readTree(with.toJson());
    assertThat(written.at("/output/novelty").asText()).isEqualTo("novelty");
    assertThat(written.at("/calibration/novelty").asDouble()).isEqualTo(0.95);
    assertThat(Manifest.parse(with.toJson())).isEqualTo(with);
  }

  @Test
  void hasNoNoveltyWithoutALevelAndNoLevelWithoutANovelty() throws Exception {
    ObjectNode output = json();
    ((ObjectNode) output.get("output")).put("novelty", "novelty");
    assertThatExceptionOfType(InvalidManifestException.class)
        .isThrownBy(() -> parse(output))
        .withMessageContaining("output.novelty: 'novelty' needs a level, calibration.novelty");
    ObjectNode calibration = json();
    ((ObjectNode) calibration.get("calibration")).put("novelty", 0.95);
    assertThatExceptionOfType(InvalidManifestException.class)
        .isThrownBy(() -> parse(calibration))
        .withMessageContaining("calibration.novelty: '0.95' needs what the network answers");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "name",
        "version",
        "createdAt",
        "files",
        "classes",
        "input",
        "output",
        "calibration",
        "metrics",
        "training"
      })
  void namesAMissingOrNullField(String field) throws Exception {
    ObjectNode without = json();
    without.remove(field);
    assertThatExceptionOfType(InvalidManifestException.class)
        .isThrownBy(() -> parse(without))
        .withMessageContaining(field);
    assertThatExceptionOfType(InvalidManifestException.class)
        .isThrownBy(() -> parse(json().putNull(field)))
        .withMessageContaining(field);
  }

  @ParameterizedTest
  @CsvSource({
    "/name, \"../x\"",
    "/version, \"latest\"",
    "/version, \"20260102T030405Z-00000000\"",
    "/createdAt, \"yesterday\"",
    "/files, []",
    "/files/0/path, \"../saved_model.pb\"",
    "/files/0/path, \"/etc/passwd\"",
    "/files/0/path, \"a//b\"",
    "/files/0/path, \"a/./b\"",
    "/files/0/size, -1",
    "/files/0/size, 1.5",
    "/files/0/sha256, \"ABC\"",
    "/classes, [\"cat\"]",
    "/classes, '[\"cat\",\"cat\"]'",
    "/classes, '[\"cat\",\"a/b\"]'",
    "/classes, '[\"cat\",\" dog\"]'",
    "/classes, '[\"cat\",\"<script>\"]'",
    "/classes, '[\"cat\",\"..\"]'",
    "/classes, '[\"cat\",null]'",
    "/input/dtype, \"int7\"",
    "/input/height, 0",
    "/input/width, 100000",
    "/input/channels, 4",
    "/input/resize, \"magic\"",
    "/input/scale, 0.5",
    "/calibration/temperature, 0",
    "/calibration/threshold, 1.5",
    "/calibration/novelty, 1.5",
    "/calibration/novelty, \"high\"",
    "/output, \"probabilities\"",
    "/output/novelty, \" \"",
    "/output/novelty, \"probabilities\"",
    "/metrics/accuracy, \"good\"",
    "/metrics/accuracy, -0.1",
    "/metrics/perClass/cat/recall, 2",
    "/probes, '[[0.5, 0.5]]'",
    "/probes, '[[0.5, 0.5], [0.5, 0.5], [0.5, 0.5]]'",
    "/probes, '[[0.5, 0.5], [1]]'",
    "/probes, '[[0.5, 0.5], [0.5, 0.25, 0.25]]'",
    "/probes, '[[0.5, 0.5], [1.5, -0.5]]'",
    "/probes, '[[0.5, 0.5], [0.5, 0.4]]'",
    "/probes, '[[0.5, 0.5], [0.5, null]]'",
    "/probes, '[[0.5, 0.5], null]'",
    "/probes, '[[0.5, 0.5], [0.5, \"NaN\"]]'",
    "/probes, '[[0.5, 0.5], [0.5, \"half\"]]'",
    "/probes, '[0.5, 0.5]'",
    "/training/epochs, null"
  })
  void namesAFieldThatIsOutOfBounds(String pointer, String value) throws Exception {
    ObjectNode json = json();
    String parent = pointer.substring(0, pointer.lastIndexOf('/'));
    String field = pointer.substring(parent.length() + 1);
    ((ObjectNode) json.at(parent)).set(field, JSON.readTree(value));
    assertThatExceptionOfType(InvalidManifestException.class)
        .isThrownBy(() -> parse(json))
        .withMessageContaining(field);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "[]", "{", "{} {}", "not json", "\u0000"})
  void refusesWhatIsNoJsonObject(String text) {
    assertThatExceptionOfType(InvalidManifestException.class)
        .isThrownBy(() -> Manifest.parse(text.getBytes(UTF_8)))
        .withMessageStartingWith("the manifest");
  }

  @Test
  void refusesDeepNestingAndHugeTextsWithoutFailing() {
    assertThatExceptionOfType(InvalidManifestException.class)
        .isThrownBy(() -> Manifest.parse("[".repeat(1_000_000).getBytes(UTF_8)));
    assertThatExceptionOfType(InvalidManifestException.class)
        .isThrownBy(() -> Manifest.parse(new byte[9 << 20]));
  }

  @Test
  void servesTheGraphAndItsVariablesOnly() throws Exception {
    ModelFile graph = manifest.files().get(0);
    List<ModelFile> files =
        List.of(
            graph,
            new ModelFile("weights/all", 1, "0".repeat(64)),
            new ModelFile("report.html", 1, "0".repeat(64)),
            new ModelFile("variables/variables.index", 1, "0".repeat(64)));
    ObjectNode json = json();
    json.set("files", JSON.valueToTree(files));
    assertThat(parse(json).servingFiles()).containsExactly(graph, files.get(3));
  }

  @Test
  void takesAsManyClassesAsImageNetHas() throws Exception {
    ObjectNode json = json();
    List<String> classes = IntStream.range(0, 1000).mapToObj(i -> "class " + i).toList();
    json.set("classes", JSON.valueToTree(classes));
    json.remove("probes");
    assertThat(parse(json).classes()).hasSize(1000);
  }

  private ObjectNode json() throws Exception {
    return (ObjectNode) JSON.readTree(manifest.toJson());
  }

  private static Manifest parse(ObjectNode json) throws Exception {
    return Manifest.parse(JSON.writeValueAsBytes(json));
  }
}
