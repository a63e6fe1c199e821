package io.pigeonhole.local.backfill;

import io.pigeonhole.local.backfill.BackfillJob.Completion;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** How a job is told of: a line at a time, for a person or for a program. */
interface JobLines {
  /** The media type of the lines. */
  String type();

  /** While it runs. */
  String running(long labeled, long withoutLabel, double perSecond);

  /**
   * At its end.
   *
   * @param report the address of its report
   */
  String done(Completion completion, String report);

  /** When it cannot go on. */
  String broken(String why);

  /** For a person. */
  record Text() implements JobLines {
    @Override
    public String type() {
      return "text/plain";
    }

    @Override
    public String running(long labeled, long withoutLabel, double perSecond) {
      return "%s, %.0f images/s".formatted(counts(labeled, withoutLabel), perSecond);
    }

    @Override
    public String done(Completion completion, String report) {
      String early =
          completion.ended().isEmpty() ? "" : "ended early: " + completion.ended() + "\n";
      return "%sdone: %s; the report: %s"
          .formatted(early, counts(completion.labeled(), completion.withoutLabel()), report);
    }

    @Override
    public String broken(String why) {
      return "the job ended: " + why;
    }

    private static String counts(long labeled, long withoutLabel) {
      return String.format(Locale.ROOT, "%,d labeled, %,d without a label", labeled, withoutLabel);
    }
  }

  /**
   * For a program: an object a line, whose {@code state} is running, done, ended-early or broken.
   */
  record Json() implements JobLines {
    /** As it is called where there is no standard. */
    static final String TYPE = "application/x-ndjson";

    @Override
    public String type() {
      return TYPE;
    }

    @Override
    public String running(long labeled, long withoutLabel, double perSecond) {
      return counts("running", labeled, withoutLabel)
          .put("imagesPerSecond", Math.round(perSecond))
          .toString();
    }

    @Override
    public String done(Completion completion, String report) {
      boolean early = !completion.ended().isEmpty();
      ObjectNode json =
          counts(early ? "ended-early" : "done", completion.labeled(), completion.withoutLabel());
      if (early) {
        json.put("reason", completion.ended());
      }
      return json.put("report", report).toString();
    }

    @Override
    public String broken(String why) {
      return state("broken").put("reason", why).toString();
    }

    private static ObjectNode counts(String state, long labeled, long withoutLabel) {
      return state(state).put("labeled", labeled).put("withoutLabel", withoutLabel);
    }

    private static ObjectNode state(String state) {
      return JsonMapper.shared().createObjectNode().put("state", state);
    }
  }
}
