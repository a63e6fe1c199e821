package io.pigeonhole.local.bench;

import ai.djl.Application;
import ai.djl.inference.Predictor;
import ai.djl.modality.Classifications;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import ai.djl.modality.cv.transform.CenterCrop;
import ai.djl.modality.cv.transform.Resize;
import ai.djl.modality.cv.translator.ImageClassificationTranslator;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.repository.zoo.Criteria;
import ai.djl.translate.Batchifier;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.Tag;

/** The usual way: one image an invocation, with DJL's own image classes and translator. */
final class StockLabel {
  private static final List<String> CLASSES =
      List.of(
          "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");

  private StockLabel() {}

  public static void main(String[] args) throws Exception {
    S3Client s3 = s3(URI.create(args[1]));
    Predictor<Image, Classifications> predictor = predictor(Path.of(args[0]));
    Peer.serveMany(
        n -> {
          long start = System.nanoTime();
          for (int i = 0; i < n; i++) {
            label(s3, predictor, args[2] + i + ".jpg");
          }
          return (System.nanoTime() - start) / 1e6 / n;
        });
  }

  static Predictor<Image, Classifications> predictor(Path folder) throws Exception {
    ImageClassificationTranslator translator =
        ImageClassificationTranslator.builder()
            .addTransform(image -> new CenterCrop().transform(image))
            .addTransform(image -> new Resize(32, 32).transform(image))
            .addTransform(image -> image.toType(DataType.UINT8, false))
            .optSynset(CLASSES)
            .build();
    return Criteria.builder()
        .optApplication(Application.CV.IMAGE_CLASSIFICATION)
        .setTypes(Image.class, Classifications.class)
        .optModelPath(folder)
        .optModelName("saved_model.pb")
        .optTranslator(new Scores(translator))
        .optEngine("TensorFlow")
        .build()
        .loadModel()
        .newPredictor();
  }

  /** The stock translator expects the scores alone, and models say how novel an image is, too. */
  private record Scores(ImageClassificationTranslator stock)
      implements Translator<Image, Classifications> {
    @Override
    public void prepare(TranslatorContext context) throws Exception {
      stock.prepare(context);
    }

    @Override
    public NDList processInput(TranslatorContext context, Image image) {
      return stock.processInput(context, image);
    }

    @Override
    public Classifications processOutput(TranslatorContext context, NDList outputs) {
      NDArray scores =
          outputs.stream()
              .filter(output -> output.size() == CLASSES.size())
              .findFirst()
              .orElseThrow();
      return stock.processOutput(context, new NDList(scores));
    }

    @Override
    public Batchifier getBatchifier() {
      return stock.getBatchifier();
    }
  }

  private static void label(S3Client s3, Predictor<Image, Classifications> predictor, String key)
      throws Exception {
    byte[] bytes = s3.getObjectAsBytes(get -> get.bucket("images").key(key)).asByteArray();
    Image image = ImageFactory.getInstance().fromInputStream(new ByteArrayInputStream(bytes));
    Classifications answer = predictor.predict(image);
    Classifications.Classification best = answer.best();
    s3.putObject(
        put -> put.bucket("results").key("stock/" + key + ".json"),
        RequestBody.fromString(answer.toJson()));
    s3.putObjectTagging(
        put ->
            put.bucket("images")
                .key(key)
                .tagging(
                    tagging ->
                        tagging.tagSet(
                            tag("label", best.getClassName()),
                            tag(
                                "confidence",
                                String.format(Locale.ROOT, "%.2f", best.getProbability())))));
  }

  private static Tag tag(String key, String value) {
    return Tag.builder().key(key).value(value).build();
  }

  static S3Client s3(URI endpoint) {
    return S3Client.builder()
        .endpointOverride(endpoint)
        .forcePathStyle(true)
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
        .httpClient(UrlConnectionHttpClient.create())
        .build();
  }
}
