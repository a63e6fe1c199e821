package io.pigeonhole.local.s3;

import com.adobe.testing.s3mock.S3MockApplication;
import com.adobe.testing.s3mock.s3.S3Exception;
import com.adobe.testing.s3mock.s3.model.S3ObjectMetadata;
import com.adobe.testing.s3mock.s3.service.ObjectService;
import com.adobe.testing.s3mock.s3.store.BucketStore;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/**
 * S3Mock in this process: S3's HTTP API on the loopback address, its objects kept in a folder, and
 * a listener told of every object that is created.
 */
public final class S3Server implements AutoCloseable {
  private static final int MAX_FORM_MEBIBYTES = 200;

  private final ConfigurableApplicationContext context;
  private final int port;

  private S3Server(ConfigurableApplicationContext context) {
    this.context = context;
    this.port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
  }

  /**
   * Starts the server and returns when it answers.
   *
   * @param port the port to listen on, 0 for any free one
   * @param root the folder of the objects; its parent exists, and takes the log; kept on exit
   * @param buckets created when missing
   * @param created told of each created object, in every bucket, on the thread of the request and
   *     before the client has its answer; what it throws fails the request
   */
  public static S3Server start(
      int port, Path root, List<String> buckets, Consumer<ObjectCreated> created) {
    SpringApplicationBuilder application =
        new SpringApplicationBuilder(S3MockApplication.class, S3ServerConfiguration.class)
            .bannerMode(Banner.Mode.OFF)
            .logStartupInfo(false)
            .registerShutdownHook(false)
            .initializers(
                context ->
                    ((GenericApplicationContext) context)
                        .registerBean(CreationListener.class, () -> created::accept));
    return new S3Server(application.run(arguments(port, root, buckets)));
  }

  private static String[] arguments(int port, Path root, List<String> buckets) {
    Map<String, Object> settings = new TreeMap<>();
    settings.put("server.address", "127.0.0.1");
    settings.put("server.port", port);
    settings.put("http.port", 0);
    settings.put("com.adobe.testing.s3mock.store.root", root.toAbsolutePath());
    settings.put("com.adobe.testing.s3mock.store.retainFilesOnExit", true);
    settings.put("com.adobe.testing.s3mock.store.initialBuckets", String.join(",", buckets));
    settings.put("com.adobe.testing.s3mock.max-payload-size", MAX_FORM_MEBIBYTES + "MB");
    settings.put("logging.level.root", "WARN");
    settings.put("logging.threshold.console", "OFF");
    settings.put("logging.file.name", root.toAbsolutePath().resolveSibling("s3.log"));
    settings.put("spring.main.register-shutdown-hook", false);
    return settings.entrySet().stream()
        .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
        .toArray(String[]::new);
  }

  /** Where clients find it. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** All keys of a bucket. */
  public Set<String> keys(String bucket) {
    return Set.copyOf(context.getBean(BucketStore.class).lookupKeysInBucket("", bucket));
  }

  /** The object that is under a key now, as if it had just been put there. */
  public Optional<ObjectCreated> find(String bucket, String key) {
    try {
      S3ObjectMetadata object =
          context.getBean(ObjectService.class).verifyObjectExists(bucket, key, null);
      return Optional.of(
          new ObjectCreated(
              ObjectCreated.How.PUT,
              bucket,
              key,
              Long.parseLong(object.getSize()),
              String.valueOf(object.getEtag()).replace("\"", ""),
              Optional.ofNullable(object.getVersionId()),
              Instant.ofEpochMilli(object.getLastModified()),
              "",
              "127.0.0.1"));
    } catch (S3Exception e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    context.close();
  }
}
