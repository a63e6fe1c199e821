package io.pigeonhole.trainer.network;

import io.pigeonhole.trainer.recipe.Recipe;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.ndarray.Shape;

/**
 * Weights that a training begins with.
 *
 * @param weights of a network that is the same but for the number of classes
 * @param classes that they were trained for; for others, the last row begins anew
 */
public record Start(Safetensors weights, List<String> classes) {

  /** Weights of the same network. */
  public static Start of(Recipe recipe, Weights weights, List<String> classes) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    Network.of(recipe).parameters().forEach(each -> shapes.put(each.name(), each.shape()));
    return new Start(new Safetensors(Map.of(), shapes, weights), classes);
  }
}
