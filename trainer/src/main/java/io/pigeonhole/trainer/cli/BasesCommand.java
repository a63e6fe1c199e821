package io.pigeonhole.trainer.cli;

import io.pigeonhole.trainer.base.KnownBase;
import java.util.Locale;
import picocli.CommandLine.Command;

/** {@code trainer bases}. */
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
      "  trainer train --data photos --base mobilenet-v2 --out models"
    })
final class BasesCommand extends TrainerCommand {

  private static final String ROW = "%-19s %-18s %6s %9s %9s %9s  %s%n";

  @Override
  public Integer call() {
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
    return 0;
  }
}
