package io.pigeonhole.local.lambda;

/** How an invocation ended. */
public sealed interface Outcome {

  /** The function's response, as it sent it. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  record Responded(byte[] payload) implements Outcome {}

  /** The function reported an error, took too long, or died. */
  record Failed(String errorType, String errorMessage) implements Outcome {
    @Override
    public String toString() {
      return errorType + ": " + errorMessage;
    }
  }
}
