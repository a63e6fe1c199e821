package io.pigeonhole.local;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.OAuth2Config;
import no.nav.security.mock.oauth2.token.DefaultOAuth2TokenCallback;
import no.nav.security.mock.oauth2.token.OAuth2TokenProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page where people have to sign in, with a provider that asks who they are. */
@Tag("browser")
class SignInPageIT {
  private static final String ISSUER = "people";
  private static final String DONE = ".card[data-state=done]";
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final String ANYTHING = "openid p/read p/write p/admin";

  private static final MockOAuth2Server PROVIDER =
      new MockOAuth2Server(
          new OAuth2Config(
              true,
              null,
              null,
              false,
              new OAuth2TokenProvider(),
              Set.of(
                  new DefaultOAuth2TokenCallback(
                      ISSUER, "nobody", "JWT", List.of("page"), Map.of(), 3600))));

  @TempDir private static Path folder;
  private static RunningProduct closed;
  @TempDir private Path downloads;
  private Browser browser;

  @BeforeAll
  static void start() throws Exception {
    PROVIDER.start();
    closed = product("none", folder.resolve("closed"));
  }

  @AfterAll
  static void stop() {
    closed.close();
    PROVIDER.shutdown();
  }

  private static RunningProduct product(String anonymous, Path data) throws Exception {
    return new RunningProduct(
        RunningProduct.settings(
            data,
            Map.of(),
            Map.of(
                "PIGEONHOLE_SIGN_IN_ISSUER", PROVIDER.issuerUrl(ISSUER).toString(),
                "PIGEONHOLE_SIGN_IN_CLIENT", "page",
                "PIGEONHOLE_SIGN_IN_SCOPES", ANYTHING,
                "PIGEONHOLE_API_ANONYMOUS", anonymous,
                "PIGEONHOLE_API_SCOPES", "p/read,p/write,p/admin",
                "PIGEONHOLE_API_GROUPS", ",write,admin",
                "PIGEONHOLE_API_GROUPS_CLAIM", "groups")));
  }

  @BeforeEach
  void open() {
    browser = new Browser(closed.product().api(), downloads);
  }

  @AfterEach
  void close() {
    assertThat(browser.complaints())
        .noneMatch(complaint -> complaint.contains("Content Security Policy"));
    browser.close();
  }

  /** As a person does, at the provider. */
  private void signIn(Browser there, String scope, String groups) {
    there.find("#who button").click();
    there.find("input[name=username]").sendKeys("ann");
    there
        .find("textarea[name=claims]")
        .sendKeys("{\"scope\": \"%s\", \"groups\": [%s]}".formatted(scope, groups));
    there.find("input[type=submit]").click();
    there.awaitText("#who button", "Sign out");
  }

  @Test
  void showsNothingBeforeSomebodyHasSignedIn() throws Exception {
    browser.awaitText(".view", "This page is for people who are signed in");
    assertThat(browser.barriers()).isEmpty();
    browser.open("#/models");
    browser.awaitText(".view", "This page is for people who are signed in");
    assertThat(closed.get("/labels").statusCode()).isEqualTo(401);
    assertThat(closed.get("/").statusCode()).isEqualTo(200);
  }

  @Test
  void letsAWriterSortAndCorrectButNotTrain() {
    signIn(browser, ANYTHING, "\"write\"");
    browser.drop(List.of("a.png"), List.of(Scenes.png("ship")));
    browser.count(DONE, 1, MINUTE);
    assertThat((String) browser.run("return location.search")).isEmpty();
    browser.find(".card summary").click();
    browser.find(".card input[name=label]").sendKeys("paper boat\n");
    browser.awaitText(".card .label", "paper boat");
    browser.reload();
    browser.count(DONE, 1, MINUTE);
    browser.open("#/models");
    browser.awaitText(".trainings", "not in the group admin");
  }

  @Test
  void letsAReaderOnlyLook() {
    signIn(browser, ANYTHING, "");
    browser.drop(List.of("b.png"), List.of(Scenes.png("cat")));
    browser.count(".card[data-state=failed]", 1, MINUTE);
    browser.awaitText(".card .wrong", "not in the group write");
  }

  @Test
  void letsNobodyDoWhatTheTokenHasNoScopeFor() {
    signIn(browser, "openid p/read", "\"admin\"");
    browser.drop(List.of("c.png"), List.of(Scenes.png("cat")));
    browser.count(".card[data-state=failed]", 1, MINUTE);
    browser.awaitText(".card .wrong", "You are signed in, but may not do this");
  }

  @Test
  void letsAnAdministratorTrainAndSignOut() {
    signIn(browser, ANYTHING, "\"admin\"");
    browser.open("#/models");
    browser.find(".trainings .starter");
    browser.find("#who button").click();
    browser.awaitText(".view", "This page is for people who are signed in");
    browser.reload();
    browser.awaitText(".view", "This page is for people who are signed in");
    browser.awaitText("#who button", "Sign in");
  }

  @Test
  void goesOnWithAnotherTokenWhenOneEnds() throws Exception {
    signIn(browser, ANYTHING, "");
    String before = token();
    ends("");
    browser.open("#/pigeonholes");
    RunningProduct.await(() -> !token().equals(before));
    assertThat(browser.find(".view h1").getText()).isEqualTo("Pigeonholes");
    ends("tokens.refresh = 'of nobody';");
    browser.open("#/pigeonholes");
    browser.awaitText(".view", "This page is for people who are signed in");
    browser.awaitText("#who button", "Sign in");
  }

  private String token() {
    return (String) browser.run("return JSON.parse(sessionStorage['pigeonhole.tokens']).access");
  }

  private void ends(String more) {
    browser.run(
        """
        const tokens = JSON.parse(sessionStorage['pigeonhole.tokens']);
        tokens.until = 0;
        %s
        sessionStorage['pigeonhole.tokens'] = JSON.stringify(tokens);
        """
            .formatted(more));
  }

  @Test
  void takesNoSignInThatWasNotBegunHere() {
    browser.open("?code=stolen&state=of-somebody");
    browser.awaitText("#trouble", "This sign-in was not begun here");
    browser.awaitText("#who button", "Sign in");
  }

  @Test
  void takesNoSignInThatWasNotAskedFor() throws Exception {
    browser.run(
        """
        sessionStorage['pigeonhole.asked'] =
            JSON.stringify({ state: 'state', nonce: 'mine', verifier: 'v'.repeat(43), view: '' });
        """);
    byte[] challenge =
        MessageDigest.getInstance("SHA-256").digest("v".repeat(43).getBytes(US_ASCII));
    browser.run(
        "location.assign('%s?response_type=code&client_id=page&scope=openid&state=state&nonce=others&redirect_uri=%s&code_challenge_method=S256&code_challenge=%s')"
            .formatted(
                PROVIDER.authorizationEndpointUrl(ISSUER),
                URLEncoder.encode(closed.product().api() + "/", StandardCharsets.UTF_8),
                Base64.getUrlEncoder().withoutPadding().encodeToString(challenge)));
    browser.find("input[name=username]").sendKeys("eve");
    browser.find("input[type=submit]").click();
    browser.awaitText("#trouble", "This sign-in is not the one that was asked for");
    browser.awaitText("#who button", "Sign in");
  }

  @Test
  void classifiesForEverybodyWhereReadingIsOpen() throws Exception {
    try (RunningProduct open = product("read", downloads.resolve("open"));
        Browser there = new Browser(open.product().api(), downloads)) {
      there.awaitText(".drop", "nothing is kept");
      there.drop(List.of("d.png"), List.of(Scenes.png("ship")));
      there.count(DONE, 1, MINUTE);
      there.count(".card details", 0, MINUTE);
      assertThat(open.s3().listObjectsV2(list -> list.bucket("images")).contents()).isEmpty();
      there.open("#/models");
      there.awaitText(".trainings", "for administrators who are signed in");
      there.count("tr[data-version] button, tr[data-version] a", 0, MINUTE);
      assertThat(there.complaints()).isEmpty();
      signIn(there, ANYTHING, "\"write\"");
      there.open("#/");
      there.drop(List.of("d.png"), List.of(Scenes.png("ship")));
      there.count(".card details", 1, MINUTE);
    }
  }
}
