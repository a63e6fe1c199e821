package io.pigeonhole.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pigeonhole.api.Access;
import io.pigeonhole.api.Answer;
import io.pigeonhole.api.Api;
import io.pigeonhole.api.Caller;
import io.pigeonhole.api.Level;
import io.pigeonhole.api.Origins;
import io.pigeonhole.api.Request;
import io.pigeonhole.api.SignIn;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PageTest {
  private static final int MAX_BYTES = 100_000;
  private static final Pattern IMPORT = Pattern.compile("from '\\./(.+?)'");
  private static final Pattern REFERENCE = Pattern.compile("(?:href|src)=\"(page/.+?)\"");

  private static final SignIn.Provider PROVIDER =
      new SignIn.Provider(
          URI.create("https://accounts.example.com/pool"),
          "page",
          "openid",
          URI.create("https://tokens.example.com"));

  private final Api api = api(Optional.empty());

  private static Api api(Optional<SignIn.Provider> provider) {
    return new Api(
        new Page("https://images.example.com", new SignIn(Level.READ, provider)).operations(),
        new Origins(Set.of()),
        new Access(Level.NONE, List.of(), List.of(), "", provider.isPresent()));
  }

  private Answer get(String path) {
    return get(path, api);
  }

  private static Answer get(String path, Api api) {
    return api.answer(
        new Request(
            "GET", "", path, Map.of(), Map.of(), new byte[0], new Caller.Anonymous(), Map.of()),
        "request");
  }

  private static List<String> files() throws IOException, URISyntaxException {
    Path folder = Path.of(Page.class.getResource("/page/index.html").toURI()).getParent();
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> "/page/" + file.getFileName()).sorted().toList();
    }
  }

  @Test
  void isSmall() throws Exception {
    int size = 0;
    for (String file : files()) {
      Answer answer = get(file);
      assertThat(answer.status()).as(file).isEqualTo(200);
      size += answer.body().length;
    }
    assertThat(size).isLessThan(MAX_BYTES);
  }

  @Test
  void mayRunOnlyItsOwnScriptsAndTalkOnlyToTheApiAndTheImages() throws Exception {
    List<String> paths = new ArrayList<>(files());
    paths.add("/");
    for (String path : paths) {
      String policy = get(path).header("Content-Security-Policy").orElseThrow();
      assertThat(Arrays.stream(policy.split(";", -1)).map(String::strip))
          .as(path)
          .containsExactlyInAnyOrder(
              "default-src 'none'",
              "script-src 'self'",
              "style-src 'self'",
              "img-src 'self' blob: https://images.example.com",
              "connect-src 'self' https://images.example.com",
              "base-uri 'none'",
              "form-action 'none'",
              "frame-ancestors 'none'",
              "require-trusted-types-for 'script'");
      assertThat(get(path).header("X-Content-Type-Options")).contains("nosniff");
    }
  }

  @Test
  void mayTalkToWhoSignsPeopleInAndSaysWhoThatIs() throws Exception {
    Api there = api(Optional.of(PROVIDER));
    assertThat(get("/", there).header("Content-Security-Policy").orElseThrow())
        .contains(
            "connect-src 'self' https://images.example.com https://accounts.example.com"
                + " https://tokens.example.com;");
    assertThat(Answer.JSON.readTree(get("/sign-in", there).body()))
        .isEqualTo(
            Answer.JSON.readTree(
                """
                {"anonymous": "read", "issuer": "https://accounts.example.com/pool",
                 "client": "page", "scopes": "openid"}
                """));
    assertThat(new String(get("/sign-in").body(), UTF_8)).isEqualTo("{\"anonymous\":\"read\"}");
  }

  @Test
  void findsAllThatItRefersToBesideIt() throws Exception {
    List<String> references = matches(REFERENCE, "/");
    assertThat(references).contains("page/app.js", "page/style.css");
    for (String reference : references) {
      assertThat(get("/" + reference).status()).as(reference).isEqualTo(200);
    }
    for (String file : files()) {
      for (String module : matches(IMPORT, file)) {
        assertThat(get("/page/" + module).status()).as(module).isEqualTo(200);
      }
    }
  }

  @Test
  void takesNothingFromElsewhere() throws Exception {
    for (String file : files()) {
      assertThat(text(file).replace("http://www.w3.org/2000/svg", ""))
          .as(file)
          .doesNotContain("http://", "https://");
    }
  }

  private List<String> matches(Pattern pattern, String path) {
    return pattern.matcher(text(path)).results().map((MatchResult r) -> r.group(1)).toList();
  }

  private String text(String path) {
    return new String(get(path).body(), UTF_8);
  }
}
