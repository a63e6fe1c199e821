package io.pigeonhole.trainer.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pigeonhole.command.ExitCode;
import io.pigeonhole.command.Json;
import io.pigeonhole.command.ProgramCommand;
import io.pigeonhole.trainer.base.KnownBase;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code pigeonhole bases}. */
@Command(
    name = "bases",
    description = {
      "Lists the networks of others that --base knows by name. Their weights are fetched once from"
          + " where they are published."
    },
    footerHeading = "%nWhat the columns say:%n",
    footer = {
      "  size      of the weights, in MB of a million bytes",
      "  ImageNet  top-1 accuracy, as Keras states it",
      "  ms/image  of one core, on the machine where it was measured",
      "",
      "Example:",
      "  pigeonhole train --data photos --base mobilenet-v2 --out models"
    })
public final class BasesCommand extends ProgramCommand {

  private static final String ROW = "%-19s %-18s %6s %9s %9s %9s  %s%n";

  @Mixin private Json json;

  @Override
  public Integer call() {
    if (json.isWanted()) {
      KnownBase.all().forEach(base -> out().println(toJson(base)));
      return ExitCode.DONE;
    }
    out().printf(ROW, "name", "network", "size", "ImageNet", "ms/image", "features", "licence");
    for (KnownBase base : KnownBase.all()) {
      out()
          .printf(
              ROW,
              base.name(),
              base.title(),
              "%d MB".formatted(Math.round(base.bytes() / 1e6)),
              String.format(Locale.ROOT, "%.1f %%", base.accuracy()),
              Math.round(base.milliseconds()),
              base.features(),
              base.licence());
    }
    out().flush();
    return ExitCode.DONE;
  }

  private static ObjectNode toJson(KnownBase base) {
    return Json.MAPPER
        .createObjectNode()
        .put("name", base.name())
        .put("network", base.title())
        .put("bytes", base.bytes())
        .put("accuracy", base.accuracy())
        .put("milliseconds", base.milliseconds())
        .put("features", base.features())
        .put("licence", base.licence());
  }
}
