package io.pigeonhole.local;

import java.util.List;

/** The buckets that exist from the first start. */
final class Buckets {
  static final String IMAGES = "images";
  static final String RESULTS = "results";
  static final String MODELS = "models";
  static final String DATASET = "dataset";
  static final List<String> ALL = List.of(IMAGES, RESULTS, MODELS, DATASET);

  private Buckets() {}
}
