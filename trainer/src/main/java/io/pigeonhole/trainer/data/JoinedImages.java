package io.pigeonhole.trainer.data;

import java.util.Arrays;
import java.util.List;

/** Several sets of images, one after the other, not copied. */
final class JoinedImages implements Images {

  private final List<? extends Images> parts;
  private final int[] firsts;
  private final int[] labels;

  /** Joins sets of the same size; there is at least one, and the last knows all classes. */
  JoinedImages(List<? extends Images> parts) {
    this.parts = List.copyOf(parts);
    this.labels = parts.stream().flatMapToInt(part -> Arrays.stream(part.labels())).toArray();
    this.firsts = new int[parts.size()];
    for (int part = 1; part < firsts.length; part++) {
      firsts[part] = firsts[part - 1] + parts.get(part - 1).count();
    }
  }

  @Override
  public List<String> classes() {
    return parts.get(parts.size() - 1).classes();
  }

  @Override
  public int size() {
    return parts.get(0).size();
  }

  @Override
  public int[] labels() {
    return labels;
  }

  @Override
  public String name(int image) {
    int part = part(image);
    return parts.get(part).name(image - firsts[part]);
  }

  @Override
  public void read(int image, byte[] target, int at) {
    int part = part(image);
    parts.get(part).read(image - firsts[part], target, at);
  }

  private int part(int image) {
    int part = firsts.length - 1;
    while (image < firsts[part]) {
      part--;
    }
    return part;
  }
}
