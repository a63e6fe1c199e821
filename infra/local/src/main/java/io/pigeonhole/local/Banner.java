package io.pigeonhole.local;

import java.util.Locale;

/** What to try next. */
final class Banner {
  private Banner() {}

  static String of(Product product, double seconds) {
    String s3 = "http://localhost:" + product.s3().getPort();
    String api = "http://localhost:" + product.api().getPort();
    return String.format(
        Locale.ROOT,
        """

        Pigeonhole is ready (%.1f s). Open %3$s/ in a browser, or try, in another terminal:

          curl -T cat.jpg %2$s/images/cat.jpg      upload an image; it gets its label at once
          curl %3$s/images/cat.jpg                 the result
          curl %2$s/results/labels/cat.jpg.json    the same, from the results bucket
          curl --data-binary @cat.jpg %3$s/classify

        Any S3 client works: endpoint %2$s, path style, region us-east-1, any credentials.
        Data is kept in %4$s
        Ctrl-C ends everything.
        """,
        seconds,
        s3,
        api,
        product.data());
  }
}
