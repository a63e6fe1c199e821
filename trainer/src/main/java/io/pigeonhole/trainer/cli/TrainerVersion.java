package io.pigeonhole.trainer.cli;

import java.util.Optional;
import org.tensorflow.TensorFlow;
import picocli.CommandLine;

/** What {@code --version} prints. */
final class TrainerVersion implements CommandLine.IVersionProvider {

  @Override
  public String[] getVersion() {
    String own =
        Optional.ofNullable(Trainer.class.getPackage().getImplementationVersion())
            .orElse("(not packaged)");
    return new String[] {"Pigeonhole trainer " + own + ", TensorFlow " + TensorFlow.version()};
  }
}
