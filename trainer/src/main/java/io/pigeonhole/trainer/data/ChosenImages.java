package io.pigeonhole.trainer.data;

import java.util.Arrays;
import java.util.List;

/** Some of other images, in an order of their own. */
final class ChosenImages implements Images {

  private final Images all;
  private final int[] places;
  private final int[] labels;

  ChosenImages(Images all, int[] places) {
    int[] labelsOfAll = all.labels();
    this.all = all;
    this.places = places;
    this.labels = Arrays.stream(places).map(place -> labelsOfAll[place]).toArray();
  }

  @Override
  public List<String> classes() {
    return all.classes();
  }

  @Override
  public int size() {
    return all.size();
  }

  @Override
  public int[] labels() {
    return labels;
  }

  @Override
  public String name(int image) {
    return all.name(places[image]);
  }

  @Override
  public void read(int image, byte[] target, int at) {
    all.read(places[image], target, at);
  }
}
