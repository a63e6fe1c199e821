package io.pigeonhole.trainer.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.WritableGroup;
import io.pigeonhole.testkit.HttpStub;
import io.pigeonhole.trainer.data.Checksum;
import io.pigeonhole.trainer.data.Download;
import io.pigeonhole.trainer.data.InvalidDataException;
import io.pigeonhole.trainer.recipe.BaseGraph;
import java.io.IOException;
import java.net.URI;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.ndarray.Shape;

class NamedBasesTest {

  private static final KnownBase BASE = KnownBase.named("mobilenet-v2").orElseThrow();
  private static final Download.Listener SILENT = (bytes, total) -> {};

  @TempDir private Path folder;
  @AutoClose private final HttpStub server = new HttpStub(this::serve);
  private final List<String> requests = new ArrayList<>();

  @Test
  void aNameIsEnough() throws Exception {
    write(new PseudoRandomWeights()::next);
    BaseGraph fetched = NamedBases.of(BASE, download(), SILENT);
    assertThat(fetched.count()).isEqualTo(1280);
    assertThat(folder.resolve("cache/bases/weights.h5")).exists();
    server.close(); // offline from now on
    assertThat(NamedBases.of(BASE, download(), SILENT).graph()).isEqualTo(fetched.graph());
    assertThat(NamedBases.of("mobilenet-v2", published()).graph()).isEqualTo(fetched.graph());
    assertThat(requests).hasSize(1);
  }

  @Test
  void doesNotKeepADamagedFileThatHasNoChecksum() throws Exception {
    Files.write(published(), new byte[1000]);
    assertThatThrownBy(() -> NamedBases.of(BASE, download(), SILENT))
        .isInstanceOf(InvalidWeightsException.class)
        .hasMessageContaining("is no file of weights");
    assertThat(folder.resolve("cache/bases/weights.h5")).doesNotExist();
  }

  @Test
  void refusesWhatIsPublishedInstead() throws Exception {
    Files.write(published(), new byte[1000]);
    Download other =
        new Download(
            download().address(),
            1000,
            Optional.of(Checksum.md5("0".repeat(32))),
            folder.resolve("cache"),
            "");
    assertThatThrownBy(() -> NamedBases.of(BASE, other, SILENT))
        .isInstanceOf(InvalidDataException.class)
        .hasMessageContaining("has the MD5");
  }

  @Test
  void saysHowToDoWithoutTheInternet() {
    assertThatThrownBy(() -> NamedBases.of(BASE, download(1000), SILENT))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("HTTP status 404; give the file with --base-file instead");
  }

  @Test
  void refusesWeightsThatCannotBeFolded() throws Exception {
    PseudoRandomWeights weights = new PseudoRandomWeights();
    write(
        layer -> {
          List<float[]> arrays = weights.next(layer);
          if (layer.name().equals("Conv1")) {
            Arrays.fill(arrays.get(0), Float.MAX_VALUE);
          }
          return arrays;
        });
    assertThatThrownBy(() -> NamedBases.of("mobilenet-v2", published()))
        .isInstanceOf(InvalidWeightsException.class)
        .hasMessageContainingAll(published().toString(), "layer bn_Conv1", "float32 can hold");
  }

  @Test
  void refusesTheWeightsOfAnotherNetwork() throws Exception {
    write(new PseudoRandomWeights()::next);
    assertThatThrownBy(() -> NamedBases.of("efficientnet-v2-b0", published()))
        .isInstanceOf(InvalidWeightsException.class)
        .hasMessageContainingAll(
            published().toString(), "for layer block1a_project_conv", "[3, 3, 32, 16]");
  }

  @Test
  void listsTheNamesIfThereIsNoSuchBase() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NamedBases.of("vgg-16", folder, SILENT))
        .withMessage(
            "there is no base 'vgg-16'; there are: mobilenet-v2, efficientnet-v2-b0, resnet-50");
  }

  private Path published() {
    return folder.resolve("weights.h5");
  }

  private Download download() throws IOException {
    return download(Files.size(published()));
  }

  private Download download(long bytes) {
    URI address = server.uri().resolve("/weights.h5");
    Download official = BASE.download(folder.resolve("cache"));
    return new Download(address, bytes, official.checksum(), official.cache(), official.instead());
  }

  /** As Keras publishes them. */
  private void write(Function<WeightLayer, List<float[]>> weights) throws IOException {
    List<WeightLayer> layers = new ArrayList<>();
    BASE.architecture().build(new Noted(layers));
    try (WritableHdfFile hdf = HdfFile.write(published())) {
      hdf.putAttribute(
          "layer_names", layers.stream().map(WeightLayer::name).toArray(String[]::new));
      for (WeightLayer layer : layers) {
        WritableGroup group = hdf.putGroup(layer.name());
        group.putAttribute(
            "weight_names",
            layer.arrays().stream().map(array -> array.name() + ":0").toArray(String[]::new));
        List<float[]> arrays = weights.apply(layer);
        for (int i = 0; i < arrays.size(); i++) {
          WeightLayer.Array array = layer.arrays().get(i);
          group.putDataset(array.name() + ":0", shaped(arrays.get(i), array.shape()));
        }
      }
    }
  }

  /** Nested arrays, as the library wants them. */
  private static Object shaped(float[] numbers, Shape shape) {
    if (shape.numDimensions() == 1) {
      return numbers;
    }
    float[][][][] shaped =
        new float[(int) shape.get(0)][(int) shape.get(1)][(int) shape.get(2)][(int) shape.get(3)];
    FloatBuffer left = FloatBuffer.wrap(numbers);
    for (float[][][] plane : shaped) {
      for (float[][] row : plane) {
        for (float[] last : row) {
          left.get(last);
        }
      }
    }
    return shaped;
  }

  /** Notes what a network asks for. */
  private record Noted(List<WeightLayer> layers) implements LayerWeights {
    @Override
    public String origin() {
      return "pseudo-random weights";
    }

    @Override
    public List<float[]> next(WeightLayer layer) {
      layers.add(layer);
      return new PseudoRandomWeights().next(layer);
    }

    @Override
    public void end() {}

    @Override
    public void close() {}
  }

  private void serve(HttpExchange exchange) throws IOException {
    requests.add(exchange.getRequestURI().getPath());
    boolean there = Files.exists(published());
    exchange.sendResponseHeaders(there ? 200 : 404, there ? Files.size(published()) : -1);
    if (there) {
      Files.copy(published(), exchange.getResponseBody());
    }
  }
}
