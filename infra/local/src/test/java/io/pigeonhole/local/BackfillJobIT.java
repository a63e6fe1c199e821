package io.pigeonhole.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A bucket is labeled again with one request. */
@ExtendWith(RunningProduct.Shared.class)
class BackfillJobIT {
  private final RunningProduct product;

  BackfillJobIT(RunningProduct product) {
    this.product = product;
  }

  @Test
  void labelsAPrefixAndSaysWhereTheReportIs() throws Exception {
    product.upload("filled/a.jpg", Scenes.jpeg("ship"));
    product.upload("filled/b.txt", "no image".getBytes(UTF_8));
    product.awaitResult("filled/a.jpg");
    product.awaitResult("filled/b.txt");
    product.s3().deleteObject(o -> o.bucket("results").key("labels/filled/a.jpg.json"));
    HttpResponse<String> response =
        product.post("/local/backfill?prefix=filled/", "text/plain", new byte[0]);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).contains("done: 1 labeled, 1 without a label; the report: http");
    assertThat(product.exists("results", "labels/filled/a.jpg.json")).isTrue();
  }
}
