package io.pigeonhole.program;

import io.pigeonhole.command.Errors;
import io.pigeonhole.command.ExitCode;
import io.pigeonhole.command.Json;
import io.pigeonhole.command.ProgramCommand;
import io.pigeonhole.image.ImageDecoder;
import io.pigeonhole.image.ImageLimits;
import io.pigeonhole.image.UndecodableImageException;
import io.pigeonhole.model.Answer;
import io.pigeonhole.model.Classification;
import io.pigeonhole.model.Manifest;
import io.pigeonhole.model.Prediction;
import io.pigeonhole.trainer.cli.ModelOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code label} as it was in {@code java -jar trainer.jar}, until the next release. */
@Command(name = "predict", hidden = true, description = "Use 'pigeonhole label'.")
final class PredictCommand extends ProgramCommand {

  @Parameters(index = "0", paramLabel = "MODEL")
  private String place;

  @Mixin private ModelOptions model;

  @Parameters(index = "1..*", arity = "1..*", paramLabel = "IMAGE")
  private List<Path> named;

  @Option(names = "--json")
  private boolean json;

  @Option(names = "--top", defaultValue = "3")
  private int top;

  @Override
  public Integer call() throws Exception {
    if (top < 1) {
      throw wrong("--top is %d; expected 1 or more".formatted(top));
    }
    List<Path> files = ImageFiles.of(named);
    Map<Path, Answer> answers;
    try (ModelOptions.Loaded loaded = model.load(place);
        ImageDecoder decoder = new ImageDecoder(ImageLimits.DEFAULT)) {
      answers = answers(files, loaded, decoder);
      if (json) {
        out().println(Json.MAPPER.writeValueAsString(byName(loaded.manifest(), answers)));
      }
    }
    return answers.size() == Set.copyOf(files).size() ? ExitCode.DONE : ExitCode.FAILED;
  }

  private Map<Path, Answer> answers(
      List<Path> files, ModelOptions.Loaded loaded, ImageDecoder decoder) {
    Map<Path, Answer> answers = new LinkedHashMap<>();
    for (Path file : files) {
      try {
        Answer answer = loaded.classifier().answer(decoder, Files.readAllBytes(file));
        answers.put(file, answer);
        if (!json) {
          print(file, Classification.of(loaded.manifest(), answer));
        }
      } catch (UndecodableImageException e) {
        warn("%s: %s: %s".formatted(file, e.error().code(), e.getMessage()));
      } catch (IOException e) {
        warn(Errors.message(e));
      }
    }
    return answers;
  }

  private static Map<String, Map<String, Float>> byName(
      Manifest manifest, Map<Path, Answer> answers) {
    Map<String, Map<String, Float>> named = new LinkedHashMap<>();
    answers.forEach(
        (file, answer) -> {
          float[] row = answer.probabilities();
          Map<String, Float> probabilities = new LinkedHashMap<>();
          for (int i = 0; i < row.length; i++) {
            probabilities.put(manifest.classes().get(i), row[i]);
          }
          named.put(file.toString(), probabilities);
        });
    return named;
  }

  private void print(Path file, Classification classification) {
    StringBuilder line = new StringBuilder(file.toString()).append(':');
    for (Prediction prediction : classification.top(top).predictions()) {
      line.append(" %s %.1f%%".formatted(prediction.label(), 100 * prediction.confidence()));
    }
    classification
        .reason()
        .ifPresent(reason -> line.append(" (for review: %s)".formatted(reason.code())));
    out().println(line);
  }
}
