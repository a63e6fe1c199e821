package io.pigeonhole.inference;

/**
 * How many threads TensorFlow computes with. They are decided for the whole process, before its
 * first session, and by the routines it computes with; README.md has what was measured.
 *
 * @param intraOp that share one operation
 * @param interOp for operations that do not wait for each other; -1 for none, when a session runs
 *     in the thread that asks it
 */
record Threads(int intraOp, int interOp) {
  /**
   * The fastest.
   *
   * @param oneDnn whether it computes with oneDNN
   */
  static Threads of(boolean oneDnn, int processors) {
    return oneDnn
        // the networks are chains: there is nothing to run side by side
        ? new Threads(processors, 1)
        // a second thread takes half as much processor time again, and one image hardly less time
        : new Threads(1, -1);
  }

  /** How many sessions' runs to have at a time, so that all processors take part. */
  int passes(int processors) {
    return interOp < 0 ? Math.max(1, processors / Math.max(1, intraOp)) : Math.max(1, interOp);
  }
}
