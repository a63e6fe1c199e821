package io.pigeonhole.model;

/** The one wording of what is wrong with a manifest's field. */
final class Field {
  private Field() {}

  static void require(boolean holds, String field, Object found, String expected) {
    if (!holds) {
      throw invalid(field, found, expected);
    }
  }

  /** A share, a probability or an accuracy: 0 to 1. */
  static void requireShare(String field, double found) {
    require(found >= 0 && found <= 1, field, found, "must be 0 to 1");
  }

  static void requirePositive(String field, double found) {
    require(found > 0 && Double.isFinite(found), field, found, "must be finite and above 0");
  }

  static void requireNotNegative(String field, double found) {
    require(found >= 0 && Double.isFinite(found), field, found, "must be finite and at least 0");
  }

  static void requireCount(String field, long found) {
    require(found >= 0, field, found, "must be at least 0");
  }

  static IllegalArgumentException invalid(String field, Object found, String expected) {
    return new IllegalArgumentException(field + ": '" + found + "' " + expected);
  }
}
