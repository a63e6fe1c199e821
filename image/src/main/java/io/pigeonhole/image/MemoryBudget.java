package io.pigeonhole.image;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.Semaphore;

/**
 * Keeps images that are decoded at the same time from running out of memory together: each takes
 * its share first, and waits while others have it.
 */
final class MemoryBudget {
  // semaphores count ints
  private static final int UNIT = 1024;

  private final Share heap;
  private final Share outside;

  MemoryBudget(Memory all) {
    this.heap = new Share(all.heap());
    this.outside = new Share(all.outside());
  }

  /** Half of the heap, and half of what the machine or container has beside it. */
  static MemoryBudget ofProcess() {
    long heap = Runtime.getRuntime().maxMemory();
    long machine =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    return new MemoryBudget(new Memory(heap / 2, Math.max(heap, machine - heap) / 2));
  }

  /** Something that takes memory. */
  interface Work<T> {
    T run() throws UndecodableImageException;
  }

  /**
   * Does something within the budget, after waiting until there is enough.
   *
   * @throws UndecodableImageException {@code too-many-pixels} if there can never be enough
   */
  <T> T within(Memory need, Work<T> work) throws UndecodableImageException {
    int heapUnits = heap.units(need.heap());
    int outsideUnits = outside.units(need.outside());
    // always in this order, so that no two wait for each other
    heap.free.acquireUninterruptibly(heapUnits);
    try {
      outside.free.acquireUninterruptibly(outsideUnits);
      try {
        return work.run();
      } finally {
        outside.free.release(outsideUnits);
      }
    } finally {
      heap.free.release(heapUnits);
    }
  }

  private static final class Share {
    private final long all;
    private final Semaphore free;

    Share(long all) {
      this.all = all;
      this.free = new Semaphore(asUnits(all), true);
    }

    int units(long need) throws UndecodableImageException {
      if (need > all) {
        throw new UndecodableImageException(
            ImageError.TOO_MANY_PIXELS,
            "decoding the image takes %d MiB of memory, more than the %d MiB there are for it"
                .formatted(need >> 20, all >> 20));
      }
      return asUnits(need);
    }

    private static int asUnits(long bytes) {
      return (int) Math.min(Integer.MAX_VALUE, bytes / UNIT);
    }
  }
}
