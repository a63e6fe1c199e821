package io.pigeonhole.trainer.transfer;

import io.pigeonhole.trainer.data.Images;
import io.pigeonhole.trainer.network.Novelty;
import io.pigeonhole.trainer.training.Scored;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/**
 * Features of learned images, by whose distance the novelty of others is measured.
 *
 * @param images whose they are; of many, some of each class
 * @param rows their features, each of length 1
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Neighbours(List<Integer> images, float[][] rows) {

  /** What gives the features of images. */
  @FunctionalInterface
  interface Source {

    /** Of each image, {@code [images][count]}. */
    float[][] of(int[] images);
  }

  /**
   * Chooses among images.
   *
   * @param learned those that may be chosen
   * @param labels of all images
   * @param count features of an image
   */
  static Neighbours of(int[] learned, int[] labels, int count, long seed, Source source) {
    List<Integer> chosen = chosen(learned, labels, Novelty.room(count), seed);
    float[][] rows = source.of(chosen.stream().mapToInt(Integer::intValue).toArray());
    for (int i = 0; i < rows.length; i++) {
      rows[i] = Novelty.unit(rows[i]);
    }
    return new Neighbours(chosen, rows);
  }

  /** Every class has its turn. */
  private static List<Integer> chosen(int[] learned, int[] labels, int room, long seed) {
    Map<Integer, List<Integer>> byClass = new TreeMap<>();
    for (int image : learned) {
      byClass.computeIfAbsent(labels[image], label -> new ArrayList<>()).add(image);
    }
    Random random = new Random(seed);
    byClass.values().forEach(images -> Collections.shuffle(images, random));
    List<Integer> chosen = new ArrayList<>();
    for (int turn = 0; chosen.size() < Math.min(room, learned.length); turn++) {
      for (List<Integer> images : byClass.values()) {
        if (turn < images.size() && chosen.size() < room) {
          chosen.add(images.get(turn));
        }
      }
    }
    Collections.sort(chosen);
    return chosen;
  }

  /** How far an image is from them, without itself. */
  double distance(int image, float[] features) {
    int own = Collections.binarySearch(images, image);
    return Novelty.distance(Novelty.unit(features), rows, own);
  }

  /**
   * Scored images with their novelty.
   *
   * @param distances of the images, each from others than itself
   */
  Scored scored(Images tried, float[][] scores, double[] distances) {
    Optional<Novelty> novelty = Novelty.byNeighbours(rows, distances);
    float[] novelties = new float[novelty.isPresent() ? distances.length : 0];
    for (int i = 0; i < novelties.length; i++) {
      novelties[i] = novelty.orElseThrow().of(distances[i]);
    }
    return new Scored(tried, scores, novelty, novelties);
  }
}
