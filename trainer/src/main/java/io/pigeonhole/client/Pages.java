package io.pigeonhole.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.function.Consumer;

/** Lists that the API gives page by page. */
record Pages(Api api, String path, String field) {

  /** Hears each element of each page; a list of any length takes the memory of a page. */
  void forEach(Consumer<JsonNode> element) throws IOException, InterruptedException {
    String cursor = "";
    do {
      JsonNode page =
          api.get(path + "?limit=100" + (cursor.isEmpty() ? "" : "&cursor=" + Api.encoded(cursor)));
      page.path(field).forEach(element);
      cursor = page.path("nextCursor").asText();
    } while (!cursor.isEmpty());
  }
}
