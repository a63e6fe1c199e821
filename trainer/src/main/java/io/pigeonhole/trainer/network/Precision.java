package io.pigeonhole.trainer.network;

import io.pigeonhole.trainer.recipe.Numbers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/** The number format of what flows between a network's rows in training. Weights are float32. */
public enum Precision {
  /** Works everywhere. */
  FLOAT32(TFloat32.class),
  /** Two to three times as fast where the processor multiplies it, far slower where not. */
  BFLOAT16(TBfloat16.class);

  private static final Path CPU = Path.of("/proc/cpuinfo");

  private final Class<? extends TFloating> type;

  Precision(Class<? extends TFloating> type) {
    this.type = type;
  }

  Class<? extends TFloating> type() {
    return type;
  }

  /** What a recipe asks for. */
  public static Precision of(Numbers numbers) {
    return switch (numbers) {
      case AUTO -> ofThisMachine();
      case FLOAT32 -> FLOAT32;
      case BFLOAT16 -> BFLOAT16;
    };
  }

  /** The fastest that this machine's processor has instructions for. */
  public static Precision ofThisMachine() {
    try {
      return ofCpu(Files.readString(CPU, StandardCharsets.UTF_8));
    } catch (IOException notLinux) {
      return FLOAT32;
    }
  }

  /** The fastest for a processor, by the text of Linux's {@code /proc/cpuinfo}. */
  static Precision ofCpu(String cpuinfo) {
    return cpuinfo
            .lines()
            .filter(line -> line.startsWith("flags"))
            .map(line -> Arrays.asList(line.split("\\s+", -1)))
            .anyMatch(Precision::multipliesBfloat16)
        ? BFLOAT16
        : FLOAT32;
  }

  private static boolean multipliesBfloat16(List<String> flags) {
    return flags.contains("amx_bf16") || flags.contains("avx512_bf16");
  }
}
