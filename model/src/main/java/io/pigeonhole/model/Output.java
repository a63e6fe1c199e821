package io.pigeonhole.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Optional;

/**
 * What the network answers.
 *
 * @param tensor the probabilities' key in the {@code serving_default} signature
 * @param novelty the key of how novel images are, {@code float32 [N]}: the part, 0 to 1, of known
 *     images that are less novel; empty if the network does not say
 */
public record Output(
    String tensor, @JsonInclude(JsonInclude.Include.NON_EMPTY) Optional<String> novelty) {
  public Output {
    Field.require(!tensor.isBlank(), "tensor", tensor, "must not be blank");
    novelty.ifPresent(
        key ->
            Field.require(
                !key.isBlank() && !key.equals(tensor),
                "novelty",
                key,
                "must be another than that of the probabilities"));
  }

  /** Of a network that only answers probabilities. */
  public Output(String tensor) {
    this(tensor, Optional.empty());
  }
}
