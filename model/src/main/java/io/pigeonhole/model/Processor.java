package io.pigeonhole.model;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A processor, as far as it decides how numbers are computed. What is right and fast on one kind
 * may be wrong or slow on another, so figures and refusals name it.
 *
 * @param vendor as {@code CPUID} has it, such as {@code AuthenticAMD}; on other architectures than
 *     x86, the architecture
 * @param name for people
 * @param version family and model, as {@code 25-17}; empty if unknown
 * @param flags its instruction sets, by Linux's names, such as {@code avx512_bf16}
 * @param limit what the environment variable {@code ONEDNN_MAX_CPU_ISA} allows oneDNN to use of
 *     them, such as {@code AVX2}; empty if all
 */
public record Processor(
    String vendor, String name, String version, Set<String> flags, String limit) {

  private static final Path CPUINFO = Path.of("/proc/cpuinfo");
  private static final String LIMIT = "ONEDNN_MAX_CPU_ISA";
  private static final String OLDER_LIMIT = "DNNL_MAX_CPU_ISA";
  private static final Set<String> NO_LIMIT = Set.of("", "ALL", "DEFAULT");

  public Processor {
    flags = Set.copyOf(flags);
    limit = NO_LIMIT.contains(limit) ? "" : limit;
  }

  /** How a processor multiplies, the best first. */
  public enum Kind {
    /** Tiles of bfloat16: Intel's Sapphire Rapids and newer. */
    AMX("AMX"),
    /** Vectors of bfloat16: AMD's Zen 4 and newer, Intel's Cooper Lake. */
    AVX512_BF16("AVX512-BF16 without AMX"),
    /** 512 bits of float32. */
    AVX512("AVX-512 without bfloat16"),
    /** 256 bits of float32. */
    AVX2("AVX2"),
    /** Any other. */
    OTHER("no AVX2");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    @Override
    public String toString() {
      return words;
    }
  }

  /** The one that this process runs on. */
  public static Processor ofThisMachine() {
    Map<String, String> environment = System.getenv();
    String limit = environment.getOrDefault(LIMIT, environment.getOrDefault(OLDER_LIMIT, ""));
    try {
      return of(Files.readString(CPUINFO, StandardCharsets.UTF_8), limit);
    } catch (IOException notLinux) {
      return of("", limit);
    }
  }

  /**
   * The first one of a machine.
   *
   * @param cpuinfo the text of Linux's {@code /proc/cpuinfo}; empty if there is none
   * @param limit the value of {@code ONEDNN_MAX_CPU_ISA}; empty if it is not set
   */
  static Processor of(String cpuinfo, String limit) {
    Map<String, String> fields =
        cpuinfo
            .lines()
            .map(line -> line.split(":", 2))
            .filter(parts -> parts.length == 2)
            .collect(
                Collectors.toMap(p -> p[0].strip(), p -> p[1].strip(), (first, next) -> first));
    String architecture = System.getProperty("os.arch");
    String family = fields.getOrDefault("cpu family", "");
    String flags = fields.getOrDefault("flags", fields.getOrDefault("Features", ""));
    return new Processor(
        fields.getOrDefault("vendor_id", architecture),
        fields.getOrDefault("model name", architecture),
        family.isEmpty() ? "" : family + "-" + fields.getOrDefault("model", "0"),
        Set.copyOf(Arrays.stream(flags.split("\\s+")).collect(Collectors.toSet())),
        limit.strip().toUpperCase(Locale.ROOT));
  }

  /** How it multiplies, within the limit. */
  public Kind kind() {
    if (flags.contains("amx_bf16") && allows("AMX")) {
      return Kind.AMX;
    }
    if (flags.contains("avx512_bf16") && allows("AVX512_CORE_BF16")) {
      return Kind.AVX512_BF16;
    }
    if (flags.contains("avx512bw") && allows("AVX512_CORE")) {
      return Kind.AVX512;
    }
    return flags.contains("avx2") && allows("AVX2") ? Kind.AVX2 : Kind.OTHER;
  }

  /** oneDNN's limits contain the names of what they allow, but for the newest of them. */
  private boolean allows(String set) {
    boolean newest = limit.startsWith("AVX10") || limit.endsWith("FP16") || limit.contains("AMX");
    return limit.isEmpty()
        || limit.contains(set)
        || (newest && !set.equals("AMX"))
        || (set.equals("AVX2") && limit.startsWith("AVX512"));
  }

  /** What it is, in one line, such as {@code AMD EPYC (25-17, AVX512-BF16 without AMX)}. */
  public String description() {
    String set = vendor.equals(System.getProperty("os.arch")) ? "" : ", " + kind();
    String limited = limit.isEmpty() ? "" : ", " + LIMIT + "=" + limit;
    String inside = (version + set + limited).replaceFirst("^, ", "");
    return inside.isEmpty() ? name : "%s (%s)".formatted(name, inside);
  }

  /** A part of a file's name: {@code amd-25-17}, or {@code amd-25-17-avx2} within a limit. */
  public String fileName() {
    String maker = vendor.replaceFirst("^(Authentic|Genuine)", "");
    String all = String.join("-", maker, version, limit);
    return all.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
  }
}
