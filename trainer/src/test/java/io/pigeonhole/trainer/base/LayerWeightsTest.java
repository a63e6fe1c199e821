package io.pigeonhole.trainer.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.WritableGroup;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LayerWeightsTest {

  private static final long MOST = 1 << 20;

  private static final WeightLayer CONV = WeightLayer.conv("stem", 1, 2, 3, false);
  private static final WeightLayer NORM = WeightLayer.norm("stem_bn", 3);
  private static final WeightLayer DEPTHWISE = WeightLayer.depthwise("inner", 1, 3);
  private static final WeightLayer LAST = WeightLayer.conv("last", 1, 3, 1, true);
  private static final List<WeightLayer> NETWORK = List.of(CONV, NORM, DEPTHWISE, LAST);

  private static final float[][][][] KERNEL = {{{{1, 2, 3}, {4, 5, 6}}}};
  private static final float[][][][] INNER = {{{{7}, {8}, {9}}}};
  private static final float[][][][] LAST_KERNEL = {{{{10}, {11}, {12}}}};

  @TempDir private Path folder;

  private enum Layout {
    LISTED {
      @Override
      void write(Path file, Map<String, Map<String, Object>> layers) {
        try (WritableHdfFile hdf = HdfFile.write(file)) {
          putListed(hdf, layers);
        }
      }
    },
    OF_MODEL {
      @Override
      void write(Path file, Map<String, Map<String, Object>> layers) {
        try (WritableHdfFile hdf = HdfFile.write(file)) {
          putListed(hdf.putGroup("model_weights"), layers);
        }
      }
    },
    NUMBERED {
      @Override
      void write(Path file, Map<String, Map<String, Object>> layers) {
        try (WritableHdfFile hdf = HdfFile.write(file)) {
          WritableGroup all = hdf.putGroup("layers");
          Map<String, Integer> counts = new LinkedHashMap<>();
          layers.forEach(
              (name, arrays) -> {
                String kind = kind(name, arrays);
                int number = counts.merge(kind, 1, Integer::sum) - 1;
                WritableGroup vars =
                    all.putGroup(number == 0 ? kind : kind + "_" + number).putGroup("vars");
                int i = 0;
                for (Object array : arrays.values()) {
                  vars.putDataset(String.valueOf(i++), array);
                }
              });
        }
      }
    };

    abstract void write(Path file, Map<String, Map<String, Object>> layers);

    private static String kind(String name, Map<String, Object> arrays) {
      return arrays.containsKey("gamma:0")
          ? "batch_normalization"
          : name.equals("inner") ? "depthwise_conv2d" : "conv2d";
    }

    static void putListed(WritableGroup group, Map<String, Map<String, Object>> layers) {
      group.putAttribute("layer_names", layers.keySet().toArray(String[]::new));
      layers.forEach(
          (name, arrays) -> {
            WritableGroup layer = group.putGroup(name);
            String[] paths =
                arrays.keySet().stream().map(a -> name + "/" + a).toArray(String[]::new);
            layer.putAttribute("weight_names", paths);
            WritableGroup inner = layer.putGroup(name);
            arrays.forEach(inner::putDataset);
          });
    }
  }

  @ParameterizedTest
  @EnumSource
  void readsWhatKerasWrites(Layout layout) throws IOException {
    layout.write(file(), layers());
    List<List<float[]>> read = read(NETWORK);
    assertThat(read.get(0).get(0)).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(read.get(1).get(0)).containsExactly(1, 2, 3);
    assertThat(read.get(1).get(3)).containsExactly(10, 11, 12);
    assertThat(read.get(2).get(0)).containsExactly(7, 8, 9);
    assertThat(read.get(3).get(0)).containsExactly(10, 11, 12);
    assertThat(read.get(3).get(1)).containsExactly(0.5f);
  }

  @Test
  void takesListedLayersInTheirOrderWhateverTheirNames() throws IOException {
    Map<String, Map<String, Object>> layers = new LinkedHashMap<>();
    layers().forEach((name, arrays) -> layers.put("older_" + name, arrays));
    Layout.LISTED.write(file(), layers);
    assertThat(read(NETWORK).get(2).get(0)).containsExactly(7, 8, 9);
  }

  @Test
  void leavesTheLastLayerOfAClassifierAlone() throws IOException {
    Map<String, Map<String, Object>> layers = layers();
    layers.put("predictions", Map.of("kernel:0", new float[3][10]));
    Layout.LISTED.write(file(), layers);
    assertThat(read(NETWORK)).hasSize(4);
  }

  @Test
  void findsArraysOfSafetensorsByTheirNames() throws IOException {
    safetensors("{'stem/kernel':{'dtype':'F32','shape':[1,1,2,3],'data_offsets':[0,24]}}", 24);
    assertThat(read(List.of(CONV)).get(0).get(0)).hasSize(6);
    assertRefused(List.of(DEPTHWISE), "array 'inner/kernel'", "no such array");
    WeightLayer wider = WeightLayer.conv("stem", 1, 2, 4, false);
    assertRefused(List.of(wider), "expected the shape [1, 1, 2, 4], found [1, 1, 2, 3]");
  }

  @Test
  void doesNotReadAFileThatIsLargerThanAnyOfTheNetwork() throws IOException {
    safetensors("{}", (int) MOST);
    assertRefused(NETWORK, "expected weights in at most 1048576");
  }

  @ParameterizedTest
  @EnumSource
  void refusesAnotherShape(Layout layout) {
    layout.write(file(), with("stem", "kernel:0", new float[1][1][3][2]));
    assertRefused(NETWORK, "layer stem", "the shape [1, 1, 2, 3], found [1, 1, 3, 2]", "0'");
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
  void refusesWhatIsNotFinite(float number) {
    Layout.LISTED.write(file(), with("stem_bn", "beta:0", new float[] {1, 2, number}));
    assertRefused(
        NETWORK, "array 'stem_bn/stem_bn/beta:0'", "expected finite numbers", "as number 2");
  }

  @Test
  void refusesOtherNumbers() {
    Layout.NUMBERED.write(file(), with("stem_bn", "beta:0", new double[] {1, 2, 3}));
    assertRefused(NETWORK, "'layers/batch_normalization/vars/1'", "type float32", "of 8 bytes");
    Layout.LISTED.write(file(), with("stem_bn", "beta:0", new int[] {1, 2, 3}));
    assertRefused(NETWORK, "type float32", "FixedPoint of 4 bytes");
  }

  @ParameterizedTest
  @EnumSource
  void refusesTooFewAndTooManyLayers(Layout layout) {
    layout.write(file(), layers());
    assertRefused(List.of(CONV, NORM, DEPTHWISE), "that the network does not have");
    assertRefused(List.of(CONV, NORM, DEPTHWISE, LAST, LAST), "for layer last|expected last next");
  }

  @ParameterizedTest
  @EnumSource
  void refusesABiasThatTheNetworkDoesNotHave(Layout layout) {
    layout.write(file(), layers());
    WeightLayer unbiased = WeightLayer.conv("last", 1, 3, 1, false);
    assertRefused(
        List.of(CONV, NORM, DEPTHWISE, unbiased), "layer last: expected the arrays \\[kernel\\]");
  }

  @Test
  void refusesALayerThatIsListedButNotThere() {
    try (WritableHdfFile hdf = HdfFile.write(file())) {
      hdf.putAttribute("layer_names", new String[] {"stem"});
    }
    assertRefused(NETWORK, "lists a layer 'stem' but has none");
  }

  @Test
  void refusesOtherFiles() throws IOException {
    try (WritableHdfFile hdf = HdfFile.write(file())) {
      hdf.putDataset("temperatures", new float[] {1, 2});
    }
    assertRefused(NETWORK, "is HDF5, but not weights of Keras");
    Files.writeString(file(), "no weights at all");
    assertRefused(NETWORK, "is no file of weights, neither Keras' HDF5 nor safetensors");
    Files.write(file(), new byte[0]);
    assertRefused(NETWORK, "is no file of weights");
  }

  @ParameterizedTest
  @CsvSource({"LISTED,0.9", "LISTED,0.5", "NUMBERED,0.9", "NUMBERED,0.1", "NUMBERED,0.001"})
  void refusesAPartOfAFile(Layout layout, double part) throws IOException {
    layout.write(file(), layers());
    byte[] whole = Files.readAllBytes(file());
    Files.write(file(), Arrays.copyOf(whole, Math.max(8, (int) (whole.length * part))));
    assertRefused(NETWORK);
  }

  @Test
  void readsNothingOfAnArrayThatIsSaidToBeHuge() throws IOException {
    Layout.NUMBERED.write(file(), layers());
    byte[] bytes = Files.readAllBytes(file());
    byte[] sides = sides(1, 1, 2, 3);
    int patched = 0;
    for (int i = 0; i + sides.length <= bytes.length; i++) {
      if (Arrays.equals(bytes, i, i + sides.length, sides, 0, sides.length)) {
        byte[] huge = sides(1 << 30, 1 << 30, 2, 3);
        System.arraycopy(huge, 0, bytes, i, huge.length);
        patched++;
      }
    }
    assertThat(patched).isPositive();
    Files.write(file(), bytes);
    assertRefused(NETWORK);
  }

  /** Whatever is damaged, it is read, or refused in the way that callers expect. */
  @ParameterizedTest
  @EnumSource
  @Timeout(value = 2, unit = TimeUnit.MINUTES)
  void survivesDamage(Layout layout) throws IOException {
    layout.write(file(), layers());
    byte[] whole = Files.readAllBytes(file());
    Random random = new Random(1);
    for (int i = 0; i < 300; i++) {
      byte[] damaged = whole.clone();
      for (int j = 0; j < 4; j++) {
        damaged[random.nextInt(8, damaged.length)] = (byte) random.nextInt();
      }
      Files.write(file(), damaged);
      assertThatCode(this::readOrRefused).doesNotThrowAnyException();
    }
  }

  private void readOrRefused() throws IOException {
    try {
      read(NETWORK);
    } catch (InvalidWeightsException e) {
      assertThat(e).hasMessageContaining(file().toString());
    }
  }

  private Path file() {
    return folder.resolve("weights");
  }

  private static Map<String, Map<String, Object>> layers() {
    Map<String, Map<String, Object>> layers = new LinkedHashMap<>();
    layers.put("stem", new LinkedHashMap<>(Map.of("kernel:0", KERNEL)));
    Map<String, Object> norm = new LinkedHashMap<>();
    norm.put("gamma:0", new float[] {1, 2, 3});
    norm.put("beta:0", new float[] {4, 5, 6});
    norm.put("moving_mean:0", new float[] {7, 8, 9});
    norm.put("moving_variance:0", new float[] {10, 11, 12});
    layers.put("stem_bn", norm);
    layers.put("inner", new LinkedHashMap<>(Map.of("depthwise_kernel:0", INNER)));
    Map<String, Object> last = new LinkedHashMap<>();
    last.put("kernel:0", LAST_KERNEL);
    last.put("bias:0", new float[] {0.5f});
    layers.put("last", last);
    return layers;
  }

  private static Map<String, Map<String, Object>> with(String layer, String array, Object other) {
    Map<String, Map<String, Object>> layers = layers();
    layers.get(layer).put(array, other);
    return layers;
  }

  private List<List<float[]>> read(List<WeightLayer> network) throws IOException {
    List<List<float[]>> read = new ArrayList<>();
    try (LayerWeights weights = LayerWeights.open(file(), MOST)) {
      for (WeightLayer layer : network) {
        read.add(weights.next(layer));
      }
      weights.end();
    }
    return read;
  }

  /** With a message that names the file and matches in all of these places. */
  private void assertRefused(List<WeightLayer> network, String... patterns) {
    ThrowingCallable reading = () -> read(network);
    assertThatThrownBy(reading)
        .isInstanceOf(InvalidWeightsException.class)
        .hasMessageContaining(file().toString())
        .message()
        .satisfies(
            message -> {
              for (String pattern : patterns) {
                if (!message.contains(pattern)) {
                  assertThat(message).containsPattern(pattern);
                }
              }
            });
  }

  private void safetensors(String header, int bytes) throws IOException {
    byte[] json = header.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    ByteBuffer buffer = ByteBuffer.allocate(8 + json.length + bytes).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putLong(json.length).put(json);
    Files.write(file(), buffer.array());
  }

  private static byte[] sides(long... sides) {
    ByteBuffer buffer = ByteBuffer.allocate(8 * sides.length).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asLongBuffer().put(sides);
    return buffer.array();
  }
}
