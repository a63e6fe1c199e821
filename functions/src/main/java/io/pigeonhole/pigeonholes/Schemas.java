package io.pigeonhole.pigeonholes;

import io.pigeonhole.api.Schema;
import io.pigeonhole.model.ReviewReason;
import java.util.Arrays;

/** What the answers about images look like. */
public final class Schemas {
  private Schemas() {}

  /** How sure a model is. */
  public static final Schema CONFIDENCE =
      Schema.share()
          .saying(
              "Calibrated: of labels with this confidence, so many are right. Of an unknown image it"
                  + " is less than the network's probability, by its novelty.");

  /** The likeliest labels, the likeliest first. */
  public static final Schema PREDICTIONS =
      Schema.array(
          Schema.object()
              .required("label", Schema.string())
              .required("confidence", CONFIDENCE)
              .named("Prediction"));

  /** Which model answered. */
  public static final Schema MODEL =
      Schema.object()
          .required("name", Schema.string())
          .required("version", Schema.string())
          .named("Model");

  /** Why a person should look. */
  public static final Schema REASON =
      Schema.oneOf(Arrays.stream(ReviewReason.values()).map(ReviewReason::code).toList())
          .saying(
              "With review: true. unsure: no label is likely enough. unknown: the image is unlike"
                  + " anything that the model learned, so it is in no pigeonhole.");

  /** How novel an image is. */
  public static final Schema NOVELTY =
      Schema.share()
          .saying(
              "The part of known images that are less novel than this one; from models that say so.");

  static final Schema KEY = Schema.string().saying("The image's key in the images bucket.");

  static final Schema LABEL =
      Schema.string()
          .saying(
              "One of the model's classes, or a new one: 1 to 128 bytes of letters, digits, signs"
                  + " and emoji of any script, spaces between them, but not / \\ < > \" | * ?");

  private static final Schema CORRECTION =
      Schema.object()
          .optional("label", Schema.string())
          .optional(
              "none", Schema.yes().saying("Instead of a label: the image shows none of them."))
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
          .optional(
              "label",
              Schema.string()
                  .saying("Left out if a person says that the image shows none of the labels."))
          .optional("confidence", Schema.share().saying("Of the label; 1 if a person said it."))
          .optional(
              "review", Schema.bool().saying("The label is a suggestion: a person should look."))
          .optional("reason", REASON)
          .optional("novelty", NOVELTY)
          .optional("correction", CORRECTION)
          .optional("predictions", PREDICTIONS)
          .optional("model", MODEL)
          .optional("error", ERROR)
          .required("labeledAt", Schema.string("date-time"))
          .optional("sequencer", Schema.string().saying("Orders the events of a key."))
          .optional("formerLabels", Schema.array(Schema.string()))
          .optional(
              "image", Schema.string("uri").saying("Where the image can be read for an hour."))
          .saying("Either what the model and people say, or an error.")
          .named("Result");

  /** A page of results. */
  static final Schema PAGE =
      Schema.object()
          .required("images", Schema.array(RESULT))
          .optional("nextCursor", Schema.string().saying("Of the next page, if there is one."))
          .named("Page");
}
