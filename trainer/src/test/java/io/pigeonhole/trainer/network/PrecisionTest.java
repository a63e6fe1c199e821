package io.pigeonhole.trainer.network;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrecisionTest {

  @Test
  void takesBfloat16WhereTheProcessorMultipliesIt() {
    assertThat(Precision.ofCpu("flags\t\t: fpu avx512f amx_bf16 sse"))
        .isEqualTo(Precision.BFLOAT16);
    assertThat(Precision.ofCpu("flags : fpu avx512_bf16")).isEqualTo(Precision.BFLOAT16);
  }

  @Test
  void takesFloat32Elsewhere() {
    assertThat(Precision.ofCpu("flags : fpu avx2 avx512f")).isEqualTo(Precision.FLOAT32);
    assertThat(Precision.ofCpu("model name : amx_bf16")).isEqualTo(Precision.FLOAT32);
    assertThat(Precision.ofCpu("")).isEqualTo(Precision.FLOAT32);
  }
}
