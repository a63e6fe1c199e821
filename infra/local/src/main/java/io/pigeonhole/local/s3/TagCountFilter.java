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
import java.util.List;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.UriUtils;

/**
 * Says with an object how many tags it has, if it has any, as S3 does and S3Mock does not.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html">x-amz-tagging-count</a>
 */
final class TagCountFilter extends OncePerRequestFilter {
  private final ObjectService objects;

  TagCountFilter(ObjectService objects) {
    this.objects = objects;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return !request.getMethod().equals("GET") && !request.getMethod().equals("HEAD");
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    int tags = count(request);
    if (tags > 0) {
      response.setIntHeader("x-amz-tagging-count", tags);
    }
    chain.doFilter(request, response);
  }

  private int count(HttpServletRequest request) {
    String[] path = UriUtils.decode(request.getRequestURI(), StandardCharsets.UTF_8).split("/", 3);
    if (path.length < 3 || path[2].isEmpty()) {
      return 0;
    }
    try {
      List<Tag> tags =
          objects.verifyObjectExists(path[1], path[2], request.getParameter("versionId")).getTags();
      return tags == null ? 0 : tags.size();
    } catch (S3Exception e) {
      // said by S3Mock itself
      return 0;
    }
  }
}
