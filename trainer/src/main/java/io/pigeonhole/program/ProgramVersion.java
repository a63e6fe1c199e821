package io.pigeonhole.program;

import java.util.Optional;
import org.tensorflow.TensorFlow;
import picocli.CommandLine;

/** What {@code --version} prints. */
final class ProgramVersion implements CommandLine.IVersionProvider {

  @Override
  public String[] getVersion() {
    String own =
        Optional.ofNullable(Pigeonhole.class.getPackage().getImplementationVersion())
            .orElse("(not packaged)");
    return new String[] {"Pigeonhole " + own + ", TensorFlow " + TensorFlow.version()};
  }
}
