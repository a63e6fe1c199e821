package io.pigeonhole.trainer.cli;

import io.pigeonhole.command.MistakesException;
import io.pigeonhole.trainer.network.MachineTrial;
import io.pigeonhole.trainer.network.Precision;
import io.pigeonhole.trainer.recipe.InvalidRecipeException;
import io.pigeonhole.trainer.recipe.Recipe;
import io.pigeonhole.trainer.recipe.RecipeFile;
import io.pigeonhole.trainer.recipe.ShippedRecipes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** What to train, and how. */
final class RecipeOptions {

  @CommandLine.Spec(CommandLine.Spec.Target.MIXEE)
  private CommandLine.Model.CommandSpec command;

  @Option(
      names = "--recipe",
      paramLabel = "NAME|FILE",
      description = {
        "What to train and how (default: with a --base transfer, or that of a model with its"
            + " weights; else accurate on a GPU and fast on a CPU, or fast-small where that would"
            + " take more than ten minutes): a recipe that comes along ('pigeonhole recipes' lists them), or a YAML file of"
            + " your own."
      })
  private Optional<String> recipe;

  private String otherwise = "fast";

  @Option(names = "--epochs", paramLabel = "N", description = "Other than the recipe's.")
  private Optional<Integer> epochs;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "The same seed gives the same run. Without it, the recipe's.")
  private Optional<Long> seed;

  @Option(
      names = "--precision",
      paramLabel = "FORMAT",
      description = {
        "float32 or bfloat16; without it, the recipe's, and if that leaves it open, the fastest"
            + " format in which this machine is found to compute the recipe's layers rightly."
      })
  private Optional<Precision> precision;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "0",
      description = "Processor threads; 0 for one a core (default).")
  private int threads;

  /** Whether the command line names a recipe. */
  boolean isNamed() {
    return recipe.isPresent();
  }

  /** Whether the command line says how many epochs. */
  boolean hasEpochs() {
    return epochs.isPresent();
  }

  /** What is taken if the command line names no recipe. */
  void otherwise(String name) {
    otherwise = name;
  }

  private String name() {
    return recipe.orElse(otherwise);
  }

  /** The recipe, with what the command line says instead. */
  Recipe recipe() throws IOException {
    Recipe found = named();
    if (epochs.isPresent() && epochs.get() < 1) {
      throw wrong("--epochs is " + epochs.get() + "; expected 1 or more");
    }
    return epochs.map(found::withEpochs).orElse(found);
  }

  /** The recipe as its file has it, and what the command line says instead. */
  String text() throws IOException {
    String file =
        ShippedRecipes.names().contains(name())
            ? ShippedRecipes.text(name())
            : Files.readString(Path.of(name()));
    return epochs.map(number -> "# --epochs " + number + "\n").orElse("") + file;
  }

  private Recipe named() throws IOException {
    Optional<Recipe> shipped = ShippedRecipes.named(name());
    if (shipped.isPresent()) {
      return shipped.get();
    }
    if (!isFile()) {
      throw wrong(
          "There is no recipe '%s', and no file of that name; there are: %s"
              .formatted(name(), String.join(", ", ShippedRecipes.names())));
    }
    try {
      return RecipeFile.read(Path.of(name()));
    } catch (InvalidRecipeException e) {
      throw new MistakesException(command.commandLine(), e.mistakes(), e);
    }
  }

  private boolean isFile() {
    try {
      return Files.isRegularFile(Path.of(name()));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  long seed(Recipe of) {
    return seed.orElse(of.seed());
  }

  /** The format that is asked for, on the command line or in the recipe, if any is. */
  Optional<Precision> askedPrecision(Recipe recipe) {
    return precision.or(() -> asked(recipe));
  }

  /**
   * The format to train in: the one that is asked for; else that of the checkpoint that the run
   * goes on from, so that it ends as if it had not been interrupted; else the fastest that is right
   * here.
   *
   * @param trial of the recipe
   */
  Precision precision(Recipe recipe, MachineTrial trial, Optional<Precision> checkpoint) {
    Optional<Precision> asked = askedPrecision(recipe);
    if (asked.equals(Optional.of(Precision.BFLOAT16)) && !trial.right()) {
      throw wrong("bfloat16 %s; --precision float32 trains".formatted(trial.finding()));
    }
    return asked
        .or(() -> checkpoint.filter(each -> each == Precision.FLOAT32 || trial.right()))
        .orElse(trial.fastest());
  }

  private static Optional<Precision> asked(Recipe recipe) {
    return switch (recipe.numbers()) {
      case AUTO -> Optional.empty();
      case FLOAT32 -> Optional.of(Precision.FLOAT32);
      case BFLOAT16 -> Optional.of(Precision.BFLOAT16);
    };
  }

  int threads() {
    if (threads < 0) {
      throw wrong("--threads is " + threads + "; expected 0 or more");
    }
    return threads;
  }

  private CommandLine.ParameterException wrong(String message) {
    return new CommandLine.ParameterException(command.commandLine(), message);
  }
}
