package io.pigeonhole.local.policy;

import java.util.regex.Pattern;

/**
 * What a role may do, or what was done.
 *
 * @param action such as {@code s3:GetObject}
 * @param resource an ARN; in what is allowed, {@code *} stands for anything
 */
record Permission(String action, String resource) {

  /** Whether this, which is allowed, allows that, which was done. */
  boolean allows(Permission done) {
    String pattern = Pattern.quote(resource).replace("*", "\\E.*\\Q");
    return action.equals(done.action)
        && Pattern.compile(pattern, Pattern.DOTALL).matcher(done.resource).matches();
  }

  @Override
  public String toString() {
    return action + " on " + resource;
  }
}
