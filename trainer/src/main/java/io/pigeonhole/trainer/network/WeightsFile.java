package io.pigeonhole.trainer.network;

import io.pigeonhole.trainer.network.Parameter.Role;
import io.pigeonhole.trainer.network.Safetensors.Entry;
import io.pigeonhole.trainer.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Weights as they are published, in a {@linkplain Safetensors safetensors} file: kernels in two
 * bytes a value, everything else in four.
 */
public final class WeightsFile {

  private WeightsFile() {}

  /** Writes all weights of a recipe's network. */
  public static void write(Recipe recipe, Weights weights, Path file) throws IOException {
    Map<String, Entry> entries = new LinkedHashMap<>();
    for (Parameter parameter : Network.of(recipe).parameters()) {
      Safetensors.Type type =
          parameter.role() == Role.KERNEL ? Safetensors.Type.F16 : Safetensors.Type.F32;
      entries.put(
          parameter.name(), new Entry(parameter.shape(), type, weights.get(parameter.name())));
    }
    Safetensors.write(Map.of("recipe", recipe.name()), entries, file);
  }
}
