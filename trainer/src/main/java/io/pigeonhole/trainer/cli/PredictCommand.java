package io.pigeonhole.trainer.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.pigeonhole.image.ImageDecoder;
import io.pigeonhole.image.ImageLimits;
import io.pigeonhole.image.UndecodableImageException;
import io.pigeonhole.model.Answer;
import io.pigeonhole.model.Classification;
import io.pigeonhole.model.InvalidManifestException;
import io.pigeonhole.model.Manifest;
import io.pigeonhole.model.ModelRefusedException;
import io.pigeonhole.model.Prediction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code trainer predict}. */
@Command(
    name = "predict",
    description = "Labels image files.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  trainer predict models cat.jpg dog.png",
      "  trainer predict s3://my-models --json *.jpg > probabilities.json"
    })
final class PredictCommand extends TrainerCommand {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Mixin private ModelArgument model;

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "IMAGE",
      description = {
        "Image files of any size, or folders: of a folder, every file in it, at any depth, whose name"
            + " does not begin with a dot."
      })
  private List<Path> named;

  @Option(
      names = "--json",
      description = "Print all probabilities as one JSON object: {\"file\": {\"class\": 0.9, …}}.")
  private boolean json;

  @Option(
      names = "--top",
      paramLabel = "N",
      defaultValue = "3",
      description = "How many classes to print for an image (default: ${DEFAULT-VALUE}).")
  private int top;

  @Override
  public Integer call() throws IOException, InvalidManifestException, ModelRefusedException {
    if (top < 1) {
      throw new CommandLine.ParameterException(
          spec().commandLine(), "--top is %d; expected 1 or more".formatted(top));
    }
    List<Path> files = files();
    Map<Path, Answer> answers;
    try (ModelArgument.Loaded loaded = model.load();
        ImageDecoder decoder = new ImageDecoder(ImageLimits.DEFAULT)) {
      answers = answers(files, loaded, decoder);
      if (json) {
        out().println(JSON.writeValueAsString(byName(loaded.manifest(), answers)));
      }
    }
    return answers.size() == Set.copyOf(files).size() ? 0 : OneLineErrors.FAILED;
  }

  /** What is named, with the files of folders in their place. */
  private List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path each : named) {
      if (Files.isDirectory(each)) {
        files.addAll(in(each));
      } else {
        files.add(each);
      }
    }
    return files;
  }

  private static List<Path> in(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
      List<Path> files =
          all.filter(Files::isRegularFile)
              .filter(file -> !file.getFileName().toString().startsWith("."))
              .sorted()
              .toList();
      if (files.isEmpty()) {
        throw new IOException("there is no file in " + folder);
      }
      return files;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** Those of the files that are images; the others are told of, and cost no neighbour. */
  private Map<Path, Answer> answers(
      List<Path> files, ModelArgument.Loaded loaded, ImageDecoder decoder) {
    Map<Path, Answer> answers = new LinkedHashMap<>();
    for (Path file : files) {
      try {
        Answer answer = loaded.classifier().answer(decoder, Files.readAllBytes(file));
        answers.put(file, answer);
        if (!json) {
          print(file, Classification.of(loaded.manifest(), answer));
        }
      } catch (UndecodableImageException e) {
        err().printf("trainer: %s: %s: %s%n", file, e.error().code(), e.getMessage());
      } catch (IOException e) {
        err().printf("trainer: %s%n", OneLineErrors.message(e));
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
