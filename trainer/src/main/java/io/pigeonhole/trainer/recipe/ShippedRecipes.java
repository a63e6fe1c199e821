package io.pigeonhole.trainer.recipe;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** The recipes that come with the trainer. */
public final class ShippedRecipes {

  private static final List<String> NAMES =
      List.of(
          "fast",
          "fast-small",
          "accurate",
          "open-set",
          "transfer",
          "fine-tune",
          "tutorial",
          "tutorial-augmented",
          "folder-28",
          "photo-224",
          "tiny-64");

  private ShippedRecipes() {}

  /** Their names, the default first. */
  public static List<String> names() {
    return NAMES;
  }

  /** All of them, the default first. */
  public static List<Recipe> all() {
    return NAMES.stream().map(ShippedRecipes::read).toList();
  }

  /** One of them. */
  public static Optional<Recipe> named(String name) {
    return NAMES.contains(name) ? Optional.of(read(name)) : Optional.empty();
  }

  /**
   * The file of one of them, to begin an own one with.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public static String text(String name) {
    if (!NAMES.contains(name)) {
      throw new IllegalArgumentException("no recipe named " + name);
    }
    try (InputStream in = ShippedRecipes.class.getResourceAsStream("/recipes/" + name + ".yaml")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Recipe read(String name) {
    try {
      return RecipeFile.parse(name, name + ".yaml", text(name));
    } catch (InvalidRecipeException e) {
      throw new IllegalStateException(e);
    }
  }
}
