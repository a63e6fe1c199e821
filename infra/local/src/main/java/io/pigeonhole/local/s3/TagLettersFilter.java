package io.pigeonhole.local.s3;

import com.adobe.testing.s3mock.s3.S3Exception;
import com.adobe.testing.s3mock.s3.dto.Tag;
import com.adobe.testing.s3mock.s3.service.ObjectService;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.UriUtils;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.xml.XmlMapper;

/**
 * Takes tags in the letters of all scripts, as S3 does: S3Mock by itself takes only those of ASCII.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_S3Tag.html">What a tag
 *     may be</a>
 */
final class TagLettersFilter extends OncePerRequestFilter {
  private static final XmlMapper XML = new XmlMapper();
  private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]{1,128}");
  private static final Pattern VALUE = Pattern.compile("[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]{0,256}");
  private static final int MAX_TAGS = 10;

  private final ObjectService objects;

  TagLettersFilter(ObjectService objects) {
    this.objects = objects;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    String query = request.getQueryString();
    return !request.getMethod().equals("PUT")
        || query == null
        || !List.of(query.split("[&=]", -1)).contains("tagging");
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    byte[] body = request.getInputStream().readAllBytes();
    if (!set(request, body)) {
      chain.doFilter(BufferedBody.of(request, body), response);
    }
  }

  /** Whether the tags are set: others are S3Mock's to set, or to refuse. */
  private boolean set(HttpServletRequest request, byte[] body) {
    String[] path = UriUtils.decode(request.getRequestURI(), StandardCharsets.UTF_8).split("/", 3);
    try {
      List<Tag> tags = tags(XML.readTree(body).at("/TagSet/Tag"));
      if (path.length < 3
          || !areAllowed(tags)
          || tags.stream().allMatch(TagLettersFilter::isAscii)) {
        return false;
      }
      String versionId = request.getParameter("versionId");
      objects.verifyObjectExists(path[1], path[2], versionId);
      objects.setTags(path[1], path[2], versionId, tags);
      return true;
    } catch (JacksonException | S3Exception e) {
      return false;
    }
  }

  /** One is no array in XML. */
  private static List<Tag> tags(JsonNode found) {
    List<Tag> tags = new ArrayList<>();
    for (JsonNode tag : found.isArray() ? found : List.of(found)) {
      tags.add(new Tag(tag.path("Key").asString(""), tag.path("Value").asString("")));
    }
    return tags;
  }

  private static boolean areAllowed(List<Tag> tags) {
    return tags.size() <= MAX_TAGS
        && tags.stream().map(Tag::getKey).distinct().count() == tags.size()
        && tags.stream().allMatch(TagLettersFilter::isAllowed);
  }

  private static boolean isAscii(Tag tag) {
    return StandardCharsets.US_ASCII.newEncoder().canEncode(tag.getKey() + tag.getValue());
  }

  private static boolean isAllowed(Tag tag) {
    return NAME.matcher(tag.getKey()).matches()
        && VALUE.matcher(tag.getValue()).matches()
        && !tag.getKey().startsWith("aws:");
  }
}
