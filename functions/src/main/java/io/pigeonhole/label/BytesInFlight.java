package io.pigeonhole.label;

import java.util.concurrent.Semaphore;

/**
 * Bounds the memory of images being downloaded and decoded, whatever the size of a batch. An image
 * larger than all of it waits until it is alone.
 */
final class BytesInFlight {
  // a semaphore counts ints
  private static final int UNIT = 1024;

  private final int units;
  private final Semaphore free;

  BytesInFlight(long bytes) {
    this.units = units(bytes);
    this.free = new Semaphore(units, true);
  }

  /** Room for a number of bytes, until it is closed. */
  final class Room implements AutoCloseable {
    private final int taken;

    private Room(int taken) {
      this.taken = taken;
    }

    @Override
    public void close() {
      free.release(taken);
    }
  }

  /** Waits for room. */
  Room take(long bytes) throws InterruptedException {
    int wanted = Math.min(units, units(bytes));
    free.acquire(wanted);
    return new Room(wanted);
  }

  private static int units(long bytes) {
    return (int) Math.min(Integer.MAX_VALUE, 1 + bytes / UNIT);
  }
}
