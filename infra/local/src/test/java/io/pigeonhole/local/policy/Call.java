package io.pigeonhole.local.policy;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A request that S3 got, as a line of the server's log tells of it.
 *
 * @param caller whose access key signed it; empty for nobody's
 * @param needs what S3 asks for that the caller may do, see <a
 *     href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html">its
 *     list</a>
 */
record Call(String caller, List<Permission> needs) {
  /** Those of a line; only the last may have spaces. */
  private static final int FIELDS = 8;

  private static final Pattern CREDENTIAL = Pattern.compile("Credential=([^/%,&]+)(?:/|%2F)");
  private static final String NONE = "-";

  /**
   * Reads a line: status, method, address, protocol, If-Match, copy source, tags, Authorization.
   */
  static Call read(String line) {
    String[] fields = line.split(" ", FIELDS);
    String address = fields[2];
    int question = address.indexOf('?');
    String path = question < 0 ? address : address.substring(0, question);
    Map<String, String> query = query(question < 0 ? "" : address.substring(question + 1));
    Matcher credential =
        CREDENTIAL.matcher(query.containsKey("X-Amz-Credential") ? address : fields[7]);
    String caller = credential.find() ? credential.group(1) : "";
    int slash = path.indexOf('/', 1);
    String bucket = slash < 0 ? path.substring(1) : path.substring(1, slash);
    String key = slash < 0 ? "" : decoded(path.substring(slash + 1).replace("+", "%2B"));
    return new Call(caller, needs(fields, bucket, key, query));
  }

  private static List<Permission> needs(
      String[] fields, String bucket, String key, Map<String, String> query) {
    String arn = arn(bucket);
    if (key.isEmpty()) {
      return List.of(new Permission(onBucket(fields[1], query), arn));
    }
    List<Permission> needs = new ArrayList<>();
    needs.add(new Permission(onObject(fields[1], query), arn + "/" + key));
    if (fields[0].equals("404")) {
      // who may not list is told 403, and takes it for an error
      needs.add(new Permission("s3:ListBucket", arn));
    }
    if (!fields[4].equals(NONE) && fields[1].equals("PUT")) {
      needs.add(new Permission("s3:GetObject", arn + "/" + key));
    }
    if (!fields[5].equals(NONE)) {
      String source = decoded(fields[5]).replaceFirst("^/", "");
      int slash = source.indexOf('/');
      needs.add(
          new Permission(
              "s3:GetObject", arn(source.substring(0, slash)) + source.substring(slash)));
    }
    if (!fields[6].equals(NONE)) {
      needs.add(new Permission("s3:PutObjectTagging", arn + "/" + key));
    }
    return needs;
  }

  private static String onBucket(String method, Map<String, String> query) {
    boolean lists =
        method.equals("HEAD") || (method.equals("GET") && query.containsKey("list-type"));
    if (!lists) {
      throw new IllegalArgumentException("not known: " + method + " of a bucket with " + query);
    }
    return "s3:ListBucket";
  }

  private static String onObject(String method, Map<String, String> query) {
    String version = query.containsKey("versionId") ? "Version" : "";
    String tagging = query.containsKey("tagging") ? "Tagging" : "";
    return switch (method) {
      case "GET", "HEAD" -> "s3:GetObject" + version + tagging;
      case "PUT" -> "s3:PutObject" + version + tagging;
      case "DELETE" ->
          query.containsKey("uploadId")
              ? "s3:AbortMultipartUpload"
              : "s3:DeleteObject" + version + tagging;
      // the parts of an upload in parts
      case "POST" -> "s3:PutObject";
      default -> throw new IllegalArgumentException("not known: " + method + " of an object");
    };
  }

  /** A bucket that only differs in keeping versions is the same to policies. */
  private static String arn(String bucket) {
    return "arn:aws:s3:::" + (bucket.equals("versioned") ? "images" : bucket);
  }

  private static Map<String, String> query(String text) {
    Map<String, String> query = new TreeMap<>();
    for (String pair : text.split("&", -1)) {
      String[] both = pair.split("=", 2);
      query.put(decoded(both[0]), both.length > 1 ? decoded(both[1]) : "");
    }
    return query;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
