package io.pigeonhole.pigeonholes;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pigeonhole.api.Answer;
import io.pigeonhole.api.Cursor;
import io.pigeonhole.api.Level;
import io.pigeonhole.api.Operation;
import io.pigeonhole.api.Operation.Description;
import io.pigeonhole.api.ProblemException;
import io.pigeonhole.api.Request;
import io.pigeonhole.api.Schema;
import io.pigeonhole.label.ResultLayout;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The images of a list, a page at a time: one request to S3 for the page, and one for each of its
 * results.
 */
public final class ListImages {
  private static final int LIMIT = 50;
  private static final int MAX_LIMIT = 200;

  private final Listing listing;
  private final ImageResults results;
  private final SideBySide sideBySide;

  public ListImages(Listing listing, ImageResults results, SideBySide sideBySide) {
    this.listing = listing;
    this.results = results;
    this.sideBySide = sideBySide;
  }

  /** {@code GET /labels/{label}}, {@code GET /review} and {@code GET /corrections}. */
  public List<Operation> operations() {
    return List.of(
        paged(
                Operation.get("/labels/{label}", "listPigeonhole", Level.READ)
                    .saying("The images in a pigeonhole", "In the order of their keys.")
                    .inPath("label", Schemas.LABEL, "The label, percent-encoded."))
            .by(request -> page(request.captured("label"), request)),
        paged(
                Operation.get("/review", "listForReview", Level.READ)
                    .saying(
                        "The images that wait for a person",
                        "Those whose label is only a suggestion, because the model is unsure or the"
                            + " image is unknown, and about which nobody has said anything yet."))
            .by(request -> page(ResultLayout.REVIEW, request)),
        paged(
                Operation.get("/corrections", "listCorrections", Level.READ)
                    .saying(
                        "The images about which a person has said something",
                        "The next training learns from those with a label, and from none that shows"
                            + " none of the labels."))
            .by(request -> page(ResultLayout.CORRECTED, request)));
  }

  private static Description paged(Description description) {
    return description
        .inQuery("limit", Schema.integer(1, MAX_LIMIT), "How many at most; 50 if not given.")
        .inQuery("cursor", Schema.string(), "The nextCursor of the page before.")
        .answers("A page of results.", Schemas.PAGE);
  }

  private Answer page(String list, Request request) throws ProblemException, IOException {
    int limit = request.integer("limit", LIMIT, 1, MAX_LIMIT);
    Listing.Part part = listing.images(list, Cursor.of(request), limit);
    ObjectNode json = Answer.JSON.createObjectNode();
    ArrayNode images = json.putArray("images");
    StringBuilder etags = new StringBuilder();
    for (Optional<ImageResults.Told> told : sideBySide.each(part.names(), results::ofListed)) {
      told.ifPresent(result -> images.add(result.json()));
      told.ifPresent(result -> etags.append(results.etag(result)));
    }
    if (part.more()) {
      json.put("nextCursor", Cursor.after(part.names().get(part.names().size() - 1)));
    }
    String content = etags + "/" + part.names() + part.more();
    return Answer.json(json).identifiedBy(content);
  }
}
