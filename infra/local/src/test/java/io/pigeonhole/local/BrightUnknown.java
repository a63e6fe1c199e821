package io.pigeonhole.local;

import com.google.protobuf.ByteString;
import io.pigeonhole.model.Calibration;
import io.pigeonhole.model.Gate;
import io.pigeonhole.model.Manifest;
import io.pigeonhole.model.ModelRepository;
import io.pigeonhole.model.Output;
import io.pigeonhole.model.S3ModelStore;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

/**
 * The model in service, with one more output that takes images for the more novel, the brighter
 * they are. It is in service until it is closed.
 */
final class BrightUnknown implements AutoCloseable {
  private static final String KEY = "brightness";

  private final RunningProduct product;
  private final ModelRepository repository;
  private final Manifest before;
  private final Manifest manifest;

  /**
   * Puts it into service.
   *
   * @param level the part of white above which images are unknown
   * @param folder for its files
   */
  BrightUnknown(RunningProduct product, double level, Path folder) throws Exception {
    this.product = product;
    this.repository = new ModelRepository(new S3ModelStore(product.s3(), "models"), "cifar10");
    this.before = repository.current().orElseThrow().manifest();
    repository.download(before, folder);
    Path file = folder.resolve(Manifest.SAVED_MODEL);
    Files.write(file, withBrightness(SavedModel.parseFrom(Files.readAllBytes(file))).toByteArray());
    manifest = withNovelty(NewVersion.of(before, folder), level);
    repository.publish(manifest, folder);
    putIntoService(manifest);
  }

  Manifest manifest() {
    return manifest;
  }

  /** An image of one grey. */
  static byte[] grey(int level) {
    BufferedImage image = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 32 * 32; i++) {
      image.setRGB(i % 32, i / 32, new Color(level, level, level).getRGB());
    }
    return Scenes.encode(image, "png");
  }

  @Override
  public void close() {
    try {
      putIntoService(before);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private void putIntoService(Manifest next) throws Exception {
    repository.promote(next.version(), Gate.open());
    product.awaitModel(next.version().value());
  }

  private static Manifest withNovelty(Manifest plain, double level) {
    Calibration calibration = plain.calibration();
    return new Manifest(
        plain.name(),
        plain.version(),
        plain.createdAt(),
        plain.files(),
        plain.classes(),
        plain.input(),
        new Output(plain.output().tensor(), Optional.of(KEY)),
        new Calibration(
            calibration.temperature(),
            calibration.threshold(),
            calibration.targetPrecision(),
            calibration.coverage(),
            OptionalDouble.of(level)),
        plain.metrics(),
        plain.probes(),
        plain.training());
  }

  /** Adds the mean of each image, as a part of white. */
  private static SavedModel withBrightness(SavedModel model) {
    SavedModel.Builder with = model.toBuilder();
    SignatureDef signature = model.getMetaGraphs(0).getSignatureDefOrThrow("serving_default");
    if (signature.containsOutputs(KEY)) {
      return model;
    }
    String images = signature.getInputsMap().values().iterator().next().getName();
    GraphDef.Builder graph = with.getMetaGraphsBuilder(0).getGraphDefBuilder();
    graph.addNode(
        node("Cast", "pixels", images)
            .putAttr("SrcT", type(DataType.DT_UINT8))
            .putAttr("DstT", type(DataType.DT_FLOAT)));
    ByteBuffer axes = ByteBuffer.allocate(3 * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    axes.putInt(1).putInt(2).putInt(3);
    graph.addNode(constant("axes", DataType.DT_INT32, axes, shape(3)));
    ByteBuffer white = ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    white.putFloat(255);
    graph.addNode(constant("white", DataType.DT_FLOAT, white, shape()));
    graph.addNode(
        node("Mean", "mean", KEY + "/pixels", KEY + "/axes")
            .putAttr("T", type(DataType.DT_FLOAT))
            .putAttr("Tidx", type(DataType.DT_INT32))
            .putAttr("keep_dims", AttrValue.newBuilder().setB(false).build()));
    graph.addNode(
        node("RealDiv", "part", KEY + "/mean", KEY + "/white")
            .putAttr("T", type(DataType.DT_FLOAT)));
    TensorInfo part =
        TensorInfo.newBuilder()
            .setName(KEY + "/part:0")
            .setDtype(DataType.DT_FLOAT)
            .setTensorShape(shape(-1))
            .build();
    with.getMetaGraphsBuilder(0)
        .putSignatureDef("serving_default", signature.toBuilder().putOutputs(KEY, part).build());
    return with.build();
  }

  private static NodeDef.Builder node(String op, String name, String... inputs) {
    NodeDef.Builder node = NodeDef.newBuilder().setOp(op).setName(KEY + "/" + name);
    for (String input : inputs) {
      node.addInput(input.replaceFirst(":0$", ""));
    }
    return node;
  }

  private static NodeDef constant(
      String name, DataType type, ByteBuffer content, TensorShapeProto shape) {
    TensorProto value =
        TensorProto.newBuilder()
            .setDtype(type)
            .setTensorShape(shape)
            .setTensorContent(ByteString.copyFrom(content.flip()))
            .build();
    return node("Const", name)
        .putAttr("dtype", type(type))
        .putAttr("value", AttrValue.newBuilder().setTensor(value).build())
        .build();
  }

  private static AttrValue type(DataType type) {
    return AttrValue.newBuilder().setType(type).build();
  }

  private static TensorShapeProto shape(long... sizes) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (long size : sizes) {
      shape.addDim(TensorShapeProto.Dim.newBuilder().setSize(size));
    }
    return shape.build();
  }
}
