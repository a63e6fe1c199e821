import com.sun.management.OperatingSystemMXBean;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpConfigurationOption;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.http.crt.AwsCrtHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.Tag;
import software.amazon.awssdk.utils.AttributeMap;

/**
 * The four requests of a new image, by one of the SDK's HTTP clients: {@code Clients CLIENT http} or
 * {@code https}, with an S3 at ports 9912 and 9913, which is {@code Clients server KEYSTORE}. Prints
 * its name and the scheme, the processor time of the first request with all that comes before it,
 * and that of an image, small and of 5 MB, in milliseconds. The clients trust every certificate:
 * that of the server is its own.
 */
public final class Clients {
  private static final int HTTP = 9912;
  private static final int HTTPS = 9913;
  private static final char[] PASSWORD = "changeit".toCharArray();
  private static final int THREADS = 32;
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private Clients() {}

  public static void main(String[] args) throws Exception {
    if (args[0].equals("server")) {
      serve(HttpServer.create(address(HTTP), 1000));
      HttpsServer tls = HttpsServer.create(address(HTTPS), 1000);
      tls.setHttpsConfigurator(new HttpsConfigurator(keys(new File(args[1]))));
      serve(tls);
    } else {
      measure(args[0], args[1]);
      System.exit(0);
    }
  }

  private static InetSocketAddress address(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private static SSLContext keys(File store) throws Exception {
    KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
    keys.init(KeyStore.getInstance(store, PASSWORD), PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  private static void serve(HttpServer server) {
    byte[] small = new byte[1_500];
    byte[] photo = new byte[5_000_000];
    new Random(1).nextBytes(photo);
    server.setExecutor(Executors.newFixedThreadPool(THREADS));
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("ETag", "\"1\"");
            if (exchange.getRequestMethod().equals("GET")) {
              byte[] body = exchange.getRequestURI().getPath().endsWith("/photo") ? photo : small;
              exchange.sendResponseHeaders(200, body.length);
              exchange.getResponseBody().write(body);
            } else {
              exchange.sendResponseHeaders(200, -1);
            }
          }
        });
    server.start();
  }

  private static void measure(String name, String scheme) throws Exception {
    System.setProperty("http.maxConnections", "64");
    S3Client s3 =
        S3Client.builder()
            .endpointOverride(
                URI.create(scheme + "://localhost:" + (scheme.equals("http") ? HTTP : HTTPS)))
            .forcePathStyle(true)
            .region(Region.US_EAST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
            .serviceConfiguration(
                S3Configuration.builder()
                    .chunkedEncodingEnabled(name.endsWith("-chunked"))
                    .checksumValidationEnabled(false)
                    .build())
            .httpClient(client(name))
            .build();
    get(s3, "small");
    double first = cpuMillis();
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    double small = 0;
    for (int round = 0; round < 5; round++) { // the last one counts
      small = images(s3, threads, "small", 400);
    }
    images(s3, threads, "photo", 40);
    double photo = images(s3, threads, "photo", 80);
    System.out.printf(Locale.ROOT, "%s %s %.0f %.2f %.2f%n", name, scheme, first, small, photo);
  }

  private static SdkHttpClient client(String name) {
    AttributeMap trusting =
        AttributeMap.builder()
            .put(SdkHttpConfigurationOption.TRUST_ALL_CERTIFICATES, true)
            .build();
    return switch (name) {
      case "url", "url-chunked" -> UrlConnectionHttpClient.builder().buildWithDefaults(trusting);
      case "apache" ->
          ApacheHttpClient.builder().maxConnections(64).buildWithDefaults(trusting);
      case "crt" -> AwsCrtHttpClient.builder().maxConcurrency(64).buildWithDefaults(trusting);
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static double cpuMillis() {
    return SYSTEM.getProcessCpuTime() / 1e6;
  }

  /** Processor time of an image. */
  private static double images(S3Client s3, ExecutorService threads, String key, int count)
      throws Exception {
    double before = cpuMillis();
    List<Future<?>> images = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      images.add(threads.submit(() -> label(s3, key)));
    }
    for (Future<?> image : images) {
      image.get();
    }
    return (cpuMillis() - before) / count;
  }

  private static void label(S3Client s3, String key) {
    get(s3, key);
    s3.putObject(
        put -> put.bucket("results").key("result.json").ifNoneMatch("*"),
        RequestBody.fromBytes(new byte[700]));
    s3.putObjectTagging(
        put ->
            put.bucket("images")
                .key(key)
                .tagging(tags -> tags.tagSet(Tag.builder().key("label").value("cat").build())));
    s3.putObject(put -> put.bucket("results").key("by-label/cat/" + key), RequestBody.empty());
  }

  private static void get(S3Client s3, String key) {
    s3.getObject(
        get -> get.bucket("images").key(key),
        (response, body) -> {
          byte[] bytes = new byte[response.contentLength().intValue()];
          int length = 0;
          for (int n = 0; n >= 0 && length < bytes.length; ) {
            n = body.read(bytes, length, bytes.length - length);
            length += n;
          }
          return bytes;
        });
  }
}
