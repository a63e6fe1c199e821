package io.pigeonhole.pigeonholes;

import io.pigeonhole.api.Schema;

/** What the answers about images look like. */
public final class Schemas {
  private Schemas() {}

  /** The likeliest labels, the likeliest first. */
  public static final Schema PREDICTIONS =
      Schema.array(
          Schema.object()
              .required("label", Schema.string())
              .required("confidence", Schema.share())
              .named("Prediction"));

  /** Which model answered. */
  public static final Schema MODEL =
      Schema.object()
          .required("name", Schema.string())
          .required("version", Schema.string())
          .named("Model");

  static final Schema KEY = Schema.string().saying("The image's key in the images bucket.");

  static final Schema LABEL =
      Schema.string()
          .saying(
              "One of the model's classes, or a new one: 1 to 128 bytes of letters, digits, signs"
                  + " and emoji of any script, spaces between them, but not / \\ < > \" | * ?");

  private static final Schema CORRECTION =
      Schema.object()
          .required("label", Schema.string())
          .required("at", Schema.string("date-time"))
          .saying("What a person says the label is.")
          .named("Correction");

  private static final Schema ERROR =
      Schema.object()
          .required(
              "code",
              Schema.string()
                  .saying(
                      "not-an-image, unsupported-format, corrupt, too-large, too-many-pixels, empty,"
                          + " archived or gone"))
          .required("message", Schema.string())
          .named("ImageError");

  /** What became of an image. */
  static final Schema RESULT =
      Schema.object()
          .required("bucket", Schema.string())
          .required("key", KEY)
          .optional("versionId", Schema.string())
          .optional("etag", Schema.string().saying("Of the content that the result is about."))
          .optional("label", Schema.string())
          .optional(
              "confidence", Schema.share().saying("Calibrated; 1 if a person said the label."))
          .optional(
              "review", Schema.bool().saying("The label is a suggestion: a person should look."))
          .optional("correction", CORRECTION)
          .optional("predictions", PREDICTIONS)
          .optional("model", MODEL)
          .optional("error", ERROR)
          .required("labeledAt", Schema.string("date-time"))
          .optional("sequencer", Schema.string().saying("Orders the events of a key."))
          .optional("formerLabels", Schema.array(Schema.string()))
          .optional(
              "image", Schema.string("uri").saying("Where the image can be read for an hour."))
          .saying("Either a label and what goes with it, or an error.")
          .named("Result");

  /** A page of results. */
  static final Schema PAGE =
      Schema.object()
          .required("images", Schema.array(RESULT))
          .optional("nextCursor", Schema.string().saying("Of the next page, if there is one."))
          .named("Page");
}
