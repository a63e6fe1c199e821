package io.pigeonhole.trainer.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pigeonhole.trainer.data.ColouredShapes;
import io.pigeonhole.trainer.data.LabeledImages;
import io.pigeonhole.trainer.recipe.Recipe;
import io.pigeonhole.trainer.recipe.ShippedRecipes;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;

class ParallelismTest {

  private static final int BATCH = 32;

  private final LabeledImages images = ColouredShapes.images(BATCH, 1);

  @ParameterizedTest
  @CsvSource({
    "tutorial,2,1,2",
    "tutorial,3,1,2",
    "tutorial,16,1,4",
    "tutorial-augmented,16,1,2",
    "tutorial,1,1,1",
    "tiny-64,2,2,1",
    "photo-224,2,2,1",
    "fast,2,2,1"
  })
  void sharesWhatIsLarge(String name, int processors, int threads, int parts) {
    Recipe recipe =
        ShippedRecipes.all().stream()
            .filter(each -> each.name().equals(name))
            .findFirst()
            .orElseThrow()
            .forClasses(10);
    assertThat(Parallelism.of(recipe, Network.of(recipe), processors))
        .isEqualTo(new Parallelism(threads, parts));
  }

  /** Rounding only: each part's gradients are summed up before those of all parts are. */
  @Test
  void partsOfABatchTeachWhatTheWholeDoes() {
    float[] whole = loss(1);
    float[] parts = loss(2);
    assertThat(parts).containsExactly(whole, within(1e-4f));
    assertThat(whole[4]).isLessThan(whole[0] - 0.1f);
  }

  private float[] loss(int processors) {
    Recipe recipe = SmallRecipes.unpadded();
    Parallelism expected = new Parallelism(1, processors);
    assertThat(Parallelism.of(recipe, Network.of(recipe), processors)).isEqualTo(expected);
    float[] losses = new float[5];
    try (TrainingGraph graph = new TrainingGraph(recipe, images, Precision.FLOAT32, 1, processors);
        TUint8 fed =
            TUint8.tensorOf(Shape.of(BATCH, 32, 32, 3), DataBuffers.of(images.pixels().array()));
        TInt32 labels = TInt32.tensorOf(Shape.of(BATCH), DataBuffers.of(images.labels()))) {
      for (int step = 0; step < losses.length; step++) {
        losses[step] = (float) graph.step(new Batch(fed, labels), step, 0.5).loss();
      }
    }
    return losses;
  }

  @Test
  void partsForgetWhatTheWholeWould() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Variables variables = new Variables(tf, Network.of(SmallRecipes.muon(1)).parameters(), true);
      Operand<TFloat32> whole = dropout(variables, ones(tf, 100));
      Operand<TFloat32> first = dropout(new BatchPart(tf, variables, 0, 2), ones(tf, 50));
      Operand<TFloat32> second = dropout(new BatchPart(tf, variables, 1, 2), ones(tf, 50));
      Operand<TFloat32> parts = tf.concat(List.of(first, second), tf.constant(0));
      try (Session session = new Session(graph);
          TInt64 noise = TInt64.vectorOf(1, 2);
          Result result =
              session
                  .runner()
                  .feed(variables.noise().orElseThrow(), noise)
                  .fetch(whole)
                  .fetch(parts)
                  .run()) {
        float[] kept = Floats.of(result, 0);
        assertThat(kept).hasSize(200).containsOnly(0, 2);
        assertThat(Floats.of(result, 1)).containsExactly(kept);
      }
    }
  }

  private static Operand<TFloat32> dropout(Source source, Operand<TFloat32> values) {
    return source.dropout(values, "row1", 0.5, TFloat32.class);
  }

  private static Operand<TFloat32> ones(Ops tf, int images) {
    float[][] ones = new float[images][2];
    for (float[] row : ones) {
      Arrays.fill(row, 1);
    }
    return tf.constant(ones);
  }
}
