package io.pigeonhole.local.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CallTest {
  private static final String SIGNED =
      "AWS4-HMAC-SHA256 Credential=label/20261121/us-east-1/s3/aws4_request, Signature=1";

  @Test
  void readsWhoAskedForWhat() {
    Call call = Call.read("200 GET /images/a%20b/c.jpg HTTP/1.1 - - - " + SIGNED);
    assertThat(call.caller()).isEqualTo("label");
    assertThat(call.needs())
        .containsExactly(new Permission("s3:GetObject", "arn:aws:s3:::images/a b/c.jpg"));
  }

  @Test
  void readsWhoSignedAnAddress() {
    Call call =
        Call.read(
            "200 PUT /images/a.jpg?X-Amz-Credential=classify%2F20261121%2Fus HTTP/1.1 - - - -");
    assertThat(call.caller()).isEqualTo("classify");
    assertThat(call.needs())
        .containsExactly(new Permission("s3:PutObject", "arn:aws:s3:::images/a.jpg"));
  }

  @Test
  void whoAsksForWhatIsNotThereHasToBeAllowedToList() {
    assertThat(Call.read("404 GET /models/a?x-id=GetObject HTTP/1.1 - - - " + SIGNED).needs())
        .containsExactly(
            new Permission("s3:GetObject", "arn:aws:s3:::models/a"),
            new Permission("s3:ListBucket", "arn:aws:s3:::models"));
  }

  @Test
  void whoReplacesWhatItHasSeenHasToBeAllowedToReadIt() {
    assertThat(Call.read("200 PUT /results/labels/a HTTP/1.1 \"1f\" - - " + SIGNED).needs())
        .containsExactly(
            new Permission("s3:PutObject", "arn:aws:s3:::results/labels/a"),
            new Permission("s3:GetObject", "arn:aws:s3:::results/labels/a"));
  }

  @Test
  void tellsTagsAndVersionsApart() {
    assertThat(Call.read("200 PUT /images/a?tagging&versionId=1 HTTP/1.1 - - - " + SIGNED).needs())
        .containsExactly(new Permission("s3:PutObjectVersionTagging", "arn:aws:s3:::images/a"));
    assertThat(Call.read("200 GET /images/a?tagging HTTP/1.1 - - - " + SIGNED).needs())
        .containsExactly(new Permission("s3:GetObjectTagging", "arn:aws:s3:::images/a"));
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    assertThatThrownBy(() -> Call.read("200 GET /images?acl HTTP/1.1 - - - " + SIGNED))
        .hasMessageContaining("acl");
  }

  @Test
  void aStarStandsForAnything() {
    Permission allowed = new Permission("s3:GetObject", "arn:aws:s3:::images/uploads/*");
    assertThat(allowed.allows(new Permission("s3:GetObject", "arn:aws:s3:::images/uploads/a/b")))
        .isTrue();
    assertThat(allowed.allows(new Permission("s3:GetObject", "arn:aws:s3:::images/uploads/\n")))
        .isTrue();
    assertThat(allowed.allows(new Permission("s3:GetObject", "arn:aws:s3:::images/a"))).isFalse();
    assertThat(allowed.allows(new Permission("s3:PutObject", "arn:aws:s3:::images/uploads/a")))
        .isFalse();
  }
}
