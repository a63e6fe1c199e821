package io.pigeonhole.local.backfill;

import java.io.BufferedWriter;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What became of each task of a job, in the form of S3 Batch Operations' <a
 * href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-examples-reports.html">completion
 * reports</a>: two CSV files without a header line, and a manifest that says what their columns
 * are.
 */
final class CompletionReport implements AutoCloseable {
  private static final String COLUMNS =
      "Bucket, Key, VersionId, TaskStatus, ErrorCode, HTTPStatusCode, ResultMessage";
  private static final CSVFormat FORMAT =
      CSVFormat.RFC4180.builder().setRecordSeparator('\n').get();

  private final Part succeeded;
  private final Part failed;

  /** Begins a report in the temporary folder. */
  CompletionReport() throws IOException {
    succeeded = new Part("succeeded");
    failed = new Part("failed");
  }

  /** The tasks that ended in one way. */
  private static final class Part {
    private final String status;
    private final Path file;
    private final CSVPrinter csv;

    Part(String status) throws IOException {
      this.status = status;
      this.file = Files.createTempFile("backfill-" + status + "-", ".csv");
      BufferedWriter writer = Files.newBufferedWriter(file);
      this.csv = new CSVPrinter(writer, FORMAT);
    }

    void add(String bucket, String key, String code, String message) throws IOException {
      String encoded = URLEncoder.encode(key, StandardCharsets.UTF_8);
      csv.printRecord(bucket, encoded, "", status, code, "200", message);
    }
  }

  void succeeded(String bucket, String key, String message) throws IOException {
    succeeded.add(bucket, key, "", message);
  }

  void failed(String bucket, String key, String code, String message) throws IOException {
    failed.add(bucket, key, code, message);
  }

  /**
   * Puts the report into a bucket.
   *
   * @param prefix of its objects, ends with a slash
   * @return the key of its manifest
   */
  String put(S3Client s3, String bucket, String prefix) throws IOException {
    ObjectNode manifest =
        JsonMapper.shared()
            .createObjectNode()
            .put("Format", "Report_CSV_20180820")
            .put("ReportCreationDate", Instant.now().toString());
    ArrayNode results = manifest.putArray("Results");
    for (Part part : new Part[] {succeeded, failed}) {
      part.csv.close(true);
      String md5 = md5(part.file);
      String key = prefix + "results/" + part.status + "-" + md5 + ".csv";
      s3.putObject(
          put -> put.bucket(bucket).key(key).contentType("text/csv"),
          RequestBody.fromFile(part.file));
      results
          .addObject()
          .put("TaskExecutionStatus", part.status)
          .put("Bucket", bucket)
          .put("MD5Checksum", md5)
          .put("Key", key);
    }
    manifest.put("ReportSchema", COLUMNS);
    String key = prefix + "manifest.json";
    s3.putObject(
        put -> put.bucket(bucket).key(key).contentType("application/json"),
        RequestBody.fromString(manifest.toPrettyString()));
    return key;
  }

  private static String md5(Path file) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("MD5");
      try (DigestInputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
        in.transferTo(java.io.OutputStream.nullOutputStream());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has MD5", e);
    }
  }

  /** Deletes what is in the temporary folder. */
  @Override
  public void close() throws IOException {
    for (Part part : new Part[] {succeeded, failed}) {
      part.csv.close();
      Files.deleteIfExists(part.file);
    }
  }
}
