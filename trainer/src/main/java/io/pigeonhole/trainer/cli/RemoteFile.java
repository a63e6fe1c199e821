package io.pigeonhole.trainer.cli;

import io.pigeonhole.model.ModelStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;

/** A file in a bucket or at an address. */
final class RemoteFile {

  private static final int TIMEOUT_MS = 30_000;
  private static final long MOST_BYTES = 4L << 30;
  private static final int BUFFER = 1 << 16;

  private RemoteFile() {}

  /**
   * Fetches a file.
   *
   * @param place {@code s3://bucket/key} or {@code https://…}
   * @param store the objects of a bucket
   * @param folder to fetch it to; its name stays
   * @throws IOException if it is not there or too large; the message names the place
   */
  static Path fetch(String place, Function<String, ModelStore> store, Path folder)
      throws IOException {
    int slash = place.lastIndexOf('/');
    Path file = folder.resolve(place.substring(slash + 1).replaceFirst("[?#].*", ""));
    try (InputStream in =
            BucketPrefix.isOne(place)
                ? store.apply(place.substring(0, slash)).open(place.substring(slash + 1))
                : http(URI.create(place));
        OutputStream out = Files.newOutputStream(file)) {
      byte[] buffer = new byte[BUFFER];
      long fetched = 0;
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        fetched += read;
        if (fetched > MOST_BYTES) {
          throw new IOException("it has more than %d GiB".formatted(MOST_BYTES >> 30));
        }
        out.write(buffer, 0, read);
      }
      return file;
    } catch (IOException e) {
      throw new IOException("cannot fetch %s: %s".formatted(place, e.getMessage()), e);
    }
  }

  private static InputStream http(URI address) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
    connection.setConnectTimeout(TIMEOUT_MS);
    connection.setReadTimeout(TIMEOUT_MS);
    int status = connection.getResponseCode();
    if (status != HttpURLConnection.HTTP_OK) {
      throw new IOException("it answers with HTTP status " + status);
    }
    return connection.getInputStream();
  }
}
