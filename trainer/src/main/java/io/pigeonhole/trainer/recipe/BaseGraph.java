package io.pigeonhole.trainer.recipe;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.tensorflow.proto.GraphDef;

/**
 * A network of others with its weights in it.
 *
 * @param graph frozen: no variables, no function calls, stateless operations only
 * @param images name of a placeholder, {@code uint8 [-1, h, w, 3]}, RGB 0 to 255; h = w = -1 where
 *     any size goes, else {@code size}. The preprocessing of the network is inside.
 * @param features name of the node whose output 0 is {@code float32 [-1, count]}
 * @param size side of the images that it is meant for
 * @param count number of features
 * @param own how many of them, the first ones, the network itself gives; the others were added
 */
public record BaseGraph(
    GraphDef graph, String images, String features, int size, int count, int own) {

  /** A network that has its own features only. */
  public BaseGraph(GraphDef graph, String images, String features, int size, int count) {
    this(graph, images, features, size, count, count);
  }

  /** Whether it takes images of other sizes, too. */
  public boolean takesAnySize() {
    return graph.getNodeList().stream()
        .filter(node -> node.getName().equals(images))
        .anyMatch(node -> node.getAttrOrThrow("shape").getShape().getDim(1).getSize() < 0);
  }

  /** Lower-case hex, the same for the same network. */
  public String sha256() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      try (OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
        CodedOutputStream coded = CodedOutputStream.newInstance(out);
        coded.useDeterministicSerialization();
        graph.writeTo(coded);
        coded.flush();
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Without the weights. */
  @Override
  public String toString() {
    return "BaseGraph[%s, size=%d, count=%d]".formatted(sha256(), size, count);
  }
}
