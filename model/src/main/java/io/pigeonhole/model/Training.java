package io.pigeonhole.model;

/**
 * Where a model comes from.
 *
 * @param recipe the recipe's name
 * @param dataset the data set's name, for people
 * @param datasetSha256 identifies the data: models with the same one were measured on the same test
 *     images
 * @param samples images trained on
 * @param seed of everything random in the training
 * @param epochs passes over the samples
 * @param seconds wall time of the training
 * @param device what it ran on, for people
 * @param tensorflow the version of the TensorFlow library
 */
public record Training(
    String recipe,
    String dataset,
    String datasetSha256,
    long samples,
    long seed,
    int epochs,
    double seconds,
    String device,
    String tensorflow) {
  public Training {
    Field.requireCount("samples", samples);
    Field.requireCount("epochs", epochs);
    Field.requireNotNegative("seconds", seconds);
  }
}
