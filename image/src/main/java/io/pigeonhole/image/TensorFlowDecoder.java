package io.pigeonhole.image;

import java.util.HashMap;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TFInvalidArgumentException;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.ByteDataBuffer;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.image.DecodeJpeg;
import org.tensorflow.op.image.DecodePng;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GraphOptions;
import org.tensorflow.proto.RewriterConfig;
import org.tensorflow.proto.RunOptions;
import org.tensorflow.types.TString;
import org.tensorflow.types.TUint8;

/**
 * JPEG and PNG by TensorFlow's ops, which are libjpeg-turbo and libpng: several times faster than
 * the JDK on photos, and able to decode at a fraction of the size. Thread-safe.
 */
final class TensorFlowDecoder implements AutoCloseable {
  // In the caller's thread, so that images do not queue for TensorFlow's own few.
  private static final RunOptions HERE = RunOptions.newBuilder().setInterOpThreadPool(-1).build();
  private static final int BYTES_AT_A_TIME = 1 << 20;

  private final Graph graph = new Graph();
  private final Output<TString> contents;
  private final Map<Integer, Output<TUint8>> jpegByRatio = new HashMap<>();
  private final Output<TUint8> rgb;
  private final Output<TUint8> rgba;
  private final Session session;

  TensorFlowDecoder() {
    Ops tf = Ops.create(graph);
    contents = tf.placeholder(TString.class, Placeholder.shape(Shape.scalar())).output();
    for (int ratio = 1; ratio <= 8; ratio *= 2) {
      DecodeJpeg.Options[] options = {
        DecodeJpeg.channels(3L),
        DecodeJpeg.ratio((long) ratio),
        DecodeJpeg.dctMethod("INTEGER_ACCURATE")
      };
      jpegByRatio.put(ratio, tf.image.decodeJpeg(contents, options).image());
    }
    rgb = tf.image.decodePng(contents, TUint8.class, DecodePng.channels(3L)).image();
    rgba = tf.image.decodePng(contents, TUint8.class, DecodePng.channels(4L)).image();
    session = new Session(graph, asItIs());
  }

  /** Without TensorFlow's graph optimiser, which would take longer than it can save here. */
  private static ConfigProto asItIs() {
    RewriterConfig none = RewriterConfig.newBuilder().setDisableMetaOptimizer(true).build();
    return ConfigProto.newBuilder()
        .setGraphOptions(GraphOptions.newBuilder().setRewriteOptions(none))
        .build();
  }

  /**
   * Decodes a JPEG.
   *
   * @param ratio 1, 2, 4 or 8: the sides are divided by it, rounded up
   */
  Pixels jpeg(FileBytes file, int ratio) throws UndecodableImageException {
    return run(file, jpegByRatio.get(ratio), 1);
  }

  /**
   * Decodes a PNG, transparency over white.
   *
   * @param divisor by which the sides are divided, rounded up
   */
  Pixels png(FileBytes file, boolean transparent, int divisor) throws UndecodableImageException {
    return run(file, transparent ? rgba : rgb, divisor);
  }

  private Pixels run(FileBytes file, Output<TUint8> image, int divisor)
      throws UndecodableImageException {
    try (TString input = TString.tensorOfBytes(NdArrays.scalarOfObject(file.bytes()));
        Result result =
            session.runner().setOptions(HERE).feed(contents, input).fetch(image).run()) {
      return pixels((TUint8) result.get(0), divisor);
    } catch (TFInvalidArgumentException e) {
      throw new UndecodableImageException(
          ImageError.CORRUPT, "the " + file.format() + ": " + firstLine(e), e);
    }
  }

  private static Pixels pixels(TUint8 tensor, int divisor) {
    int height = Math.toIntExact(tensor.shape().get(0));
    int width = Math.toIntExact(tensor.shape().get(1));
    int channels = Math.toIntExact(tensor.shape().get(2));
    ByteDataBuffer data = tensor.asRawTensor().data();
    if (divisor == 1 && channels == 3) {
      byte[] rgb = new byte[Math.toIntExact(data.size())];
      data.read(rgb);
      return new Pixels(width, height, rgb);
    }
    Reduction reduction = new Reduction(width, height, divisor);
    int rowBytes = width * channels;
    int rowsAtATime = Math.max(1, Math.min(height, BYTES_AT_A_TIME / rowBytes));
    byte[] rows = new byte[rowsAtATime * rowBytes];
    for (int y = 0; y < height; y += rowsAtATime) {
      int count = Math.min(rowsAtATime, height - y);
      data.offset((long) y * rowBytes).read(rows, 0, count * rowBytes);
      if (channels == 4) {
        White.layUnder(rows, count * width, false);
      }
      for (int i = 0; i < count; i++) {
        reduction.row(rows, i * width * 3);
      }
    }
    return reduction.pixels();
  }

  private static String firstLine(Throwable e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason given");
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
