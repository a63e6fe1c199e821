package io.pigeonhole.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * That TensorFlow's libraries still work is what the integration tests show: the build has bound
 * them.
 */
class OwnSymbolsTest {
  private static final int LOADED_TO = 0x10000;
  private static final int DYNAMIC = 192;
  private static final int SYMBOLS = 400;
  private static final int DATA = 600;
  private static final int CALLS = 800;
  private static final int END = 1000;

  private static final int ADDRESS = 1;
  private static final int GLOBAL_DATA = 6;
  private static final int JUMP_SLOT = 7;
  private static final int RELATIVE = 8;
  private static final int THREAD_LOCAL_MODULE = 16;

  private static final int OWN = 1;
  private static final int OWN_AND_WEAK = 2;
  private static final int OTHERS = 3;
  private static final int THREAD_LOCAL = 4;
  private static final int CHOSEN = 5;
  private static final int UNIQUE = 6;

  @TempDir private Path folder;

  /** Symbols of each kind, and a reference to each. */
  private static ByteBuffer library(int flags) {
    ByteBuffer elf = ByteBuffer.allocate(END).order(ByteOrder.LITTLE_ENDIAN);
    elf.putInt(0, 0x464c457f).putShort(4, (short) 0x102).putShort(18, (short) 62);
    elf.putLong(32, 64).putShort(54, (short) 56).putShort(56, (short) 2);
    programHeader(elf, 64, 1, 0, END);
    programHeader(elf, 120, 2, DYNAMIC, SYMBOLS - DYNAMIC);
    long[] dynamic = {
      6,
      LOADED_TO + SYMBOLS,
      7,
      LOADED_TO + DATA,
      8,
      8 * 24,
      0x6ffffff9,
      1,
      23,
      LOADED_TO + CALLS,
      2,
      2 * 24,
      30,
      flags
    };
    elf.position(DYNAMIC);
    for (long value : dynamic) {
      elf.putLong(value);
    }
    symbol(elf, OWN, 1, 2, 7, 0x500);
    symbol(elf, OWN_AND_WEAK, 2, 1, 8, 0x600);
    symbol(elf, OTHERS, 1, 2, 0, 0);
    symbol(elf, THREAD_LOCAL, 1, 6, 9, 0x10);
    symbol(elf, CHOSEN, 1, 10, 7, 0x700);
    symbol(elf, UNIQUE, 10, 1, 8, 0x800);
    elf.position(DATA);
    relocation(elf, RELATIVE, 0, 0x111);
    relocation(elf, ADDRESS, OTHERS, 2);
    relocation(elf, ADDRESS, OWN, 3);
    relocation(elf, GLOBAL_DATA, OWN_AND_WEAK, 4);
    relocation(elf, THREAD_LOCAL_MODULE, THREAD_LOCAL, 5);
    relocation(elf, GLOBAL_DATA, THREAD_LOCAL, 6);
    relocation(elf, ADDRESS, CHOSEN, 7);
    relocation(elf, ADDRESS, UNIQUE, 8);
    elf.position(CALLS);
    relocation(elf, JUMP_SLOT, OTHERS, 0);
    relocation(elf, JUMP_SLOT, OWN, 0);
    return elf;
  }

  private static void programHeader(ByteBuffer elf, int at, int type, int offset, int size) {
    elf.putInt(at, type).putLong(at + 8, offset).putLong(at + 16, LOADED_TO + offset);
    elf.putLong(at + 32, size);
  }

  private static void symbol(
      ByteBuffer elf, int index, int binding, int type, int section, long value) {
    int at = SYMBOLS + 24 * index;
    elf.put(at + 4, (byte) (binding << 4 | type)).putShort(at + 6, (short) section);
    elf.putLong(at + 8, value);
  }

  private static void relocation(ByteBuffer elf, int type, int symbol, long addend) {
    elf.putLong(0x2000 + elf.position()).putInt(type).putInt(symbol).putLong(addend);
  }

  /** Type, symbol and addend of each. */
  private static List<String> relocations(ByteBuffer elf, int start, int count) {
    List<String> relocations = new ArrayList<>();
    for (int at = start; at < start + 24 * count; at += 24) {
      relocations.add(
          "%d %d %x".formatted(elf.getInt(at + 8), elf.getInt(at + 12), elf.getLong(at + 16)));
    }
    return relocations;
  }

  private ByteBuffer bound(ByteBuffer elf) throws IOException {
    byte[] bytes = new byte[END];
    elf.get(0, bytes);
    Path file = Files.write(folder.resolve("library"), bytes);
    OwnSymbols.main(new String[] {folder.toString()});
    assertThat(folder)
        .isDirectoryContaining("glob:**/library")
        .isDirectoryNotContaining("glob:**.bound");
    return ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Test
  void whatALibraryHasItselfNeedsNoName() throws IOException {
    ByteBuffer bound = bound(library(8));
    assertThat(relocations(bound, DATA, 8))
        .containsExactly(
            "8 0 111", "8 0 503", "8 0 600", "1 3 2", "16 4 5", "6 4 6", "1 5 7", "1 6 8");
    assertThat(relocations(bound, CALLS, 2)).containsExactly("7 3 0", "8 0 500");
    assertThat(bound.getLong(DYNAMIC + 56)).as("relative ones").isEqualTo(3);
    assertThat(bound(bound)).isEqualTo(bound.rewind());
  }

  @Test
  void whatIsBoundAtTheFirstCallStaysSo() throws IOException {
    ByteBuffer bound = bound(library(0));
    assertThat(relocations(bound, CALLS, 2)).containsExactly("7 3 0", "7 1 0");
    assertThat(relocations(bound, DATA, 8)).contains("8 0 503");
  }

  @Test
  void whatIsNoSuchLibraryStaysAsItIs() throws IOException {
    ByteBuffer other = library(8).putShort(18, (short) 183);
    assertThat(bound(other.rewind())).isEqualTo(other.rewind());
    Path text = Files.writeString(folder.resolve("text"), "not a library".repeat(10));
    Path empty = Files.createFile(folder.resolve("empty"));
    OwnSymbols.main(new String[] {folder.toString()});
    assertThat(text).hasContent("not a library".repeat(10));
    assertThat(empty).isEmptyFile();
  }
}
