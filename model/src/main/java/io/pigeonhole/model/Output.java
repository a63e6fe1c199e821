package io.pigeonhole.model;

/**
 * What the network answers.
 *
 * @param tensor the output's key in the {@code serving_default} signature
 */
public record Output(String tensor) {
  public Output {
    Field.require(!tensor.isBlank(), "tensor", tensor, "must not be blank");
  }
}
