package io.pigeonhole.model;

import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The ops that a served graph may run: those of image classifiers, as TensorFlow's documentation
 * names them. Each computes its outputs from its inputs, ends, and touches nothing else; variables
 * live in the session.
 */
final class GraphOps {
  private GraphOps() {}

  static final Set<String> COMPUTING =
      words(
          // plumbing
          "Const Placeholder PlaceholderWithDefault Identity IdentityN NoOp StopGradient"
              + " PreventGradient PartitionedCall StatefulPartitionedCall StatelessIf If Cast"
              + " EnsureShape CheckNumerics",
          // variables of a graph that is not frozen
          "VarHandleOp ReadVariableOp VarIsInitializedOp AssignVariableOp VariableV2 Assign"
              + " ResourceGather",
          // networks
          "Conv2D DepthwiseConv2dNative BiasAdd BiasAddV1 MatMul BatchMatMul BatchMatMulV2"
              + " BatchMatMulV3 Einsum FusedBatchNorm FusedBatchNormV2 FusedBatchNormV3 LRN MaxPool"
              + " MaxPoolV2 AvgPool L2Loss Relu Relu6 LeakyRelu Elu Selu Softplus Softsign Softmax"
              + " LogSoftmax Sigmoid Tanh Erf Erfc",
          // arithmetic
          "Abs Add AddN AddV2 Ceil ClipByValue Cumsum Div DivNoNan Exp Expm1 Floor FloorDiv"
              + " FloorMod Inv Log Log1p Maximum Minimum Mod Mul MulNoNan Neg Pow RealDiv"
              + " Reciprocal Rint Round Rsqrt Sign Sqrt Square SquaredDifference Sub Xdivy Xlogy",
          "Equal Greater GreaterEqual Less LessEqual LogicalAnd LogicalNot LogicalOr NotEqual"
              + " Select SelectV2 IsFinite IsInf IsNan",
          // reductions
          "All Any ArgMax ArgMin Max Mean Min Prod Sum TopK TopKV2",
          // shapes
          "BatchToSpaceND BroadcastArgs BroadcastTo Concat ConcatV2 DepthToSpace ExpandDims Fill"
              + " Gather GatherNd GatherV2 MirrorPad OneHot OnesLike Pack Pad PadV2 Range Rank"
              + " Reshape ReverseV2 Shape ShapeN Size Slice SpaceToBatchND SpaceToDepth Split SplitV"
              + " Squeeze StridedSlice Tile Transpose Unpack ZerosLike",
          // pictures
          "AdjustContrastv2 CropAndResize ResizeArea ResizeBicubic ResizeBilinear"
              + " ResizeNearestNeighbor",
          // quantized networks
          "Dequantize FakeQuantWithMinMaxArgs FakeQuantWithMinMaxVars"
              + " FakeQuantWithMinMaxVarsPerChannel QuantizeAndDequantizeV2"
              + " QuantizeAndDequantizeV3 QuantizeAndDequantizeV4 QuantizeV2");

  /** What brings variables/ back, run by the loader with the path of that folder. */
  static final Set<String> COMPUTING_AND_RESTORING =
      Stream.concat(COMPUTING.stream(), Stream.of("RestoreV2"))
          .collect(Collectors.toUnmodifiableSet());

  /** Parts of the names of ops that touch files, the network, processes or devices. */
  private static final Pattern OUTSIDE =
      Pattern.compile(
          "File|PyFunc|Reader|Dataset|Iterator|Snapshot|Sql|LMDB|Summary|Debug|Dump|Rpc|Remote"
              + "|Send|Recv|Collective|Nccl|TPU|ImmutableConst|LoadAndRemapMatrix|EncodeProto"
              + "|DecodeProto|^Save$|^SaveSlices$|^Restore$|^RestoreSlice$");

  /** What a graph with variables has beside it to save them; nothing here runs it. */
  private static final Set<String> SAVING = Set.of("ShardedFilename", "MergeV2Checkpoints");

  /** Whether a graph that has the op anywhere, even where it cannot run, is not to be trusted. */
  static boolean reachesOutside(String op) {
    return OUTSIDE.matcher(op).find() && !SAVING.contains(op);
  }

  private static Set<String> words(String... lines) {
    return Stream.of(lines)
        .flatMap(line -> Stream.of(line.split(" ")))
        .collect(Collectors.toUnmodifiableSet());
  }
}
