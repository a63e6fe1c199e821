package io.pigeonhole.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessTest {
  private static final List<String> SCOPES = List.of("p/read", "p/write", "p/admin");
  private static final List<String> GROUPS = List.of("", "writers", "admins");

  private static int status(Access access, Level needed, Caller caller) {
    try {
      access.check(needed, caller);
      return 200;
    } catch (ProblemException e) {
      assertThat(e.problem().detail()).contains("the level " + needed.word());
      return e.problem().status();
    }
  }

  private static Access by(List<String> scopes, List<String> groups) {
    return new Access(Level.NONE, scopes, groups, "groups", true);
  }

  private static Caller token(String scope, String groups) {
    return new Caller.Bearer(Map.of("scope", scope, "groups", groups));
  }

  @ParameterizedTest
  @CsvSource({
    "openid p/read, 200, 403, 403",
    "p/write openid, 200, 200, 403",
    "p/admin, 200, 200, 200",
    "openid, 403, 403, 403",
    "'', 403, 403, 403",
    "p/administrator, 403, 403, 403"
  })
  void aScopeGivesItsLevelAndThoseBelow(String scope, int read, int write, int admin) {
    Access access = by(SCOPES, List.of());
    assertThat(status(access, Level.READ, token(scope, ""))).isEqualTo(read);
    assertThat(status(access, Level.WRITE, token(scope, ""))).isEqualTo(write);
    assertThat(status(access, Level.ADMIN, token(scope, ""))).isEqualTo(admin);
  }

  @ParameterizedTest
  @CsvSource({
    "[others], 200, 403, 403",
    "[others writers], 200, 200, 403",
    "'admins,others', 200, 200, 200",
    "'', 200, 403, 403"
  })
  void aGroupGivesItsLevelAndThoseBelow(String groups, int read, int write, int admin) {
    Access access = by(List.of(), GROUPS);
    assertThat(status(access, Level.READ, token("", groups))).isEqualTo(read);
    assertThat(status(access, Level.WRITE, token("", groups))).isEqualTo(write);
    assertThat(status(access, Level.ADMIN, token("", groups))).isEqualTo(admin);
  }

  @Test
  void bothAreNeededWhereBothAreSet() {
    Access access = by(SCOPES, GROUPS);
    assertThat(status(access, Level.WRITE, token("p/admin", "[]"))).isEqualTo(403);
    assertThat(status(access, Level.WRITE, token("p/read", "[admins]"))).isEqualTo(403);
    assertThat(status(access, Level.WRITE, token("p/write", "[writers]"))).isEqualTo(200);
  }

  @Test
  void aTokenMayOnlyReadWhereNothingSaysWhatElse() {
    Access access = by(List.of(), List.of());
    assertThat(status(access, Level.READ, token("anything", ""))).isEqualTo(200);
    assertThat(status(access, Level.WRITE, token("anything", ""))).isEqualTo(403);
  }

  @Test
  void whoIsNotKnownMayDoWhatIsOpen() {
    Caller nobody = new Caller.Anonymous();
    Access open = new Access(Level.READ, List.of(), List.of(), "", false);
    assertThat(status(open, Level.READ, nobody)).isEqualTo(200);
    assertThat(status(open, Level.WRITE, nobody)).isEqualTo(403);
    assertThat(status(open, Level.ADMIN, nobody)).isEqualTo(403);
    Access closed = by(SCOPES, List.of());
    assertThat(status(closed, Level.NONE, nobody)).isEqualTo(200);
    assertThat(status(closed, Level.READ, nobody)).isEqualTo(401);
    assertThat(status(Access.ofEverybody(), Level.ADMIN, nobody)).isEqualTo(200);
  }

  @Test
  void asksForAToken() {
    try {
      by(SCOPES, List.of()).check(Level.WRITE, new Caller.Anonymous());
    } catch (ProblemException e) {
      assertThat(e.problem().headers()).containsEntry("WWW-Authenticate", "Bearer");
      assertThat(e.problem().code()).isEqualTo("sign-in");
      return;
    }
    throw new AssertionError("it was allowed");
  }

  @Test
  void knowsCallersByWhatTheGatewayHasChecked() throws Exception {
    assertThat(
            caller("{\"authorizer\":{\"jwt\":{\"claims\":{\"scp\":\"[a b]\"},\"scopes\":null}}}"))
        .isInstanceOfSatisfying(
            Caller.Bearer.class, t -> assertThat(t.scopes()).containsExactlyInAnyOrder("a", "b"));
    assertThat(caller("{\"authorizer\":{\"claims\":{\"cognito:groups\":\"a,b\"}}}"))
        .isInstanceOfSatisfying(
            Caller.Bearer.class, t -> assertThat(t.words("cognito:groups")).contains("a", "b"));
    assertThat(caller("{\"authorizer\":{\"iam\":{\"userArn\":\"arn\"}}}"))
        .isInstanceOf(Caller.Signer.class);
    assertThat(caller("{\"identity\":{\"userArn\":\"arn\"}}")).isInstanceOf(Caller.Signer.class);
    assertThat(caller("{\"identity\":{\"userArn\":null}}")).isInstanceOf(Caller.Anonymous.class);
    assertThat(caller("{\"http\":{\"method\":\"GET\"}}")).isInstanceOf(Caller.Anonymous.class);
    assertThat(status(by(SCOPES, GROUPS), Level.ADMIN, new Caller.Signer())).isEqualTo(200);
  }

  private static Caller caller(String context) throws Exception {
    return Caller.of(Answer.JSON.readTree(context));
  }
}
