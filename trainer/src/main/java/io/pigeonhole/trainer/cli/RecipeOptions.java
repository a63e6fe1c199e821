package io.pigeonhole.trainer.cli;

import io.pigeonhole.trainer.network.Precision;
import io.pigeonhole.trainer.recipe.Recipe;
import io.pigeonhole.trainer.recipe.ShippedRecipes;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** What to train, and how. */
final class RecipeOptions {

  @CommandLine.Spec(CommandLine.Spec.Target.MIXEE)
  private CommandLine.Model.CommandSpec command;

  @Option(
      names = "--recipe",
      paramLabel = "NAME",
      defaultValue = "fast",
      description = {
        "What to train and how (default: ${DEFAULT-VALUE}): 'fast', the most accuracy for a"
            + " processor minute; 'tutorial', the small network that introductions begin with."
      })
  private String recipe;

  @Option(names = "--epochs", paramLabel = "N", description = "Other than the recipe's.")
  private Optional<Integer> epochs;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "The same seed gives the same run (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--precision",
      paramLabel = "FORMAT",
      description = {
        "float32 or bfloat16; without it, bfloat16 on processors that multiply it (AMX,"
            + " AVX512-BF16)."
      })
  private Optional<Precision> precision;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "0",
      description = "Processor threads; 0 for one a core (default).")
  private int threads;

  Recipe recipe() {
    Recipe found =
        ShippedRecipes.all().stream()
            .filter(each -> each.name().equals(recipe))
            .findFirst()
            .orElseThrow(() -> wrong("There is no recipe '" + recipe + "'; there are: " + names()));
    if (epochs.isPresent() && epochs.get() < 1) {
      throw wrong("--epochs is " + epochs.get() + "; expected 1 or more");
    }
    return epochs.map(found::withEpochs).orElse(found);
  }

  long seed() {
    return seed;
  }

  Precision precision() {
    return precision.orElseGet(Precision::ofThisMachine);
  }

  int threads() {
    if (threads < 0) {
      throw wrong("--threads is " + threads + "; expected 0 or more");
    }
    return threads;
  }

  private static String names() {
    return ShippedRecipes.all().stream().map(Recipe::name).collect(Collectors.joining(", "));
  }

  private CommandLine.ParameterException wrong(String message) {
    return new CommandLine.ParameterException(command.commandLine(), message);
  }
}
