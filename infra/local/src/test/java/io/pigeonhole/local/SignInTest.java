package io.pigeonhole.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.SignedJWT;
import io.pigeonhole.local.events.DocumentedShapes;
import io.pigeonhole.local.gateway.ApiRoutes;
import io.pigeonhole.local.gateway.Gateway;
import io.pigeonhole.local.gateway.Rate;
import io.pigeonhole.local.lambda.Outcome;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.token.DefaultOAuth2TokenCallback;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The gateway, where people have to sign in. */
class SignInTest {
  private static final String ISSUER = "people";
  private static final BlockingQueue<JsonNode> EVENTS = new LinkedBlockingQueue<>();
  private static final MockOAuth2Server PROVIDER = new MockOAuth2Server();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir static Path folder;
  private static Gateway gateway;

  @BeforeAll
  static void start() throws Exception {
    PROVIDER.start();
    gateway = gateway("none", folder.resolve("closed"));
  }

  private static Gateway gateway(String anonymous, Path folder) throws Exception {
    SignIn signIn =
        new SignIn(
            Map.of(
                "PIGEONHOLE_SIGN_IN_ISSUER", PROVIDER.issuerUrl(ISSUER).toString(),
                "PIGEONHOLE_SIGN_IN_CLIENT", "page",
                "PIGEONHOLE_API_ANONYMOUS", anonymous,
                "PIGEONHOLE_API_SCOPES", "p/read,p/write,p/admin",
                "PIGEONHOLE_MODELS_BUCKET", "models"));
    assertThat(signIn.variables()).doesNotContainKey("PIGEONHOLE_MODELS_BUCKET");
    return Gateway.start(
        0,
        folder,
        ApiRoutes.all(SignInTest::answer, Map.of()),
        signIn.authorizer(),
        Duration.ofSeconds(5),
        Rate.UNLIMITED,
        Map.of());
  }

  private static CompletableFuture<Outcome> answer(byte[] event) {
    EVENTS.add(JsonMapper.shared().readTree(event));
    return CompletableFuture.completedFuture(
        new Outcome.Responded("{\"statusCode\":200}".getBytes(UTF_8)));
  }

  @AfterAll
  static void stop() {
    gateway.close();
    PROVIDER.shutdown();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /, 200, 200, 200",
    "GET, /page/app.js, 200, 200, 200",
    "GET, /sign-in, 200, 200, 200",
    "GET, /labels, 200, 200, 200",
    "GET, /images/a%2Fb/c.jpg, 200, 200, 200",
    "POST, /classify, 200, 200, 200",
    "POST, /uploads, 403, 200, 200",
    "PUT, /images/a/b.jpg/label, 403, 200, 200",
    "POST, /models/1/promote, 403, 403, 200",
    "GET, /models/1/report, 403, 403, 200",
    "POST, /trainings, 403, 403, 200",
    "GET, /trainings, 403, 403, 200",
    "POST, /anything, 404, 404, 404",
    "DELETE, /labels, 404, 404, 404"
  })
  void asksForTheScopeOfALevel(String method, String path, int read, int write, int admin)
      throws Exception {
    assertThat(status(method, path, token("openid p/read"))).isEqualTo(read);
    assertThat(status(method, path, token("p/write"))).isEqualTo(write);
    assertThat(status(method, path, token("p/admin"))).isEqualTo(admin);
  }

  @Test
  void refusesWhatIsNoToken() throws Exception {
    String good = token("p/admin");
    String other = token(ISSUER, "someone-else", "p/admin", 3600);
    String foreign = token("others", "page", "p/admin", 3600);
    String old = token(ISSUER, "page", "p/admin", -3600);
    SignedJWT forged = new SignedJWT(parsed(good).getHeader(), parsed(good).getJWTClaimsSet());
    forged.sign(new RSASSASigner(new RSAKeyGenerator(2048).generate()));
    String changed = good.substring(0, good.lastIndexOf('.') + 1) + "AAAA";
    String unsigned = "eyJhbGciOiJub25lIn0." + good.split("\\.", -1)[1] + ".";
    assertThat(status("GET", "/labels", good)).isEqualTo(200);
    for (String wrong :
        List.of(other, foreign, old, forged.serialize(), changed, unsigned, "", "x")) {
      HttpResponse<String> response = send(gateway, "GET", "/labels", wrong);
      assertThat(response.statusCode()).as(wrong).isEqualTo(401);
      assertThat(response.body()).isEqualTo("{\"message\":\"Unauthorized\"}");
    }
    assertThat(status("GET", "/labels", null)).isEqualTo(401);
  }

  @Test
  void tellsTheFunctionWhoAsks() throws Exception {
    EVENTS.clear();
    assertThat(status("POST", "/uploads", token("openid p/write"))).isEqualTo(200);
    JsonNode event = EVENTS.remove();
    assertThat(DocumentedShapes.problems("http-api-2.0", event.toString())).isEmpty();
    assertThat(event.path("routeKey").asString()).isEqualTo("POST /uploads");
    JsonNode jwt = event.at("/requestContext/authorizer/jwt");
    assertThat(jwt.at("/claims/scope").asString()).isEqualTo("openid p/write");
    assertThat(jwt.at("/claims/groups").asString()).isEqualTo("[one two]");
    assertThat(jwt.at("/claims/exp").asString()).containsOnlyDigits();
    assertThat(jwt.path("scopes").toString()).contains("p/write", "p/admin");
  }

  @Test
  void leavesOpenWhatIsOpen() throws Exception {
    try (Gateway open = gateway("read", folder.resolve("open"))) {
      EVENTS.clear();
      assertThat(send(open, "GET", "/labels", null).statusCode()).isEqualTo(200);
      assertThat(EVENTS.remove().at("/requestContext/authorizer").isMissingNode()).isTrue();
      assertThat(send(open, "POST", "/uploads", null).statusCode()).isEqualTo(401);
      assertThat(send(open, "POST", "/uploads", token("p/read")).statusCode()).isEqualTo(403);
      assertThat(send(open, "POST", "/uploads", token("p/write")).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void isNotThereWithoutAnIssuer() throws Exception {
    assertThat(new SignIn(Map.of("PIGEONHOLE_API_ANONYMOUS", "none"))).isEqualTo(SignIn.NONE);
    assertThat(SignIn.NONE.isAskedFor()).isFalse();
    assertThat(SignIn.NONE.variables())
        .containsExactly(Map.entry("PIGEONHOLE_API_ANONYMOUS", "admin"));
  }

  private static String token(String scope) {
    return token(ISSUER, "page", scope, 3600);
  }

  private static String token(String issuer, String audience, String scope, long seconds) {
    SignedJWT token =
        PROVIDER.issueToken(
            issuer,
            "page",
            new DefaultOAuth2TokenCallback(
                issuer,
                "somebody",
                "JWT",
                List.of(audience),
                Map.of("scope", scope, "groups", List.of("one", "two")),
                seconds));
    return token.serialize();
  }

  private static SignedJWT parsed(String token) throws ParseException {
    return SignedJWT.parse(token);
  }

  private static int status(String method, String path, String token) throws Exception {
    return send(gateway, method, path, token).statusCode();
  }

  private static HttpResponse<String> send(
      Gateway gateway, String method, String path, String token) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(gateway.endpoint().resolve(path))
            .method(method, HttpRequest.BodyPublishers.noBody());
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}
