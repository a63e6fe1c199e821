package io.pigeonhole.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.proto.AssetFileDef;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.CollectionDef;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NameAttrList;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SaverDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;

class GraphPolicyTest {
  @TempDir Path folder;

  @Test
  void allowsAGraphThatComputes() {
    assertThatNoException().isThrownBy(() -> check(answering("Softmax")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"RandomUniform", "StatelessRandomGetKeyCounter"})
  void refusesANetworkWhoseAnswersAreRandom(String op) {
    assertRefused(answering(op), op);
    assertRefused(answering(op), "augmentation");
  }

  @Test
  void refusesAnOpThatReadsAFile() {
    assertRefused(answering("ReadFile"), "ReadFile");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ReadFile", "WriteFile", "MatchingFiles", "PyFunc", "EagerPyFunc", "_Send"})
  void refusesAnOpThatReachesOutsideEvenWhereNothingRunsIt(String op) {
    MetaGraphDef.Builder inGraph = answering("Softmax");
    inGraph.getGraphDefBuilder().addNode(node("alone", op));
    assertRefused(inGraph, op);

    MetaGraphDef.Builder inFunction = answering("Softmax");
    inFunction.getGraphDefBuilder().getLibraryBuilder().addFunction(function("uncalled", op));
    assertRefused(inFunction, op);
  }

  @ParameterizedTest
  @ValueSource(strings = {"SaveV2", "MergeV2Checkpoints", "ShardedFilename", "RandomUniform"})
  void allowsWhatKerasExportsBesideTheNetwork(String op) {
    MetaGraphDef.Builder meta = answering("Softmax");
    meta.getGraphDefBuilder().addNode(node("alone", op));
    assertThatNoException().isThrownBy(() -> check(meta));
  }

  @Test
  void allowsNoOpThatReachesOutside() {
    assertThat(GraphOps.COMPUTING_AND_RESTORING).noneMatch(GraphOps::reachesOutside);
  }

  @Test
  void refusesAnOpBehindAControlInput() {
    GraphDef.Builder graph = answering("Identity").getGraphDefBuilder();
    graph.getNodeBuilder(1).addInput("^side");
    graph.addNode(node("side", "WriteFile"));
    assertRefused(answering("Identity").setGraphDef(graph), "WriteFile");
  }

  @Test
  void refusesAnOpInACalledFunction() {
    assertRefused(calling(node("inner", "PyFunc")), "PyFunc");
  }

  @Test
  void refusesAnOpInAFunctionCalledByAFunction() {
    MetaGraphDef.Builder meta = calling(node("inner", "deep"));
    meta.getGraphDefBuilder().getLibraryBuilder().addFunction(function("deep", "EagerPyFunc"));
    assertRefused(meta, "EagerPyFunc");
  }

  @Test
  void endsOnFunctionsThatCallEachOther() {
    assertThatNoException().isThrownBy(() -> check(calling(node("inner", "called"))));
  }

  @Test
  void refusesAnOpThatRunsWhenTheModelIsLoaded() {
    MetaGraphDef.Builder meta = answering("Softmax");
    meta.getGraphDefBuilder().addNode(node("init", "SaveV2"));
    meta.putCollectionDef(
        "saved_model_main_op",
        CollectionDef.newBuilder()
            .setNodeList(CollectionDef.NodeList.newBuilder().addValue("init"))
            .build());
    assertRefused(meta, "SaveV2");
  }

  @Test
  void allowsToRestoreVariablesButNotToSaveThem() {
    MetaGraphDef.Builder meta = answering("Softmax");
    meta.getGraphDefBuilder().addNode(node("restore", "RestoreV2")).addNode(node("save", "SaveV2"));
    meta.setSaverDef(SaverDef.newBuilder().setRestoreOpName("restore"));
    assertThatNoException().isThrownBy(() -> check(meta));

    meta.setSaverDef(SaverDef.newBuilder().setRestoreOpName("save"));
    assertRefused(meta, "SaveV2");
  }

  @Test
  void refusesToRestoreWhileAnswering() {
    assertRefused(answering("RestoreV2"), "RestoreV2");
  }

  @Test
  void refusesAssetFiles() {
    assertRefused(
        answering("Softmax").addAssetFileDef(AssetFileDef.newBuilder().setFilename("../x")),
        "../x");
  }

  @Test
  void refusesWhatIsNoSavedModel() {
    assertThatExceptionOfType(ModelRefusedException.class)
        .isThrownBy(() -> check("no protobuf".getBytes(UTF_8)));
    assertThatExceptionOfType(ModelRefusedException.class).isThrownBy(() -> check(new byte[0]));
  }

  @Test
  void listsNoOpThatTouchesAnythingOutside() {
    assertThat(GraphOps.COMPUTING_AND_RESTORING)
        .doesNotContainAnyElementsOf(
            Set.of(
                "ReadFile",
                "WriteFile",
                "MatchingFiles",
                "PyFunc",
                "PyFuncStateless",
                "EagerPyFunc",
                "SaveV2",
                "Save",
                "MergeV2Checkpoints",
                "Print",
                "PrintV2",
                "FixedLengthRecordReaderV2",
                "WholeFileReaderV2",
                "TFRecordDataset",
                "TextLineDataset",
                "Send",
                "_Send",
                "Recv",
                "RemoteCall",
                "RpcCall",
                "Assert",
                "While",
                "StatelessWhile",
                "DebugIdentityV2",
                "LookupTableImportV2",
                "InitializeTableFromTextFileV2",
                "SummaryWriter",
                "CreateSummaryFileWriter"));
  }

  private void assertRefused(MetaGraphDef.Builder meta, String named) {
    assertThatExceptionOfType(ModelRefusedException.class)
        .isThrownBy(() -> check(meta))
        .withMessageContaining(named);
  }

  /** A graph with the nodes {@code images} and, of the given op, {@code answer}. */
  private static MetaGraphDef.Builder answering(String op) {
    return MetaGraphDef.newBuilder()
        .setGraphDef(
            GraphDef.newBuilder()
                .addNode(node("images", "Placeholder"))
                .addNode(node("answer", op).toBuilder().addInput("images")))
        .putSignatureDef(
            "serving_default",
            SignatureDef.newBuilder()
                .putOutputs("probabilities", TensorInfo.newBuilder().setName("answer:0").build())
                .build());
  }

  private static MetaGraphDef.Builder calling(NodeDef inner) {
    MetaGraphDef.Builder meta = answering("StatefulPartitionedCall");
    meta.getGraphDefBuilder()
        .getNodeBuilder(1)
        .putAttr(
            "f",
            AttrValue.newBuilder().setFunc(NameAttrList.newBuilder().setName("called")).build());
    meta.getGraphDefBuilder()
        .getLibraryBuilder()
        .addFunction(
            FunctionDef.newBuilder()
                .setSignature(OpDef.newBuilder().setName("called"))
                .addNodeDef(inner));
    return meta;
  }

  private static FunctionDef function(String name, String op) {
    return FunctionDef.newBuilder()
        .setSignature(OpDef.newBuilder().setName(name))
        .addNodeDef(node("node", op))
        .build();
  }

  private static NodeDef node(String name, String op) {
    return NodeDef.newBuilder().setName(name).setOp(op).build();
  }

  private void check(MetaGraphDef.Builder meta) throws Exception {
    check(SavedModel.newBuilder().addMetaGraphs(meta).build().toByteArray());
  }

  private void check(byte[] savedModel) throws Exception {
    GraphPolicy.check(Files.write(folder.resolve("saved_model.pb"), savedModel));
  }
}
