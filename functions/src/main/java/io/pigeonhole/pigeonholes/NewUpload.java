package io.pigeonhole.pigeonholes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pigeonhole.api.Answer;
import io.pigeonhole.api.Endpoint;
import io.pigeonhole.api.Level;
import io.pigeonhole.api.Operation;
import io.pigeonhole.api.Problem;
import io.pigeonhole.api.ProblemException;
import io.pigeonhole.api.Request;
import io.pigeonhole.api.Schema;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * {@code POST /uploads}: where to put a new image. It goes straight to the bucket, past the limits
 * of API Gateway and Lambda, and is labeled like any other upload.
 */
public final class NewUpload implements Endpoint {
  private static final String EXPECTED =
      "{\"name\": \"cat.jpg\", \"size\": 1234, \"type\": \"image/jpeg\"}";
  private static final Pattern TYPE = Pattern.compile("image/[a-z0-9.+-]{1,60}");

  /** Not to be opened from the bucket as what it says; it could not be labeled anyway. */
  private static final String WITH_SCRIPTS = "image/svg+xml";

  private static final String ANY_TYPE = "application/octet-stream";
  private static final int MAX_NAME_BYTES = 200;

  /** What cannot be seen, and what API Gateway may take for the end of a path or an escape. */
  private static final Pattern UNSAFE = Pattern.compile("[\\p{C}\\p{Zl}\\p{Zp}?#%]");

  private final Links links;
  private final ImageKeys keys;
  private final long maxBytes;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

  /**
   * Gives out addresses.
   *
   * @param keys with whose prefix the new ones begin
   * @param maxBytes larger images would not be labeled
   */
  public NewUpload(Links links, ImageKeys keys, long maxBytes, Clock clock) {
    this.links = links;
    this.keys = keys;
    this.maxBytes = maxBytes;
    this.clock = clock;
  }

  /** What it is. */
  public Operation operation() {
    return Operation.post("/uploads", "newUpload", Level.WRITE)
        .saying(
            "Where to put a new image",
            "Send the image with PUT to the url, with the headers, within a quarter of an hour;"
                + " then ask `GET /images/{key}` until it is labeled. The address takes one image:"
                + " a PUT that is repeated is answered with 412 if the one before has arrived.")
        .takes(
            "application/json",
            Schema.object()
                .required("name", Schema.string().saying("Of the file; ends the key."))
                .required("size", Schema.integer(1, maxBytes).saying("In bytes, exactly."))
                .optional("type", Schema.string().saying("The media type, such as image/jpeg."))
                .named("UploadRequest"))
        .answers(
            201,
            "Where to put it.",
            Map.of(
                "application/json",
                Schema.object()
                    .required("key", Schemas.KEY)
                    .required("method", Schema.string())
                    .required("url", Schema.string("uri"))
                    .required("headers", Schema.object().saying("To be sent with the image."))
                    .required("expiresAt", Schema.string("date-time"))
                    .named("Upload")))
        .problems(403, 413, 415)
        .by(this);
  }

  @Override
  public Answer answer(Request request) throws ProblemException {
    JsonNode json = request.json(EXPECTED);
    JsonNode name = json.path("name");
    if (!name.isTextual() || !isWhole(json.path("size"))) {
      throw Problem.badRequest("expected " + EXPECTED).exception();
    }
    String key = key(name.asText());
    Links.Upload upload = links.upload(key, type(json), size(json));
    ObjectNode answer =
        Answer.JSON
            .createObjectNode()
            .put("key", key)
            .put("method", "PUT")
            .put("url", upload.url());
    ObjectNode headers = answer.putObject("headers");
    upload.headers().forEach(headers::put);
    answer.put("expiresAt", upload.expiresAt().toString());
    return Answer.json(answer).status(201).with("Cache-Control", "no-store");
  }

  private static boolean isWhole(JsonNode number) {
    return number.isIntegralNumber() && number.canConvertToLong();
  }

  private long size(JsonNode json) throws ProblemException {
    long size = json.path("size").asLong();
    if (size > maxBytes) {
      throw Problem.of(413, "%d bytes are more than %d".formatted(size, maxBytes))
          .coded("too-large")
          .exception();
    }
    if (size < 1) {
      throw Problem.badRequest("an image has at least one byte").coded("empty").exception();
    }
    return size;
  }

  private static String type(JsonNode json) {
    String type = json.path("type").asText("");
    return TYPE.matcher(type).matches() && !type.equals(WITH_SCRIPTS) ? type : ANY_TYPE;
  }

  /** New for each upload, so that files of the same name do not replace each other. */
  private String key(String name) {
    byte[] unique = new byte[6];
    random.nextBytes(unique);
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    return "%suploads/%s/%s/%s"
        .formatted(keys.prefix(), today, HexFormat.of().formatHex(unique), fileName(name));
  }

  /** The last part of a path, made harmless. */
  private static String fileName(String name) {
    String last = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
    String safe = UNSAFE.matcher(last).replaceAll("_").strip();
    while (safe.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES) {
      safe = safe.substring(safe.offsetByCodePoints(0, 1));
    }
    return safe.isEmpty() || safe.equals(".") || safe.equals("..") ? "image" : safe;
  }
}
