package io.pigeonhole.local.s3;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes created objects as S3's event notification messages, one record each.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html">Event
 *     message structure</a>
 */
public final class S3Event {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String OWNER = "pigeonhole-local";

  private final Clock clock;
  private final AtomicLong lastSequencer = new AtomicLong();

  /** Takes sequencers from {@code clock}, so that they grow over restarts too. */
  public S3Event(Clock clock) {
    this.clock = clock;
  }

  /** The message for an object; each call gives a greater sequencer. */
  public ObjectNode of(ObjectCreated created) {
    ObjectNode message = JSON.createObjectNode();
    ObjectNode event = message.putArray("Records").addObject();
    event
        .put("eventVersion", "2.1")
        .put("eventSource", "aws:s3")
        .put("awsRegion", "us-east-1")
        .put("eventTime", created.at().toString())
        .put("eventName", created.how().eventName());
    event.putObject("userIdentity").put("principalId", OWNER);
    event.putObject("requestParameters").put("sourceIPAddress", created.sourceAddress());
    event
        .putObject("responseElements")
        .put("x-amz-request-id", created.requestId())
        .put("x-amz-id-2", created.requestId());
    ObjectNode s3 = event.putObject("s3");
    s3.put("s3SchemaVersion", "1.0").put("configurationId", "label");
    ObjectNode bucket = s3.putObject("bucket").put("name", created.bucket());
    bucket.putObject("ownerIdentity").put("principalId", OWNER);
    bucket.put("arn", "arn:aws:s3:::" + created.bucket());
    ObjectNode object =
        s3.putObject("object")
            .put("key", urlEncoded(created.key()))
            .put("size", created.size())
            .put("eTag", created.etag());
    created.versionId().ifPresent(versionId -> object.put("versionId", versionId));
    object.put("sequencer", nextSequencer());
    return message;
  }

  /** As S3 does in events: a form's encoding, but slashes stay. */
  public static String urlEncoded(String key) {
    return URLEncoder.encode(key, StandardCharsets.UTF_8).replace("%2F", "/");
  }

  private String nextSequencer() {
    Instant now = clock.instant();
    long nanos =
        Math.addExact(Math.multiplyExact(now.getEpochSecond(), 1_000_000_000L), now.getNano());
    long sequencer = lastSequencer.updateAndGet(last -> Math.max(last + 1, nanos));
    return String.format(Locale.ROOT, "%016X", sequencer);
  }
}
