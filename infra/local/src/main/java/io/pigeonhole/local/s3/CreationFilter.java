package io.pigeonhole.local.s3;

import com.adobe.testing.s3mock.s3.S3Exception;
import com.adobe.testing.s3mock.s3.dto.ObjectKey;
import com.adobe.testing.s3mock.s3.model.S3ObjectMetadata;
import com.adobe.testing.s3mock.s3.service.ObjectService;
import io.pigeonhole.local.s3.ObjectCreated.How;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.util.ContentCachingResponseWrapper;

/**
 * Tells the listener of each created object, as S3's event notifications would.
 *
 * <p>Which of S3's operations a request was, and on which key, is what S3Mock's own routing decided
 * (Spring leaves it in the request), so the two can never disagree about odd keys or queries.
 */
final class CreationFilter extends OncePerRequestFilter {
  private static final Map<String, How> OPERATIONS =
      Map.of(
          "putObject", How.PUT,
          "postObject", How.POST,
          "copyObject", How.COPY,
          "completeMultipartUpload", How.COMPLETE_MULTIPART_UPLOAD);

  private final ObjectService objects;
  private final CreationListener listener;

  CreationFilter(ObjectService objects, CreationListener listener) {
    this.objects = objects;
    this.listener = listener;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return !request.getMethod().equals("PUT") && !request.getMethod().equals("POST");
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    // Held back, so that nobody is told of success before the event is safe
    ContentCachingResponseWrapper held = new ContentCachingResponseWrapper(response);
    String requestId = UUID.randomUUID().toString();
    held.setHeader("x-amz-request-id", requestId);
    chain.doFilter(request, held);
    if (held.getStatus() == HttpServletResponse.SC_OK) {
      operation(request).ifPresent(how -> announce(how, request, held, requestId));
    }
    held.copyBodyToResponse();
  }

  private static Optional<How> operation(HttpServletRequest request) {
    return request.getAttribute(HandlerMapping.BEST_MATCHING_HANDLER_ATTRIBUTE)
            instanceof HandlerMethod handler
        ? Optional.ofNullable(OPERATIONS.get(handler.getMethod().getName()))
        : Optional.empty();
  }

  private void announce(
      How how, HttpServletRequest request, HttpServletResponse response, String requestId) {
    Map<?, ?> path =
        (Map<?, ?>) request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE);
    String bucket = path.get("bucketName").toString();
    String key =
        new ObjectKey(how == How.POST ? request.getParameter("key") : path.get("key").toString())
            .getKey();
    Optional<String> versionId = Optional.ofNullable(response.getHeader("x-amz-version-id"));
    Optional<S3ObjectMetadata> stored = stored(bucket, key, versionId);
    listener.accept(
        new ObjectCreated(
            how,
            bucket,
            key,
            stored.map(S3ObjectMetadata::getSize).map(Long::parseLong).orElse(0L),
            stored.map(S3ObjectMetadata::getEtag).map(CreationFilter::unquoted).orElse(""),
            versionId,
            Instant.now(),
            requestId,
            request.getRemoteAddr()));
  }

  /** Empty when it is deleted already; the event is due all the same. */
  private Optional<S3ObjectMetadata> stored(String bucket, String key, Optional<String> versionId) {
    try {
      return Optional.of(objects.verifyObjectExists(bucket, key, versionId.orElse(null)));
    } catch (S3Exception e) {
      return Optional.empty();
    }
  }

  private static String unquoted(String etag) {
    return etag.replace("\"", "");
  }
}
