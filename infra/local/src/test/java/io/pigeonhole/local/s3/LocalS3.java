package io.pigeonhole.local.s3;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import software.amazon.awssdk.services.s3.S3Client;

/** The S3 server by itself, at a free port, and a client of it. */
public final class LocalS3 implements AutoCloseable {
  private final S3Server server;
  private final S3Client client;

  /**
   * Starts it.
   *
   * @param folder where it keeps its objects, as one before has left them
   */
  public LocalS3(Path folder, String... buckets) {
    this(folder, List.of(buckets), created -> {});
  }

  /**
   * Starts it.
   *
   * @param created is told of new objects
   */
  public LocalS3(Path folder, List<String> buckets, Consumer<ObjectCreated> created) {
    server = S3Server.start(0, folder.resolve("s3"), buckets, created);
    client = S3Clients.at(server.endpoint());
  }

  public S3Server server() {
    return server;
  }

  public S3Client client() {
    return client;
  }

  public URI endpoint() {
    return server.endpoint();
  }

  @Override
  public void close() {
    client.close();
    server.close();
  }
}
