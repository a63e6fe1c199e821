package io.pigeonhole.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pigeonhole.backfill.Job.Task;
import io.pigeonhole.label.StoredImages.Image;
import io.pigeonhole.testkit.SampleEvents;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JobTest {

  @Test
  void namesTheBucketByItsArnInSchema1() throws Exception {
    Job job = read(SampleEvents.text("s3-batch-1.0.json"));
    assertThat(job.schema()).isEqualTo("1.0");
    assertThat(job.tasks())
        .containsExactly(
            new Task(
                "dGFza2lkZ29lc2hlcmUK",
                Optional.of(new Image("images", "ships/red ship (1).png")),
                ""));
  }

  @Test
  void namesTheBucketItselfInSchema2() throws Exception {
    Job job = read(SampleEvents.text("s3-batch-2.0.json"));
    assertThat(job.schema()).isEqualTo("2.0");
    assertThat(job.tasks().get(0).image()).contains(new Image("images", "frogs/grüner Frosch.png"));
  }

  @Test
  void isNamedByItsIdAndThatOfTheInvocation() throws Exception {
    Job job = read(SampleEvents.text("s3-batch-2.0.json"));
    assertThat(job.name())
        .isEqualTo(
            "f3cc4f60-61f6-4a2b-8a21-d07600c373ce"
                + "/YXNkbGZqYWRmaiBhc2RmdW9hZHNmZGpmaGFzbGtkaGZza2RmaAo");
    assertThat(new Job("1.0", "a/b+c=", "", List.of()).name()).isEqualTo("job/a_b_c_");
  }

  @Test
  void blamesATaskThatCannotBeReadAndNotItsNeighbours() throws Exception {
    String whole = "{\"taskId\":\"b\",\"s3Key\":\"k\",\"s3BucketArn\":\"arn:aws:s3:::images\"}";
    String event =
        SampleEvents.text("s3-batch-1.0.json")
            .replace("%281%29", "%2")
            .replace("\n  ]", "," + whole + "]");
    Job job = read(event);
    assertThat(job.tasks().get(0).image()).isEmpty();
    assertThat(job.tasks().get(0).problem()).isEqualTo("s3Key is not URL-encoded");
    assertThat(job.tasks().get(1).image()).contains(new Image("images", "k"));
    assertThat(
            read(SampleEvents.text("s3-batch-1.0.json").replace("s3Key", "key"))
                .tasks()
                .get(0)
                .problem())
        .isEqualTo("the task has no s3Key");
  }

  @Test
  void refusesWhatCannotBeAnswered() throws Exception {
    assertThatThrownBy(() -> read("{")).hasMessageContaining("not JSON");
    assertThatThrownBy(() -> read("{}")).hasMessageContaining("no invocationSchemaVersion");
    String newer = SampleEvents.text("s3-batch-2.0.json").replace("\"2.0\"", "\"3.0\"");
    assertThatThrownBy(() -> read(newer)).hasMessageContaining("'3.0'; expected 1.0 or 2.0");
    String nameless = SampleEvents.text("s3-batch-1.0.json").replace("taskId", "id");
    assertThatThrownBy(() -> read(nameless)).hasMessageContaining("a task has no taskId");
  }

  private static Job read(String json) throws IOException {
    return Job.read(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
  }
}
