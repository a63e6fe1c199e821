package io.pigeonhole.start;

import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import io.pigeonhole.model.Calibration;
import io.pigeonhole.model.Input;
import io.pigeonhole.model.Manifest;
import io.pigeonhole.model.Metrics;
import io.pigeonhole.model.ModelFile;
import io.pigeonhole.model.ModelVersion;
import io.pigeonhole.model.Output;
import io.pigeonhole.model.Training;
import io.quarkus.runtime.annotations.RegisterForReflection;

/** What Jackson reads and writes by reflection, which a native executable has to be told of. */
@RegisterForReflection(
    targets = {
      Calibration.class,
      Input.class,
      Manifest.class,
      Metrics.class,
      Metrics.ClassMetrics.class,
      ModelFile.class,
      ModelVersion.class,
      Output.class,
      SQSBatchResponse.class,
      SQSBatchResponse.BatchItemFailure.class,
      Training.class
    })
final class Json {
  private Json() {}
}
