package io.pigeonhole.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.pigeonhole.local.CommandLine.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The packaged command line, over the API. */
@ExtendWith(RunningProduct.Shared.class)
class CommandLineIT {
  @TempDir private Path folder;
  private final RunningProduct product;

  CommandLineIT(RunningProduct product) {
    this.product = product;
  }

  private Ended run(String... args) throws IOException, InterruptedException {
    return new CommandLine(product, folder).run(args);
  }

  @Test
  void labelsFiles() throws Exception {
    Path image = Files.write(folder.resolve("a cat.jpg"), Scenes.jpeg("cat"));
    Path text = Files.writeString(folder.resolve("text.jpg"), "text");
    Ended ended = run("label", "--json", image.toString(), text.toString());
    assertThat(ended.exit()).as(ended.err()).isEqualTo(1);
    List<String> lines = ended.out().lines().toList();
    JsonNode first = RunningProduct.JSON.readTree(lines.get(0));
    assertThat(first.path("file").asString()).isEqualTo(image.toString());
    assertThat(first.path("label").asString())
        .isEqualTo(product.classify(Scenes.jpeg("cat")).path("label").asString());
    assertThat(RunningProduct.JSON.readTree(lines.get(1)).has("problem")).isTrue();
  }

  @Test
  void hasItsOldNamesForARelease() throws Exception {
    CommandLine commands = new CommandLine(product, folder);
    List<String> client = List.of("-cp", "trainer.jar", "io.pigeonhole.client.Pigeonhole");
    Ended models = commands.run("models");
    assertThat(models.err()).isEmpty();
    assertThat(models.out()).contains("* ");
    Ended review = commands.runAsBefore(client, "review");
    assertThat(review.exit()).as(review.err()).isZero();
    assertThat(review.err())
        .contains(" is now 'pigeonhole review', and goes with the next release");
    Ended help = commands.runAsBefore(List.of("-jar", "trainer.jar"), "help", "train");
    assertThat(help.exit()).as(help.err()).isZero();
    assertThat(help.out()).startsWith("Usage: pigeonhole train");
    assertThat(help.err()).contains(" is now 'pigeonhole help'");
  }

  @Test
  void putsAVersionIntoServiceThatIs() throws Exception {
    String line =
        run("models", "--json")
            .out()
            .lines()
            .filter(each -> each.contains("\"inService\":true"))
            .findFirst()
            .orElseThrow();
    String version = RunningProduct.JSON.readTree(line).path("version").asString();
    assertThat(run("promote", version).out()).isEqualTo("in service: " + version + "\n");
    assertThat(run("promote", "20000101T000000Z-00000000").err())
        .isEqualTo("pigeonhole: there is no such version of the model\n");
  }

  @Test
  void labelsAPhotoThatIsTooLargeForARequest() throws Exception {
    Path photo = Files.write(folder.resolve("ä photo.jpg"), Scenes.photo(6_000_000));
    Path broken = Files.write(folder.resolve("broken.png"), new byte[5_000_000]);
    Ended ended = run("label", "--json", photo.toString(), broken.toString());
    assertThat(ended.exit()).as(ended.err()).isEqualTo(1);
    List<String> lines = ended.out().lines().toList();
    JsonNode result = RunningProduct.JSON.readTree(lines.get(0));
    assertThat(result.path("key").asString()).startsWith("uploads/").endsWith("/ä photo.jpg");
    assertThat(product.tags(result.path("key").asString()))
        .containsEntry(
            "model",
            result.at("/model/name").asString() + "/" + result.at("/model/version").asString());
    assertThat(RunningProduct.JSON.readTree(lines.get(1)).path("problem").asString())
        .contains("image");
  }

  @Test
  void saysThatALabelDoesNotCome() throws Exception {
    Path photo = Files.write(folder.resolve("late.jpg"), Scenes.photo(4_600_000));
    product.whileLabelStandsStill(
        () -> {
          Ended ended = run("label", "--wait", "1", photo.toString());
          assertThat(ended.exit()).isEqualTo(1);
          assertThat(ended.err())
              .startsWith("pigeonhole: " + photo + ": it is in the bucket as uploads/")
              .contains("had no label after 1 s");
        });
  }

  @Test
  void listsCorrectsAndFillsBack() throws Exception {
    product.upload("shell/it is ä.jpg", Scenes.jpeg("ship"));
    String label = product.awaitResult("shell/it is ä.jpg").path("label").asString();
    assertThat(run("ls", label).out()).contains("shell/it is ä.jpg\t" + label);
    assertThat(run("ls").out()).contains(label + "\t");
    Ended corrected = run("correct", "shell/it is ä.jpg", "frog");
    assertThat(corrected.exit()).as(corrected.err()).isZero();
    assertThat(run("ls", "frog", "--json").out()).contains("shell/it is ä.jpg");
    Ended filled = run("backfill", "shell/");
    assertThat(filled.exit()).as(filled.err()).isZero();
    assertThat(filled.out()).contains("done: 1 labeled");
    JsonNode last =
        RunningProduct.JSON.readTree(
            run("backfill", "shell/", "--json").out().lines().reduce((a, b) -> b).orElseThrow());
    assertThat(last.path("state").asString()).isEqualTo("done");
    assertThat(last.path("labeled").asInt()).isEqualTo(1);
    assertThat(last.path("report").asString()).startsWith(product.product().s3() + "/results/");
    assertThat(run("review").exit()).isZero();
    assertThat(run("correct", "shell/none.jpg", "frog").err()).startsWith("pigeonhole: ");
  }
}
