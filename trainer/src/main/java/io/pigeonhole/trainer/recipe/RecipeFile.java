package io.pigeonhole.trainer.recipe;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/** A recipe as somebody wrote it: YAML, a page long, and to be mistrusted. */
public final class RecipeFile {

  private static final int MOST_BYTES = 64 << 10;
  private static final int DEEPEST = 8;
  private static final String EXTENSION = "\\.ya?ml$";

  private RecipeFile() {}

  /**
   * Reads a recipe; its name is the file's.
   *
   * @throws InvalidRecipeException telling every mistake
   */
  public static Recipe read(Path file) throws IOException, InvalidRecipeException {
    String label = String.valueOf(file.getFileName());
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MOST_BYTES + 1);
    }
    if (bytes.length > MOST_BYTES) {
      throw single(label, 1, "is longer than %,d bytes: no recipe is".formatted(MOST_BYTES));
    }
    return parse(label.replaceFirst(EXTENSION, ""), label, text(label, bytes));
  }

  private static String text(String label, byte[] bytes) throws InvalidRecipeException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw single(label, 1, "is no text in UTF-8");
    }
  }

  /**
   * Reads a recipe.
   *
   * @param name to give it
   * @param label of the text in messages
   * @throws InvalidRecipeException telling every mistake
   */
  public static Recipe parse(String name, String label, String yaml) throws InvalidRecipeException {
    Mistakes mistakes = new Mistakes(label);
    Recipe recipe = new RecipeReader(mistakes).read(name, tree(label, yaml));
    mistakes.throwAny();
    return recipe;
  }

  private static Node tree(String label, String yaml) throws InvalidRecipeException {
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(label)
            .setCodePointLimit(MOST_BYTES)
            .setAllowDuplicateKeys(true) // told with the line by the one who reads the keys
            .build();
    try {
      requireShallow(label, settings, yaml);
      Optional<Node> tree = new Compose(settings).composeString(yaml);
      return tree.orElseThrow(() -> single(label, 1, "is empty; expected a recipe"));
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().or(e::getContextMark).map(Mark::getLine).orElse(0) + 1;
      throw single(label, line, "is no YAML here: " + e.getProblem());
    } catch (YamlEngineException e) {
      throw single(label, 1, "is no YAML: " + Scalar.shortened(String.valueOf(e.getMessage())));
    }
  }

  /** Looks at the pieces one by one: what is deep or repeats itself must not become a tree. */
  private static void requireShallow(String label, LoadSettings settings, String yaml)
      throws InvalidRecipeException {
    int depth = 0;
    for (Event event : new Parse(settings).parseString(yaml)) {
      int line = event.getStartMark().map(Mark::getLine).orElse(0) + 1;
      if (event instanceof AliasEvent) {
        throw single(label, line, "is a reference (*); a recipe says everything where it belongs");
      }
      if (event instanceof CollectionStartEvent && ++depth > DEEPEST) {
        throw single(label, line, "is nested more than %d deep".formatted(DEEPEST));
      }
      if (event instanceof CollectionEndEvent) {
        depth--;
      }
    }
  }

  private static InvalidRecipeException single(String label, int line, String text) {
    return new InvalidRecipeException(List.of("%s:%d: %s".formatted(label, line, text)));
  }
}
