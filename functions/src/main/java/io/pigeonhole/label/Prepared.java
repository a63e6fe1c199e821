package io.pigeonhole.label;

import io.pigeonhole.label.Results.Stored;

/** An image on its way, when all is done that comes before the network. */
sealed interface Prepared {

  /** It is a row of the batch. */
  record Ready(int row, ObjectVersion object, Seen seen) implements Prepared {}

  /** Its result is known without the network, and is to be filed. */
  record Answered(Result result, Seen seen) implements Prepared {}

  /** It is no image but a {@linkplain FolderMarkers folder marker}: there is nothing to file. */
  record FolderMarker() implements Prepared {}

  /** Its result, or a newer one, is filed; only tags and index may lack. */
  record Filed(Stored inForce) implements Prepared {}
}
