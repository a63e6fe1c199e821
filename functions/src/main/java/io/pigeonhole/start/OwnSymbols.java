package io.pigeonhole.start;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Binds what shared libraries refer to in themselves when the functions are built, which the
 * dynamic linker would look up by name at each start:
 *
 * <pre>java -cp functions-runner.jar io.pigeonhole.start.OwnSymbols FOLDER</pre>
 *
 * <p>TensorFlow's have 320,000 such references, more than half of the processor time of loading
 * them. A process finds the same as before, as long as neither its program nor what that is linked
 * to (the C library) has a symbol of the same name. What is in other libraries stays as it is, and
 * so does what a process may have only once, what each thread has of its own, and what a function
 * chooses.
 *
 * @see <a href="https://refspecs.linuxfoundation.org/elf/gabi4+/ch5.dynamic.html">ELF, dynamic
 *     linking</a>
 */
final class OwnSymbols {
  private static final int MAGIC = 0x464c457f;
  private static final short LITTLE_ENDIAN_64_BITS = 0x102;
  private static final short X86_64 = 62;

  private static final int PROGRAM_HEADERS = 56;

  // of the program header
  private static final int LOADED = 1;
  private static final int DYNAMIC = 2;

  // of the dynamic section
  private static final long CALLS_SIZE = 2;
  private static final long SYMBOLS = 6;
  private static final long RELOCATIONS = 7;
  private static final long RELOCATIONS_SIZE = 8;
  private static final long CALLS = 23;
  private static final long BIND_NOW = 24;
  private static final long FLAGS = 30;
  private static final long FLAG_NOW = 8;
  private static final long FLAGS_1 = 0x6ffffffb;
  private static final long FLAG_1_NOW = 1;
  private static final long RELATIVE_COUNT = 0x6ffffff9;

  // of relocations
  private static final int ADDRESS = 1;
  private static final int GLOBAL_DATA = 6;
  private static final int JUMP_SLOT = 7;
  private static final int RELATIVE = 8;
  private static final int RELOCATION_BYTES = 24;

  // of symbols
  private static final int GLOBAL = 1;
  private static final int WEAK = 2;
  private static final int THREAD_LOCAL = 6;
  private static final int CHOSEN = 10;
  private static final int RESERVED_SECTIONS = 0xff00;
  private static final int SYMBOL_BYTES = 24;

  private final ByteBuffer elf;

  /** Where in the file the dynamic section has its values. */
  private final Map<Long, Integer> dynamic = new HashMap<>();

  private int bound;

  private OwnSymbols(ByteBuffer elf) {
    this.elf = elf;
    for (int i = 0; i < elf.getShort(PROGRAM_HEADERS); i++) {
      int header = programHeader(i);
      if (elf.getInt(header) == DYNAMIC) {
        int entry = Math.toIntExact(elf.getLong(header + 8));
        for (; elf.getLong(entry) != 0; entry += 16) {
          dynamic.put(elf.getLong(entry), entry + 8);
        }
      }
    }
  }

  /** Binds each library of a folder; what is none for 64-bit x86 stays as it is. */
  public static void main(String[] folder) throws IOException {
    List<Path> files;
    try (Stream<Path> list = Files.list(Path.of(folder[0]))) {
      files = list.filter(Files::isRegularFile).toList();
    }
    for (Path file : files) {
      int bound = bind(file);
      if (bound > 0) {
        System.out.printf("%s: %,d symbols bound%n", file.getFileName(), bound);
      }
    }
  }

  /** Binds a library, and says how many references that were. */
  static int bind(Path library) throws IOException {
    ByteBuffer elf = copyOnWrite(library);
    if (!isX86(elf)) {
      return 0;
    }
    OwnSymbols symbols = new OwnSymbols(elf);
    symbols.bindData();
    symbols.bindCalls();
    if (symbols.bound > 0) {
      // whole or not at all: a build may be broken off
      Path changed = library.resolveSibling(library.getFileName() + ".bound");
      try (FileChannel out =
          FileChannel.open(
              changed,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        while (elf.hasRemaining()) {
          out.write(elf);
        }
      }
      Files.move(changed, library, StandardCopyOption.ATOMIC_MOVE);
    }
    return symbols.bound;
  }

  private static ByteBuffer copyOnWrite(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return channel
          .map(FileChannel.MapMode.PRIVATE, 0, channel.size())
          .order(ByteOrder.LITTLE_ENDIAN);
    }
  }

  private static boolean isX86(ByteBuffer elf) {
    return elf.limit() > 64
        && elf.getInt(0) == MAGIC
        && elf.getShort(4) == LITTLE_ENDIAN_64_BITS
        && elf.getShort(18) == X86_64;
  }

  private void bindData() {
    if (!dynamic.containsKey(RELOCATIONS)) {
      return;
    }
    int start = offset(value(RELOCATIONS));
    int size = Math.toIntExact(value(RELOCATIONS_SIZE));
    bind(start, size);
    // the linker is fastest with those that need no symbol where they are the first
    ByteBuffer all = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    all.put(0, elf, start, size);
    int next = start;
    for (boolean first : new boolean[] {true, false}) {
      for (int at = 0; at < size; at += RELOCATION_BYTES) {
        if ((all.getInt(at + 8) == RELATIVE) == first) {
          elf.put(next, all, at, RELOCATION_BYTES);
          next += RELOCATION_BYTES;
        }
      }
      if (first && dynamic.containsKey(RELATIVE_COUNT)) {
        elf.putLong(dynamic.get(RELATIVE_COUNT), (next - start) / RELOCATION_BYTES);
      }
    }
  }

  /** Binds what is called, unless that is bound at the first call only, by its place here. */
  private void bindCalls() {
    boolean atOnce =
        dynamic.containsKey(BIND_NOW)
            || (valueOrZero(FLAGS) & FLAG_NOW) != 0
            || (valueOrZero(FLAGS_1) & FLAG_1_NOW) != 0;
    if (atOnce && dynamic.containsKey(CALLS)) {
      bind(offset(value(CALLS)), Math.toIntExact(value(CALLS_SIZE)));
    }
  }

  private void bind(int start, int size) {
    for (int at = start; at < start + size; at += RELOCATION_BYTES) {
      int type = elf.getInt(at + 8);
      int index = elf.getInt(at + 12);
      if (type != ADDRESS && type != GLOBAL_DATA && type != JUMP_SLOT) {
        continue;
      }
      int symbol = offset(value(SYMBOLS)) + index * SYMBOL_BYTES;
      if (isOwn(symbol)) {
        long addend = type == ADDRESS ? elf.getLong(at + 16) : 0;
        elf.putInt(at + 8, RELATIVE);
        elf.putInt(at + 12, 0);
        elf.putLong(at + 16, elf.getLong(symbol + 8) + addend);
        bound++;
      }
    }
  }

  private boolean isOwn(int symbol) {
    int binding = (elf.get(symbol + 4) >> 4) & 0xf;
    int type = elf.get(symbol + 4) & 0xf;
    int section = Short.toUnsignedInt(elf.getShort(symbol + 6));
    return section > 0
        && section < RESERVED_SECTIONS
        && (binding == GLOBAL || binding == WEAK)
        && type != THREAD_LOCAL
        && type != CHOSEN;
  }

  private long value(long tag) {
    return elf.getLong(dynamic.get(tag));
  }

  private long valueOrZero(long tag) {
    return dynamic.containsKey(tag) ? value(tag) : 0;
  }

  /** Where in the file is what is loaded to an address. */
  private int offset(long address) {
    for (int i = 0; i < elf.getShort(PROGRAM_HEADERS); i++) {
      int header = programHeader(i);
      long from = elf.getLong(header + 16);
      if (elf.getInt(header) == LOADED
          && address >= from
          && address < from + elf.getLong(header + 32)) {
        return Math.toIntExact(address - from + elf.getLong(header + 8));
      }
    }
    throw new IllegalArgumentException("nothing is at the address " + address);
  }

  private int programHeader(int index) {
    return Math.toIntExact(elf.getLong(32)) + index * elf.getShort(54);
  }
}
