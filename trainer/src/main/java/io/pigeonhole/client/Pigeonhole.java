package io.pigeonhole.client;

import java.lang.reflect.InvocationTargetException;

/**
 * What the program was called before there was a script {@code pigeonhole}; goes with the next
 * release.
 */
public final class Pigeonhole {
  private Pigeonhole() {}

  /** Says what to type instead, and does it. */
  public static void main(String[] args)
      throws ClassNotFoundException,
          NoSuchMethodException,
          IllegalAccessException,
          InvocationTargetException {
    // by its name, since the client imports nothing of the program that it is a part of
    Class.forName("io.pigeonhole.program.OldName")
        .getMethod("client", String[].class)
        .invoke(null, (Object) args);
  }
}
