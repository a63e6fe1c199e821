package io.pigeonhole.pigeonholes;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pigeonhole.api.Answer;
import io.pigeonhole.api.Cursor;
import io.pigeonhole.api.Endpoint;
import io.pigeonhole.api.Level;
import io.pigeonhole.api.Operation;
import io.pigeonhole.api.ProblemException;
import io.pigeonhole.api.Request;
import io.pigeonhole.api.Schema;
import io.pigeonhole.label.ResultLayout;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * {@code GET /labels}: the pigeonholes and how full they are. S3 has no counts, so at most 1,000
 * images of each are counted: one request to S3 a pigeonhole, however full it is.
 */
public final class CountLabels implements Endpoint {
  private static final int LIMIT = 100;
  private static final Schema COUNT =
      Schema.object()
          .required("count", Schema.count().saying("Up to 1000."))
          .required("more", Schema.bool().saying("There are more than were counted."))
          .named("Count");
  private static final Schema LABEL_COUNT =
      Schema.object()
          .required("label", Schema.string())
          .required("count", Schema.count().saying("Up to 1000."))
          .required("more", Schema.bool().saying("There are more than were counted."))
          .required("known", Schema.bool().saying("Whether it is a class of the model in service."))
          .named("LabelCount");

  private final Listing listing;
  private final Classes classes;
  private final SideBySide sideBySide;

  /** Who knows the labels that the model in service gives. */
  @FunctionalInterface
  public interface Classes {
    /** In the model's order; none if no model is in service. */
    List<String> inService() throws IOException;
  }

  public CountLabels(Listing listing, Classes classes, SideBySide sideBySide) {
    this.listing = listing;
    this.classes = classes;
    this.sideBySide = sideBySide;
  }

  /** What it is. */
  public Operation operation() {
    return Operation.get("/labels", "listLabels", Level.READ)
        .saying(
            "The pigeonholes, and how full they are",
            "The classes of the model in service, and the labels that images have from other"
                + " models or from people; in alphabetical order. Of each, up to 1,000 images are"
                + " counted.")
        .inQuery("limit", Schema.integer(1, LIMIT), "How many at most; 100 if not given.")
        .inQuery("cursor", Schema.string(), "The nextCursor of the page before.")
        .answers(
            "A page of pigeonholes.",
            Schema.object()
                .required("labels", Schema.array(LABEL_COUNT))
                .required("review", COUNT)
                .required("corrected", COUNT)
                .optional("nextCursor", Schema.string())
                .named("Labels"))
        .by(this);
  }

  @Override
  public Answer answer(Request request) throws ProblemException, IOException {
    int limit = request.integer("limit", LIMIT, 1, LIMIT);
    List<String> known = classes.inService();
    TreeSet<String> all = new TreeSet<>(listing.labels().names());
    all.addAll(known);
    List<String> rest = List.copyOf(all.tailSet(Cursor.of(request), false));
    List<String> page = rest.subList(0, Math.min(limit, rest.size()));

    List<String> lists = new ArrayList<>(page);
    lists.add(ResultLayout.REVIEW);
    lists.add(ResultLayout.CORRECTED);
    List<Listing.Part> counted =
        sideBySide.each(lists, list -> listing.images(list, "", Listing.MAX));

    ObjectNode json = Answer.JSON.createObjectNode();
    ArrayNode labels = json.putArray("labels");
    for (int i = 0; i < page.size(); i++) {
      boolean inService = known.contains(page.get(i));
      if (inService || !counted.get(i).names().isEmpty()) { // else of images outside of the prefix
        ObjectNode label = labels.addObject().put("label", page.get(i));
        put(label, counted.get(i)).put("known", inService);
      }
    }
    put(json.putObject("review"), counted.get(page.size()));
    put(json.putObject("corrected"), counted.get(page.size() + 1));
    if (page.size() < rest.size()) {
      json.put("nextCursor", Cursor.after(page.get(page.size() - 1)));
    }
    return Answer.json(json);
  }

  private static ObjectNode put(ObjectNode json, Listing.Part counted) {
    return json.put("count", counted.names().size()).put("more", counted.more());
  }
}
