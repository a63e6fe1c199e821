package io.pigeonhole.local.queue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The messages of a queue as files: one in {@code queue/} from sending until it is dealt with, one
 * in {@code dead-letters/} when nothing could be done with it. A dead letter moved back to {@code
 * queue/} is tried again after the next start.
 */
public final class QueueFolder {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private final Path queue;
  private final Path deadLetters;

  /** Creates both folders under {@code data} when missing. */
  public QueueFolder(Path data) throws IOException {
    this.queue = Files.createDirectories(data.resolve("queue"));
    this.deadLetters = Files.createDirectories(data.resolve("dead-letters"));
  }

  /** Where a person finds what could not be delivered. */
  public Path deadLetters() {
    return deadLetters;
  }

  /** The messages kept, oldest first. A file that is not a message becomes a dead letter. */
  List<Message> load() throws IOException {
    List<Message> messages = new ArrayList<>();
    for (Path file : messageFiles(queue)) {
      try {
        messages.add(read(file));
      } catch (JacksonException | IllegalArgumentException e) {
        Files.move(
            file, deadLetters.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    return messages;
  }

  private static Message read(Path file) throws IOException {
    JsonNode json = JSON.readTree(Files.readAllBytes(file));
    if (!(json.path("event") instanceof ObjectNode event)) {
      throw new IllegalArgumentException(file + ": expected a field event with an object");
    }
    String name = file.getFileName().toString();
    return new Message(
        name.substring(0, name.length() - ".json".length()),
        Files.getLastModifiedTime(file).toInstant(),
        event);
  }

  /** The events of all messages, those of dead letters too. */
  public List<ObjectNode> events() throws IOException {
    List<ObjectNode> events = new ArrayList<>();
    for (Path folder : List.of(queue, deadLetters)) {
      for (Path file : messageFiles(folder)) {
        if (JSON.readTree(Files.readAllBytes(file)).path("event") instanceof ObjectNode event) {
          events.add(event);
        }
      }
    }
    return events;
  }

  private static List<Path> messageFiles(Path folder) throws IOException {
    try (Stream<Path> listing = Files.list(folder)) {
      return listing.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    }
  }

  void keep(Message message) throws IOException {
    write(file(message), content(message));
  }

  void forget(Message message) throws IOException {
    Files.deleteIfExists(file(message));
  }

  void bury(Message message, int receives, String lastError, Instant at) throws IOException {
    ObjectNode letter =
        content(message)
            .put("receiveCount", receives)
            .put("lastError", lastError)
            .put("deadSince", at.toString());
    write(deadLetters.resolve(message.id() + ".json"), letter);
    forget(message);
  }

  private static ObjectNode content(Message message) {
    ObjectNode content =
        JSON.createObjectNode()
            .put("messageId", message.id())
            .put("sentAt", message.sentAt().toString());
    content.set("event", message.event());
    return content;
  }

  private Path file(Message message) {
    return queue.resolve(message.id() + ".json");
  }

  /** Whole or not at all, whenever the process dies. */
  private static void write(Path file, ObjectNode content) throws IOException {
    Path part = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.write(part, JSON.writeValueAsBytes(content));
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException e) {
      throw new IOException("the folder " + file.getParent() + " is gone", e);
    }
  }
}
