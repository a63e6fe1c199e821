package io.pigeonhole.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The events in {@code events/}, as AWS sends them; the system property of this name is where. */
public final class SampleEvents {
  private SampleEvents() {}

  /** The text of a file, such as {@code s3-put.json}. */
  public static String text(String name) throws IOException {
    return Files.readString(Path.of(System.getProperty("events"), name));
  }
}
