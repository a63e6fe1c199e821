package io.pigeonhole.label;

/** What an invocation achieved for an image. */
sealed interface Outcome {

  /** Its result is in force, or a newer one: there is nothing left to do. */
  record Done(Result result) implements Outcome {}

  /** It is no image but a {@linkplain FolderMarkers folder marker}: it has no result. */
  record FolderMarker() implements Outcome {}

  /** Another try may help. */
  record Failed(String reason) implements Outcome {}
}
