package io.pigeonhole.start;

import io.quarkus.bootstrap.logging.InitialConfigurator;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.logging.Handler;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logmanager.formatters.JsonFormatter;
import org.jboss.logmanager.formatters.StructuredFormatter;

/**
 * Logs objects instead of lines, so that CloudWatch Logs Insights can be asked for all that was
 * said of an image or a request: {@code level}, {@code message}, and under {@code mdc} the {@code
 * AWSRequestId} and the {@code key}.
 */
@Singleton
final class JsonLog {
  void start(
      @Observes @Priority(1) StartupEvent event,
      @ConfigProperty(name = "pigeonhole.log.json", defaultValue = "true") boolean json) {
    if (!json) {
      return;
    }
    JsonFormatter formatter = new JsonFormatter();
    formatter.setExceptionOutputType(StructuredFormatter.ExceptionOutputType.FORMATTED);
    for (Handler handler : InitialConfigurator.DELAYED_HANDLER.getHandlers()) {
      handler.setFormatter(formatter);
    }
  }
}
