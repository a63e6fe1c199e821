package io.pigeonhole.train;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pigeonhole.api.Answer;
import io.pigeonhole.api.Endpoint;
import io.pigeonhole.api.Level;
import io.pigeonhole.api.Operation;
import io.pigeonhole.api.Request;
import io.pigeonhole.api.Schema;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** {@code GET /bases}: what a training can begin with. */
public final class ListBases implements Endpoint {
  private final Bases bases;

  public ListBases(Bases bases) {
    this.bases = bases;
  }

  /** What it is. */
  public Operation operation() {
    Schema base =
        Schema.object()
            .required("name", Schema.string())
            .required("source", Schema.oneOf(List.of("known", "bucket")))
            .named("Base");
    return Operation.get("/bases", "listBases", Level.READ)
        .saying(
            "What a training can begin with",
            "Networks that others have trained on many images: `known` are those that the trainer"
                + " fetches by name from who publishes them, `bucket` those that the models bucket"
                + " keeps.")
        .answers(
            "The bases, by name.",
            Schema.object().required("bases", Schema.array(base)).named("Bases"))
        .by(this);
  }

  @Override
  public Answer answer(Request request) throws IOException {
    ObjectNode json = Answer.JSON.createObjectNode();
    ArrayNode all = json.putArray("bases");
    bases
        .all()
        .forEach(
            (name, source) ->
                all.addObject()
                    .put("name", name)
                    .put("source", source.name().toLowerCase(Locale.ROOT)));
    return Answer.json(json);
  }
}
