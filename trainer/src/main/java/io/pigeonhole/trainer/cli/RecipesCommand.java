package io.pigeonhole.trainer.cli;

import io.pigeonhole.trainer.recipe.Recipe;
import io.pigeonhole.trainer.recipe.ShippedRecipes;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code trainer recipes}. */
@Command(
    name = "recipes",
    description = {
      "Lists the recipes that come along, or prints one: the start of an own.",
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  trainer recipes tutorial > mine.yaml",
      "  trainer train --recipe mine.yaml --out models"
    })
final class RecipesCommand extends TrainerCommand {

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "NAME",
      description = "The one to print; without it, all are listed.")
  private Optional<String> name;

  @Override
  public Integer call() {
    name.ifPresentOrElse(this::print, this::list);
    out().flush();
    return 0;
  }

  private void print(String wanted) {
    if (!ShippedRecipes.names().contains(wanted)) {
      throw new CommandLine.ParameterException(
          spec().commandLine(),
          "There is no recipe '%s'; there are: %s"
              .formatted(wanted, String.join(", ", ShippedRecipes.names())));
    }
    out().print(ShippedRecipes.text(wanted));
  }

  private void list() {
    for (Recipe recipe : ShippedRecipes.all()) {
      String first = ShippedRecipes.text(recipe.name()).lines().findFirst().orElse("");
      out().printf("%-19s %s%n", recipe.name(), first.replaceFirst("^#\\s*", ""));
    }
  }
}
