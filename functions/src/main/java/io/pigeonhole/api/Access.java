package io.pigeonhole.api;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who may do what. The gateway checks tokens and signatures, and, as far as it can, who may ask for
 * a route; this looks again at what each operation needs.
 */
public final class Access {
  private static final String CHALLENGE = "WWW-Authenticate";

  /** Those that scopes and groups give, in their order. */
  private static final List<Level> LEVELS = List.of(Level.READ, Level.WRITE, Level.ADMIN);

  private final Level anonymous;
  private final List<String> scopes;
  private final List<String> groups;
  private final String groupsClaim;
  private final boolean signsIn;

  /**
   * Access by the claims of tokens. Scopes and groups are none, or one for each level from {@link
   * Level#READ} on, of which the first may be empty, for any token. A token needs one of the scopes
   * of the level or of a higher one, if there are scopes, and one of the groups, if there are
   * groups; if there are neither, it may read.
   *
   * @param anonymous what those may do who are not known
   * @param groupsClaim which claim has the groups
   * @param signsIn whether there is somewhere to sign in
   */
  public Access(
      Level anonymous,
      List<String> scopes,
      List<String> groups,
      String groupsClaim,
      boolean signsIn) {
    this.anonymous = anonymous;
    this.scopes = List.copyOf(scopes);
    this.groups = List.copyOf(groups);
    this.groupsClaim = groupsClaim;
    this.signsIn = signsIn;
  }

  /** Everybody may do everything: whatever is before the function has decided who may ask. */
  public static Access ofEverybody() {
    return new Access(Level.ADMIN, List.of(), List.of(), "", false);
  }

  /** Whether nobody needs to be known for a level. */
  boolean isOpen(Level level) {
    return level.compareTo(anonymous) <= 0;
  }

  /**
   * Looks at who asks.
   *
   * @throws ProblemException if this caller may not do what needs that level
   */
  void check(Level needed, Caller caller) throws ProblemException {
    if (isOpen(needed) || caller instanceof Caller.Signer) {
      return;
    }
    if (!(caller instanceof Caller.Bearer bearer)) {
      throw unknown(needed).exception();
    }
    if (scopes.isEmpty() && groups.isEmpty() && needed != Level.READ) {
      throw refused(needed, "no scopes or groups are set that would give it").exception();
    }
    if (!gives(scopes, needed, bearer.scopes())) {
      throw refused(needed, "the token is without the scope " + of(scopes, needed)).exception();
    }
    if (!gives(groups, needed, bearer.words(groupsClaim))) {
      throw refused(needed, "who has the token is not in the group " + of(groups, needed))
          .exception();
    }
  }

  private Problem unknown(Level needed) {
    String all = "this needs the level %s, and ".formatted(needed.word());
    if (signsIn) {
      return Problem.of(401, all + "nobody is signed in: GET /sign-in says where to")
          .coded("sign-in")
          .with(Map.of(CHALLENGE, "Bearer"));
    }
    String detail =
        anonymous == Level.NONE
            ? all + "came without credentials that the gateway has checked"
            : all
                + "without credentials this API is open to the level %s only"
                    .formatted(anonymous.word());
    return Problem.of(403, detail).coded("not-allowed");
  }

  private static Problem refused(Level needed, String why) {
    return Problem.of(403, "this needs the level %s, and %s".formatted(needed.word(), why))
        .coded("not-allowed")
        .with(Map.of(CHALLENGE, "Bearer error=\"insufficient_scope\""));
  }

  private static boolean gives(List<String> words, Level needed, Set<String> found) {
    if (words.isEmpty()) {
      return true;
    }
    List<String> enough = words.subList(LEVELS.indexOf(needed), words.size());
    return enough.get(0).isEmpty() || enough.stream().anyMatch(found::contains);
  }

  private static String of(List<String> words, Level level) {
    return words.get(LEVELS.indexOf(level));
  }
}
