package io.pigeonhole.trainer.recipe;

import java.util.List;

/** A recipe's file says something that cannot be done; all mistakes that were found are told. */
public final class InvalidRecipeException extends Exception {

  private final transient List<String> mistakes;

  InvalidRecipeException(List<String> mistakes) {
    super(String.join(System.lineSeparator(), mistakes));
    this.mistakes = List.copyOf(mistakes);
  }

  /** One line each: file, line, key, what was found, and what is allowed. */
  public List<String> mistakes() {
    return mistakes;
  }
}
