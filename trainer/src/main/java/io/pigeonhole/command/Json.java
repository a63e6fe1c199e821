package io.pigeonhole.command;

import com.fasterxml.jackson.databind.json.JsonMapper;
import picocli.CommandLine.Option;

/** Output for programs. */
public final class Json {
  /** Reads and writes all of it. */
  public static final JsonMapper MAPPER = JsonMapper.builder().build();

  @Option(names = "--json", description = "Print JSON for programs, an object a line.")
  private boolean wanted;

  /** Whether it is asked for. */
  public boolean isWanted() {
    return wanted;
  }
}
