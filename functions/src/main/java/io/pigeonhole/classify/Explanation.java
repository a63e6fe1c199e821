package io.pigeonhole.classify;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pigeonhole.api.Answer;
import io.pigeonhole.api.Schema;
import io.pigeonhole.image.Pixels;
import io.pigeonhole.inference.Answers;
import io.pigeonhole.inference.Batch;
import io.pigeonhole.inference.Lease;
import io.pigeonhole.model.Input;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which parts of an image speak for its label: how much less likely it becomes when they are
 * covered (<a href="https://arxiv.org/abs/1311.2901">occlusion sensitivity</a>). The image as the
 * network sees it is covered with its own mean colour, a quarter of its side at a time, in steps of
 * an eighth; the uncovered image and all covered ones go through the network in one batch. How
 * novel they are does not count: covers alone make images novel.
 *
 * @param label what is explained
 * @param grid rows of cells, from the top left; each the mean loss of probability of the covers
 *     over it, -1 to 1: below 0, the label becomes likelier without that part
 */
record Explanation(String label, List<List<Float>> grid) {
  static final Schema SCHEMA =
      Schema.object()
          .required("label", Schema.string())
          .required(
              "grid",
              Schema.array(Schema.array(Schema.number()))
                  .saying(
                      "Rows of cells over what the model sees of the image: how much probability"
                          + " the label loses when the cell is covered."))
          .named("Explanation");

  private static final int CELLS = 8;
  private static final int COVER_CELLS = 2;
  private static final int RGB = 3;

  /** Explains the likeliest label. */
  static Explanation of(Pixels image, Lease model) {
    Input input = model.manifest().input();
    byte[] seen = new byte[input.height() * input.width() * RGB];
    input.resize().into(image, input.height(), input.width(), ByteBuffer.wrap(seen));
    int rows = Math.min(CELLS, input.height());
    int columns = Math.min(CELLS, input.width());
    List<byte[]> images = new ArrayList<>(List.of(seen));
    for (Cover cover : Cover.all(rows, columns)) {
      images.add(cover.over(seen, input, rows, columns));
    }
    List<float[]> probabilities = probabilities(images, model);
    int likeliest = likeliest(probabilities.get(0));
    return new Explanation(
        model.manifest().classes().get(likeliest), grid(probabilities, likeliest, rows, columns));
  }

  /** In one pass, unless the images are so large that they would not fit. */
  private static List<float[]> probabilities(List<byte[]> images, Lease model) {
    Input input = model.manifest().input();
    List<float[]> probabilities = new ArrayList<>();
    for (int from = 0; from < images.size(); from += model.batchSize()) {
      List<byte[]> part = images.subList(from, Math.min(images.size(), from + model.batchSize()));
      Batch batch = model.newBatch(part.size());
      part.forEach(rgb -> batch.add(new Pixels(input.width(), input.height(), rgb)));
      Answers answers = model.classify(batch);
      for (int i = 0; i < part.size(); i++) {
        probabilities.add(answers.probabilities(i));
      }
    }
    return probabilities;
  }

  private static List<List<Float>> grid(
      List<float[]> probabilities, int label, int rows, int columns) {
    float whole = probabilities.get(0)[label];
    float[] lost = new float[rows * columns];
    int[] covers = new int[rows * columns];
    List<Cover> all = Cover.all(rows, columns);
    for (int i = 0; i < all.size(); i++) {
      float loss = whole - probabilities.get(i + 1)[label];
      for (int cell : all.get(i).cells(columns)) {
        lost[cell] += loss;
        covers[cell]++;
      }
    }
    List<List<Float>> grid = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      List<Float> cells = new ArrayList<>();
      for (int cell = row * columns; cell < (row + 1) * columns; cell++) {
        cells.add(lost[cell] / covers[cell]);
      }
      grid.add(cells);
    }
    return grid;
  }

  private static int likeliest(float[] probabilities) {
    return IntStream.range(0, probabilities.length)
        .boxed()
        .max(Comparator.comparing(i -> probabilities[i]))
        .orElseThrow();
  }

  ObjectNode json() {
    ObjectNode json = Answer.JSON.createObjectNode().put("label", label);
    ArrayNode rows = json.putArray("grid");
    for (List<Float> row : grid) {
      ArrayNode cells = rows.addArray();
      row.forEach(loss -> cells.add(Math.round(loss * 10_000) / 10_000.0));
    }
    return json;
  }

  /** A cover of some cells, from its top left one. */
  private record Cover(int row, int column) {

    static List<Cover> all(int rows, int columns) {
      List<Cover> all = new ArrayList<>();
      for (int row = 0; row <= Math.max(0, rows - COVER_CELLS); row++) {
        for (int column = 0; column <= Math.max(0, columns - COVER_CELLS); column++) {
          all.add(new Cover(row, column));
        }
      }
      return all;
    }

    List<Integer> cells(int columns) {
      List<Integer> cells = new ArrayList<>();
      for (int r = row; r < row + COVER_CELLS; r++) {
        for (int c = column; c < column + COVER_CELLS; c++) {
          cells.add(r * columns + c);
        }
      }
      return cells;
    }

    byte[] over(byte[] image, Input input, int rows, int columns) {
      byte[] mean = mean(image);
      byte[] covered = image.clone();
      int bottom = input.height() * (row + COVER_CELLS) / rows;
      int right = input.width() * (column + COVER_CELLS) / columns;
      for (int y = input.height() * row / rows; y < bottom; y++) {
        for (int x = input.width() * column / columns; x < right; x++) {
          System.arraycopy(mean, 0, covered, (y * input.width() + x) * RGB, RGB);
        }
      }
      return covered;
    }

    private static byte[] mean(byte[] image) {
      long[] sums = new long[RGB];
      for (int i = 0; i < image.length; i++) {
        sums[i % RGB] += image[i] & 0xff;
      }
      byte[] mean = new byte[RGB];
      for (int channel = 0; channel < RGB; channel++) {
        mean[channel] = (byte) (sums[channel] * RGB / image.length);
      }
      return mean;
    }
  }
}
