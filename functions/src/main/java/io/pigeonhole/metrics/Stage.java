package io.pigeonhole.metrics;

/** A part of an image's way of which the time is measured. */
public enum Stage {
  DOWNLOAD("DownloadMillis"),
  DECODE("DecodeMillis"),
  FORWARD("ForwardMillis"),
  WRITE("WriteMillis"),
  /** All of it, of a request to the API. */
  REQUEST("RequestMillis");

  private final String metric;

  Stage(String metric) {
    this.metric = metric;
  }

  /** As CloudWatch names it: milliseconds an image. */
  String metric() {
    return metric;
  }
}
