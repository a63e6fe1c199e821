package io.pigeonhole.trainer.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pigeonhole.model.Manifest;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * What people have said through the API that images are. The results bucket lists the corrected
 * images below {@code corrected/}; the result of each, {@code labels/<key>.json}, has the label,
 * and the object and ETag that it is about.
 */
public final class Corrections {

  /** Images of a class that only corrections name, from which on it is learned. */
  static final int NEW_CLASS = 10;

  private static final String LISTED = "corrected/";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ImagePlace place;
  private final Map<String, Correction> byObject = new TreeMap<>();
  private final Map<String, Correction> byEtag = new HashMap<>();
  private final Map<String, Correction> byKey = new HashMap<>();
  private final List<String> unusable = new ArrayList<>();

  /**
   * What a person has said that an image is.
   *
   * @param object bucket, slash and key
   * @param etag of the content, without quotes
   * @param label empty if it is nothing that there are labels for: no class is to learn from it
   */
  record Correction(String object, String key, String etag, Optional<String> label) {}

  Corrections(ImagePlace place) {
    this.place = place;
  }

  /** None. */
  public static Corrections none() {
    return new Corrections(new Nothing());
  }

  /**
   * Reads all corrections. Needs {@code s3:ListBucket} and {@code s3:GetObject}.
   *
   * @param prefix of the results: empty, or a path that ends with a slash
   */
  public static Corrections of(S3Client s3, String bucket, String prefix)
      throws IOException, InterruptedException {
    Corrections corrections = new Corrections(new Objects(s3));
    // each takes a request, and most of its time is the network's
    ExecutorService readers = Executors.newFixedThreadPool(corrections.place.threads());
    try {
      List<Future<?>> reads = new ArrayList<>();
      for (S3Object object :
          s3.listObjectsV2Paginator(
                  r -> r.bucket(bucket).prefix(prefix + LISTED).encodingType(EncodingType.URL))
              .contents()) {
        String listed = object.key().substring((prefix + LISTED).length());
        reads.add(readers.submit(() -> corrections.read(s3, bucket, prefix, listed)));
      }
      for (Future<?> read : reads) {
        read.get();
      }
    } catch (SdkException | ExecutionException e) {
      Throwable cause = e instanceof ExecutionException ? e.getCause() : e;
      throw new IOException(
          "cannot read the corrections in s3://%s/%s%s: %s"
              .formatted(bucket, prefix, LISTED, cause.getMessage()),
          cause);
    } finally {
      readers.shutdownNow();
    }
    return corrections;
  }

  private void read(S3Client s3, String bucket, String prefix, String listed) {
    String result = prefix + "labels/" + listed + ".json";
    try {
      add(JSON.readTree(s3.getObjectAsBytes(r -> r.bucket(bucket).key(result)).asByteArray()));
    } catch (NoSuchKeyException | IOException | IllegalArgumentException e) {
      synchronized (this) {
        unusable.add("s3://" + bucket + "/" + result);
      }
    }
  }

  /** Adds what a result says; it may say nothing, if the list is behind. */
  void add(JsonNode result) {
    if (!result.path("correction").isObject()) {
      return;
    }
    Optional<String> label = label(result.path("correction"));
    String bucket = result.path("bucket").asText();
    String key = result.path("key").asText();
    String etag = BucketPlace.unquoted(result.path("etag").asText());
    if (bucket.isEmpty() || key.isEmpty() || etag.isEmpty()) {
      throw new IllegalArgumentException("a result without bucket, key or etag");
    }
    Correction correction = new Correction(bucket + "/" + key, key, etag, label);
    synchronized (this) {
      byObject.put(correction.object(), correction);
      byEtag.put(etag, correction);
      byKey.put(key, correction);
    }
  }

  private static Optional<String> label(JsonNode correction) {
    if (correction.path("none").asBoolean()) {
      return Optional.empty();
    }
    String label = Names.composed(correction.path("label").asText());
    Manifest.requireClass(label);
    return Optional.of(label);
  }

  /** Results that should hold a correction, and cannot be read. */
  List<String> unusable() {
    return List.copyOf(unusable);
  }

  /** The correction of a file, if it is the very object, or has the same content. */
  Optional<Correction> of(ImagePlace place, String key, String stamp) throws IOException {
    Correction same = byEtag.get(stamp);
    if (same != null) {
      return Optional.of(same);
    }
    Correction named = byObject.getOrDefault(place.object(key), byKey.get(key));
    return named != null && place.has(key, stamp, named.etag())
        ? Optional.of(named)
        : Optional.empty();
  }

  /** Known classes, and after them the new ones that can be learned. */
  public List<String> classesWith(List<String> known) {
    Map<String, Long> counts =
        byObject.values().stream()
            .flatMap(correction -> correction.label().stream())
            .filter(label -> !known.contains(label))
            .collect(
                Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
    List<String> classes = new ArrayList<>(known);
    counts.forEach(
        (label, count) -> {
          if (count >= NEW_CLASS) {
            classes.add(label);
          }
        });
    return List.copyOf(classes);
  }

  /** Whether nobody has corrected anything. */
  public boolean isEmpty() {
    return byObject.isEmpty();
  }

  /** All. */
  Collection<Correction> all() {
    return byObject.values();
  }

  /** The corrected objects, wherever they are; keys begin with the bucket. */
  ImagePlace place() {
    return place;
  }

  private record Nothing() implements ImagePlace {

    @Override
    public String name() {
      return "nothing";
    }

    @Override
    public void list(Found found) {}

    @Override
    public byte[] read(String key, String stamp) throws MissingImageException {
      throw new MissingImageException(new NoSuchFileException(key));
    }

    @Override
    public boolean has(String key, String stamp, String etag) {
      return false;
    }

    @Override
    public int threads() {
      return 1;
    }
  }

  private record Objects(S3Client s3) implements ImagePlace {

    @Override
    public String name() {
      return "s3://";
    }

    @Override
    public void list(Found found) {} // they are added one by one

    @Override
    public byte[] read(String key, String stamp) throws IOException, MissingImageException {
      int slash = key.indexOf('/');
      return new BucketPlace(s3, key.substring(0, slash), "").read(key.substring(slash + 1), stamp);
    }

    @Override
    public boolean has(String key, String stamp, String etag) {
      return stamp.equals(etag);
    }

    @Override
    public int threads() {
      return new BucketPlace(s3, "", "").threads();
    }
  }
}
