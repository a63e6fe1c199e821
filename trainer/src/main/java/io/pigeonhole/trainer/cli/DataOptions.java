package io.pigeonhole.trainer.cli;

import io.pigeonhole.trainer.data.CifarDownload;
import io.pigeonhole.trainer.data.CifarSource;
import io.pigeonhole.trainer.data.Dataset;
import io.pigeonhole.trainer.data.InvalidDataException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where the images come from. */
final class DataOptions {

  private static final int LINES = 10;

  @Option(
      names = "--data",
      paramLabel = "PLACE",
      description = {
        "CIFAR-10, binary version: the folder with data_batch_1.bin … test_batch.bin, or the"
            + " .tar.gz of it. Without it, the archive is fetched from its home page (170 MB, once,"
            + " checked) into the cache folder."
      })
  private Optional<Path> data;

  @Option(
      names = "--cache",
      paramLabel = "FOLDER",
      description = "Where downloads are kept (default: ${DEFAULT-VALUE}).")
  private Path cache = defaultCache();

  @Option(names = "--data-url", hidden = true)
  private Optional<URI> address;

  private static Path defaultCache() {
    String xdg = System.getenv("XDG_CACHE_HOME");
    Path base =
        xdg == null || xdg.isBlank()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(xdg);
    return base.resolve("pigeonhole");
  }

  /** Reads the data set, after fetching it if need be. */
  Dataset read(PrintWriter out) throws IOException, InvalidDataException {
    if (data.isPresent()) {
      return CifarSource.read(data.get());
    }
    CifarDownload official = CifarDownload.official(cache);
    CifarDownload download =
        new CifarDownload(
            address.orElse(official.address()), official.size(), official.md5(), cache);
    return CifarSource.read(download.fetch(new Tenths(download, out)));
  }

  /** Prints a line whenever another tenth has come. */
  private static final class Tenths implements CifarDownload.Listener {
    private final CifarDownload download;
    private final PrintWriter out;
    private long printed = -1;

    Tenths(CifarDownload download, PrintWriter out) {
      this.download = download;
      this.out = out;
    }

    @Override
    public void received(long bytes, long total) {
      long tenth = bytes * LINES / total;
      if (tenth > printed) {
        printed = tenth;
        out.printf("fetching %s: %d of %d MB%n", download.address(), bytes >> 20, total >> 20);
        out.flush();
      }
    }
  }
}
