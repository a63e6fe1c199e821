package io.pigeonhole.trainer.base;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/** Weights that depend on names alone: those of bench/keras_bases.py. */
final class PseudoRandomWeights implements LayerWeights {

  @Override
  public String origin() {
    return "pseudo-random weights";
  }

  @Override
  public List<float[]> next(WeightLayer layer) {
    List<float[]> arrays = new ArrayList<>();
    for (WeightLayer.Array array : layer.arrays()) {
      int count = Math.toIntExact(array.shape().size());
      String name = layer.name() + "/" + array.name();
      double limit =
          switch (array.name()) {
            case "kernel" -> Math.sqrt(3.0 / inputs(layer, array));
            case "beta", "gamma", "moving_variance" -> 0.5;
            default -> 0.2;
          };
      double middle =
          array.name().equals("gamma") || array.name().equals("moving_variance") ? 1 : 0;
      arrays.add(uniform(name, count, middle - limit, middle + limit));
    }
    return arrays;
  }

  /** Numbers that a sum is of. */
  private static long inputs(WeightLayer layer, WeightLayer.Array kernel) {
    boolean depthwise = layer.kind() == WeightLayer.Kind.DEPTHWISE;
    long last = kernel.shape().get(depthwise ? 2 : 3);
    return kernel.shape().size() / last;
  }

  private static float[] uniform(String name, int count, double low, double high) {
    int[] bits = bits(name, count);
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) (low + (high - low) * (bits[i] >>> 8) / (1 << 24));
    }
    return numbers;
  }

  /** 32 random bits each: the end of MurmurHash3 of a name's checksum and a running number. */
  private static int[] bits(String name, int count) {
    CRC32 crc = new CRC32();
    crc.update(name.getBytes(StandardCharsets.UTF_8));
    int[] bits = new int[count];
    for (int i = 0; i < count; i++) {
      int number = i * 0x9E3779B9 + (int) crc.getValue();
      number = (number ^ (number >>> 16)) * 0x85EBCA6B;
      number = (number ^ (number >>> 13)) * 0xC2B2AE35;
      bits[i] = number ^ (number >>> 16);
    }
    return bits;
  }

  /** Two images, red brighter than green, and green than blue. */
  static byte[] images(int height, int width) {
    int[] bits = bits("images", 2 * height * width * 3);
    byte[] bytes = new byte[bits.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (bits[i] >>> (24 + i % 3));
    }
    return bytes;
  }

  @Override
  public void end() {}

  @Override
  public void close() {}
}
