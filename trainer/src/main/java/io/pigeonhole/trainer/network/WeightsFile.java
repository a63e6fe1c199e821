package io.pigeonhole.trainer.network;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.pigeonhole.trainer.network.Parameter.Role;
import io.pigeonhole.trainer.recipe.Recipe;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat16;

/**
 * Weights in a file of the <a href="https://huggingface.co/docs/safetensors">safetensors</a>
 * format, which most frameworks read: kernels in two bytes a value, everything else in four.
 */
public final class WeightsFile {

  private static final ObjectMapper JSON = new ObjectMapper();

  private WeightsFile() {}

  /** Writes all weights of a recipe's network. */
  public static void write(Recipe recipe, Weights weights, Path file) throws IOException {
    Network network = Network.of(recipe);
    Map<String, Object> header = new LinkedHashMap<>();
    header.put("__metadata__", Map.of("recipe", recipe.name()));
    long offset = 0;
    for (Parameter parameter : network.parameters()) {
      long end = offset + (long) parameter.size() * bytes(parameter);
      header.put(
          parameter.name(),
          Map.of(
              "dtype",
              bytes(parameter) == 2 ? "F16" : "F32",
              "shape",
              parameter.shape().asArray(),
              "data_offsets",
              List.of(offset, end)));
      offset = end;
    }
    byte[] json = padded(JSON.writeValueAsBytes(header));
    try (OutputStream out = Files.newOutputStream(file)) {
      out.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(json.length).array());
      out.write(json);
      for (Parameter parameter : network.parameters()) {
        out.write(numbers(parameter, weights.get(parameter.name())));
      }
    }
  }

  private static int bytes(Parameter parameter) {
    return parameter.role() == Role.KERNEL ? Short.BYTES : Float.BYTES;
  }

  /** The format wants what follows the header to be aligned; spaces fill it up. */
  private static byte[] padded(byte[] json) {
    String text = new String(json, StandardCharsets.UTF_8);
    return (text + " ".repeat((8 - json.length % 8) % 8)).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] numbers(Parameter parameter, float[] values) {
    byte[] result = new byte[values.length * bytes(parameter)];
    if (bytes(parameter) == Short.BYTES) {
      try (TFloat16 tensor = TFloat16.tensorOf(parameter.shape(), DataBuffers.of(values))) {
        tensor.asRawTensor().data().read(result);
      }
    } else {
      ByteBuffer.wrap(result).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
    }
    return result;
  }
}
