package io.pigeonhole.trainer.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pigeonhole.model.ModelRefusedException;
import io.pigeonhole.trainer.base.SavedModelImport.Wishes;
import io.pigeonhole.trainer.recipe.BaseGraph;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;

/** SavedModels as Keras exports them, made by {@code bench/keras_saved_models.py}. */
class SavedModelImportTest {

  private static final int SIDE = 32;
  private static final Wishes OF_SIDE =
      new Wishes(OptionalInt.of(SIDE), Optional.empty(), Optional.empty());

  @TempDir private Path temp;

  private static Path exported(String name) {
    try {
      return Path.of(SavedModelImportTest.class.getResource("/saved-models/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The images of the script. */
  private static byte[] images() {
    byte[] pixels = new byte[2 * SIDE * SIDE * 3];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) ((i * 2654435761L & 0xffffffffL) >>> 24);
    }
    return pixels;
  }

  private static void assertAnswersAsKeras(BaseGraph base, String name) throws Exception {
    JsonNode rows = new ObjectMapper().readTree(exported("answers.json").toFile()).get(name);
    assertThat(base.count()).isEqualTo(rows.get(0).size());
    try (BaseSession session = new BaseSession(base)) {
      float[] features = session.features(images(), SIDE);
      for (int i = 0; i < features.length; i++) {
        assertThat((double) features[i])
            .isCloseTo(rows.get(i / base.count()).get(i % base.count()).asDouble(), within(2e-4));
      }
    }
  }

  private static Set<String> ops(BaseGraph base) {
    return base.graph().getNodeList().stream().map(NodeDef::getOp).collect(Collectors.toSet());
  }

  @Test
  void givesTheFeaturesThatKerasGives() throws Exception {
    BaseGraph base = SavedModelImport.of(exported("features"), OF_SIDE);
    assertAnswersAsKeras(base, "features");
    assertThat(base.takesAnySize()).isTrue();
  }

  @Test
  void leavesNoVariableNoCallAndNoNormalisation() throws Exception {
    assertThat(ops(SavedModelImport.of(exported("features"), OF_SIDE)))
        .contains("Conv2D", "BiasAdd")
        .doesNotContain(
            "VarHandleOp", "ReadVariableOp", "StatefulPartitionedCall", "Rsqrt", "IdentityN");
  }

  @Test
  void takesFromAClassifierWhatItsLastDenseLayerIsGiven() throws Exception {
    BaseGraph base = SavedModelImport.of(exported("classifier"), Wishes.NONE);
    assertAnswersAsKeras(base, "classifier"); // its name says that it wants -1..1
    assertThat(base.size()).isEqualTo(SIDE);
    assertThat(base.takesAnySize()).isFalse();
  }

  @Test
  void takesTheMeanOverTheOutputsPlaces() throws Exception {
    Wishes bytes = new Wishes(OptionalInt.empty(), Optional.of(InputRange.BYTES), Optional.empty());
    assertAnswersAsKeras(SavedModelImport.of(exported("map"), bytes), "map");
  }

  @Test
  void asksForTheRangeWhereNothingTellsIt() {
    assertRefused(exported("map"), Wishes.NONE, "which range", "--base-range");
  }

  @Test
  void scalesAsItIsTold() throws Exception {
    for (InputRange range : InputRange.values()) {
      BaseGraph base =
          SavedModelImport.of(
              exported("map"),
              new Wishes(OptionalInt.empty(), Optional.of(range), Optional.empty()));
      assertThat(ops(base).contains("ReverseV2")).isEqualTo(range == InputRange.CAFFE);
    }
    assertThatThrownBy(() -> InputRange.of("0..2")).hasMessageContaining("0..1, -1..1, caffe");
  }

  @Test
  void takesAnotherNodesValuesIfItIsTold() throws Exception {
    Wishes last = wished("max_pooling");
    assertRefused(
        exported("classifier"),
        last,
        "0 of its nodes have names that end with",
        ", mobilenetv2_small_1/dense_1/");
    BaseGraph logits = SavedModelImport.of(exported("classifier"), wished("dense_1/BiasAdd"));
    assertThat(logits.count()).isEqualTo(5);
  }

  private static Wishes wished(String node) {
    return new Wishes(OptionalInt.empty(), Optional.empty(), Optional.of(node));
  }

  @Test
  void refusesWhatAnswersByChance() {
    assertRefused(exported("random"), Wishes.NONE, "Random", "without its augmentation");
  }

  @Test
  void refusesAnotherSizeThanTheOnlyOne() {
    assertRefused(
        exported("classifier"),
        new Wishes(OptionalInt.of(64), Optional.empty(), Optional.empty()),
        "images of 32×32 only");
  }

  @Test
  void refusesWhatDoesNotTakeImages() throws Exception {
    assertRefused(
        changed(s -> s.putInputs("more", s.getInputsMap().values().iterator().next())),
        Wishes.NONE,
        "2 inputs");
    assertRefused(
        changed(s -> s.putInputs("image", of(s).setDtype(DataType.DT_STRING).build())),
        Wishes.NONE,
        "takes string");
    TensorInfo.Builder grey = of(changedSignature());
    grey.getTensorShapeBuilder().getDimBuilder(3).setSize(1);
    assertRefused(changed(s -> s.putInputs("image", grey.build())), Wishes.NONE, "[n, 32, 32, 1]");
    assertRefused(changed(SignatureDef.Builder::clearOutputs), Wishes.NONE, "0 outputs");
  }

  @Test
  void refusesAFolderThatIsNone() throws IOException {
    assertThatThrownBy(() -> SavedModelImport.of(temp, Wishes.NONE))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("has no saved_model.pb");
    Files.writeString(temp.resolve("saved_model.pb"), "nothing of the kind");
    assertRefused(temp, Wishes.NONE, "saved_model.pb");
  }

  @Test
  void refusesAModelWithoutItsVariables() throws IOException {
    Files.copy(exported("features").resolve("saved_model.pb"), temp.resolve("saved_model.pb"));
    assertThatThrownBy(() -> SavedModelImport.of(temp, OF_SIDE))
        .hasMessageContaining("there is no variables/variables.index");
  }

  @Test
  void refusesVariablesThatAreDamaged() throws IOException {
    Path copy = copied("features");
    Path data = copy.resolve("variables/variables.data-00000-of-00001");
    Files.write(data, new byte[(int) Files.size(data) / 2]);
    assertRefused(copy, OF_SIDE, "variables cannot be read");
  }

  private static void assertRefused(Path folder, Wishes wishes, String... parts) {
    assertThatThrownBy(() -> SavedModelImport.of(folder, wishes))
        .isInstanceOf(ModelRefusedException.class)
        .hasMessageContainingAll(parts);
  }

  private Path copied(String name) throws IOException {
    Path from = exported(name);
    Path to = Files.createTempDirectory(temp, name);
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = to.resolve(from.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    }
    return to;
  }

  private static SignatureDef.Builder changedSignature() throws IOException {
    return model().getMetaGraphs(0).getSignatureDefOrThrow("serving_default").toBuilder();
  }

  private static TensorInfo.Builder of(SignatureDef.Builder signature) {
    return signature.getInputsOrThrow("image").toBuilder();
  }

  private static SavedModel model() throws IOException {
    try (InputStream in = Files.newInputStream(exported("classifier").resolve("saved_model.pb"))) {
      return SavedModel.parseFrom(in);
    }
  }

  private Path changed(UnaryOperator<SignatureDef.Builder> change) throws IOException {
    Path copy = copied("classifier");
    SavedModel model = model();
    MetaGraphDef.Builder graph = model.getMetaGraphs(0).toBuilder();
    graph.putSignatureDef("serving_default", change.apply(changedSignature()).build());
    SavedModel changed = model.toBuilder().setMetaGraphs(0, graph).build();
    Files.write(copy.resolve("saved_model.pb"), changed.toByteArray());
    return copy;
  }

  @Test
  void isTheSameNetworkEachTime() throws Exception {
    List<String> hashes =
        List.of(
            SavedModelImport.of(exported("features"), OF_SIDE).sha256(),
            SavedModelImport.of(exported("features"), OF_SIDE).sha256());
    assertThat(hashes.get(0)).isEqualTo(hashes.get(1));
  }
}
