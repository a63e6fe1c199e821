package io.pigeonhole.trainer.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.pigeonhole.trainer.network.Safetensors.Entry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.ndarray.Shape;

class SafetensorsTest {

  @TempDir Path folder;

  private Path write() throws IOException {
    Path file = folder.resolve("weights.safetensors");
    float[] numbers = {1.5f, -2, 0, 65504, 1e-7f, -0.25f};
    Safetensors.write(
        Map.of("recipe", "fast"),
        Map.of(
            "half", new Entry(Shape.of(2, 3), Safetensors.Type.F16, numbers),
            "whole", new Entry(Shape.of(6), Safetensors.Type.F32, numbers)),
        file);
    return file;
  }

  @Test
  void readsWhatItWrites() throws IOException {
    Safetensors read = Safetensors.read(write());
    assertThat(read.metadata()).isEqualTo(Map.of("recipe", "fast"));
    assertThat(read.shapes()).isEqualTo(Map.of("half", Shape.of(2, 3), "whole", Shape.of(6)));
    assertThat(read.weights().get("whole")).containsExactly(1.5f, -2, 0, 65504, 1e-7f, -0.25f);
    assertThat(read.weights().get("half"))
        .containsExactly(1.5f, -2, 0, 65504, 1.1920929e-7f, -0.25f);
  }

  @Test
  void endsInWeightsOrAnErrorWhateverTheBytes() throws IOException {
    byte[] good = Files.readAllBytes(write());
    Random random = new Random(1);
    Path file = folder.resolve("bad.safetensors");
    for (int i = 0; i < 2000; i++) {
      byte[] bad = good.clone();
      for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
        bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
      }
      Files.write(file, bad);
      try {
        Safetensors read = Safetensors.read(file);
        assertThat(read.weights().names()).isEqualTo(read.shapes().keySet());
      } catch (IOException e) {
        assertThat(e).hasMessageMatching("(?s).*(safetensors|array|numbers).*");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "{\"a\":1}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[99999999999],\"data_offsets\":[0,4]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,-4]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2147483647,2147483647,4],\"data_offsets\":[0,4]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
            + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
        "{\"a\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}"
      })
  void refusesHeadersThatLie(String header) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(12 + json.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(json.length).put(json).putFloat(1);
    Path file = Files.write(folder.resolve("lie.safetensors"), bytes.array());
    if (header.equals("[]")) {
      assertThat(Safetensors.read(file).shapes()).isEmpty();
    } else {
      assertThatIOException().isThrownBy(() -> Safetensors.read(file));
    }
  }
}
