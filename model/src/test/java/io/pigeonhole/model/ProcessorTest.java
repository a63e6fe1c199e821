package io.pigeonhole.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.pigeonhole.model.Processor.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcessorTest {

  private static final String ZEN4 =
      """
      processor	: 0
      vendor_id	: AuthenticAMD
      cpu family	: 25
      model		: 17
      model name	: AMD EPYC 9R14: 96-Core
      flags		: fpu avx2 avx512f avx512bw avx512_bf16

      processor	: 1
      model name	: another
      """;

  @Test
  void saysWhatItIs() {
    Processor zen4 = Processor.of(ZEN4, "");
    assertThat(zen4.description())
        .isEqualTo("AMD EPYC 9R14: 96-Core (25-17, AVX512-BF16 without AMX)");
    assertThat(zen4.fileName()).isEqualTo("amd-25-17");
  }

  @Test
  void saysWhatLimitsIt() {
    Processor limited = Processor.of(ZEN4, " avx2 ");
    assertThat(limited.description())
        .isEqualTo("AMD EPYC 9R14: 96-Core (25-17, AVX2, ONEDNN_MAX_CPU_ISA=AVX2)");
    assertThat(limited.fileName()).isEqualTo("amd-25-17-avx2");
  }

  @ParameterizedTest
  @CsvSource({
    "AVX2 AVX512BW AVX512_BF16 AMX_BF16,,AMX",
    "AVX2 AVX512BW AVX512_BF16 AMX_BF16,ALL,AMX",
    "AVX2 AVX512BW AVX512_BF16 AMX_BF16,AVX512_CORE_AMX,AMX",
    "AVX2 AVX512BW AVX512_BF16 AMX_BF16,AVX10_1_512_AMX,AMX",
    "AVX2 AVX512BW AVX512_BF16 AMX_BF16,AVX10_1_512,AVX512_BF16",
    "AVX2 AVX512BW AVX512_BF16 AMX_BF16,AVX512_CORE_FP16,AVX512_BF16",
    "AVX2 AVX512BW AVX512_BF16 AMX_BF16,AVX512_CORE_BF16,AVX512_BF16",
    "AVX2 AVX512BW AVX512_BF16 AMX_BF16,AVX512_CORE_VNNI,AVX512",
    "AVX2 AVX512BW AVX512_BF16 AMX_BF16,AVX512_CORE,AVX512",
    "AVX2 AVX512BW AVX512_BF16 AMX_BF16,AVX2_VNNI,AVX2",
    "AVX2 AVX512BW AVX512_BF16 AMX_BF16,SSE41,OTHER",
    "AVX2 AVX512BW,,AVX512",
    "AVX2 AVX512BW,AVX512_CORE_AMX,AVX512",
    "AVX2,,AVX2",
    "SSE2,,OTHER"
  })
  void knowsHowItMultiplies(String flags, String limit, Kind kind) {
    String cpuinfo = "flags : " + flags.toLowerCase(java.util.Locale.ROOT);
    assertThat(Processor.of(cpuinfo, limit == null ? "" : limit).kind()).isEqualTo(kind);
  }

  @Test
  void isTheArchitectureWhereNothingElseIsKnown() {
    Processor unknown = Processor.of("", "");
    assertThat(unknown.name()).isEqualTo(System.getProperty("os.arch"));
    assertThat(unknown.description()).isEqualTo(System.getProperty("os.arch"));
    assertThat(unknown.kind()).isEqualTo(Kind.OTHER);
    assertThat(Processor.of("Features : fp asimd bf16\nCPU part : 0xd40", "").flags())
        .contains("bf16");
  }
}
