package io.pigeonhole.trainer.network;

import io.pigeonhole.trainer.network.Parameter.Role;
import io.pigeonhole.trainer.recipe.Layer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32C;

/** The numbers of a network's parameters, outside of any graph. */
public final class Weights {

  private final Map<String, float[]> values = new LinkedHashMap<>();

  /** The values of a parameter, in row-major order; not a copy. */
  public float[] get(String name) {
    float[] found = values.get(name);
    if (found == null) {
      throw new IllegalArgumentException("no weights named " + name + " in " + values.keySet());
    }
    return found;
  }

  void put(String name, float[] numbers) {
    values.put(name, numbers);
  }

  /** The names, in the order in which they were put in. */
  Set<String> names() {
    return Collections.unmodifiableSet(values.keySet());
  }

  /** Number of values of all parameters together. */
  public long count() {
    return values.values().stream().mapToLong(array -> array.length).sum();
  }

  /** Whether all of them are numbers, and none infinite. */
  public boolean areFinite() {
    for (float[] numbers : values.values()) {
      for (float number : numbers) {
        if (!Float.isFinite(number)) {
          return false;
        }
      }
    }
    return true;
  }

  /** A checksum (CRC-32C) of the names and the values. */
  public long checksum() {
    CRC32C checksum = new CRC32C();
    values.forEach(
        (name, numbers) -> {
          checksum.update(name.getBytes(StandardCharsets.UTF_8));
          ByteBuffer bytes = ByteBuffer.allocate(numbers.length * Float.BYTES);
          bytes.asFloatBuffer().put(numbers);
          checksum.update(bytes);
        });
    return checksum.getValue();
  }

  /**
   * The same function with batch normalisation multiplied into the convolutions in front of it. A
   * normalised row has no trained scale, so its factors are positive and commute with the max
   * pooling between the two.
   */
  Folded folded(Network network) {
    Weights folded = new Weights();
    List<Parameter> parameters = new ArrayList<>();
    for (Parameter parameter : network.parameters()) {
      if (!normalised(network, parameter)) {
        folded.put(parameter.name(), get(parameter.name()));
        parameters.add(parameter);
      } else if (parameter.role() == Role.KERNEL) {
        folded.put(parameter.name(), foldedKernel(parameter));
        parameters.add(parameter);
      } else if (parameter.role() == Role.SHIFT) {
        Parameter bias = new Parameter(parameter.row(), Role.BIAS, parameter.shape());
        folded.put(bias.name(), foldedBias(parameter));
        parameters.add(bias);
      }
    }
    return new Folded(parameters, folded);
  }

  /** Parameters without batch normalisation, and their values. */
  record Folded(List<Parameter> parameters, Weights weights) {}

  private static boolean normalised(Network network, Parameter parameter) {
    return network.rows().stream()
        .filter(row -> row.name().equals(parameter.row()))
        .anyMatch(row -> row.layer() instanceof Layer.Conv conv && conv.norm());
  }

  private float[] foldedKernel(Parameter kernel) {
    float[] original = get(kernel.name());
    float[] variance = get(Parameter.name(kernel.row(), Role.VARIANCE));
    float[] result = new float[original.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = original[i] * factor(variance[i % variance.length]);
    }
    return result;
  }

  private float[] foldedBias(Parameter shift) {
    float[] original = get(shift.name());
    float[] mean = get(Parameter.name(shift.row(), Role.MEAN));
    float[] variance = get(Parameter.name(shift.row(), Role.VARIANCE));
    float[] result = new float[original.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = original[i] - mean[i] * factor(variance[i]);
    }
    return result;
  }

  private static float factor(float variance) {
    return (float) (1 / Math.sqrt(variance + Network.EPSILON));
  }
}
