package io.pigeonhole.trainer.cli;

import io.pigeonhole.command.ExitCode;
import io.pigeonhole.command.Json;
import io.pigeonhole.command.ProgramCommand;
import io.pigeonhole.trainer.recipe.Recipe;
import io.pigeonhole.trainer.recipe.ShippedRecipes;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code pigeonhole recipes}. */
@Command(
    name = "recipes",
    description = {
      "Lists the recipes that come along, or prints one: the start of an own.",
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  pigeonhole recipes tutorial > mine.yaml",
      "  pigeonhole train --recipe mine.yaml --out models"
    })
public final class RecipesCommand extends ProgramCommand {

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "NAME",
      description = "The one to print; without it, all are listed.")
  private Optional<String> name;

  @Mixin private Json json;

  @Override
  public Integer call() {
    if (name.isPresent() && json.isWanted()) {
      throw wrong("--json is for the list; a recipe is YAML");
    }
    name.ifPresentOrElse(this::print, this::list);
    out().flush();
    return ExitCode.DONE;
  }

  private void print(String wanted) {
    if (!ShippedRecipes.names().contains(wanted)) {
      throw wrong(
          "There is no recipe '%s'; there are: %s"
              .formatted(wanted, String.join(", ", ShippedRecipes.names())));
    }
    out().print(ShippedRecipes.text(wanted));
  }

  private void list() {
    for (Recipe recipe : ShippedRecipes.all()) {
      String first = ShippedRecipes.text(recipe.name()).lines().findFirst().orElse("");
      String about = first.replaceFirst("^#\\s*", "");
      if (json.isWanted()) {
        out()
            .println(Json.MAPPER.createObjectNode().put("name", recipe.name()).put("about", about));
      } else {
        out().printf("%-19s %s%n", recipe.name(), about);
      }
    }
  }
}
