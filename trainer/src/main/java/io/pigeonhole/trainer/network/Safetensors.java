package io.pigeonhole.trainer.network;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat16;

/**
 * Named arrays of numbers in a file of the <a
 * href="https://huggingface.co/docs/safetensors">safetensors</a> format, which most frameworks read
 * and which can hold nothing but numbers and text.
 *
 * @param metadata texts that come with the arrays
 * @param shapes of the arrays, by name
 * @param weights their numbers, by name
 */
public record Safetensors(
    Map<String, String> metadata, Map<String, Shape> shapes, Weights weights) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String METADATA = "__metadata__";
  private static final int LENGTH = Long.BYTES;

  /** Of the format: longer headers are refused by its other readers, too. */
  private static final long LONGEST_HEADER = 100_000_000;

  /** How a number is stored. */
  enum Type {
    F16(Short.BYTES),
    F32(Float.BYTES);

    private final int bytes;

    Type(int bytes) {
      this.bytes = bytes;
    }

    private static Type of(String name) throws IOException {
      return Arrays.stream(values())
          .filter(type -> type.name().equals(name))
          .findFirst()
          .orElseThrow(
              () ->
                  new IOException(
                      "numbers of type '%s'; expected one of %s"
                          .formatted(name, Arrays.toString(values()))));
    }
  }

  /**
   * An array to be written.
   *
   * @param shape of the array
   * @param type of its numbers in the file
   * @param numbers in row-major order
   */
  @SuppressWarnings("ArrayRecordComponent") // written once, never compared
  record Entry(Shape shape, Type type, float[] numbers) {

    /** A row of numbers, as they are. */
    static Entry row(float[] numbers) {
      return new Entry(Shape.of(numbers.length), Type.F32, numbers);
    }

    private byte[] bytes() {
      byte[] result = new byte[numbers.length * type.bytes];
      if (type == Type.F16) {
        try (TFloat16 tensor = TFloat16.tensorOf(shape, DataBuffers.of(numbers))) {
          tensor.asRawTensor().data().read(result);
        }
      } else {
        littleEndian(result).asFloatBuffer().put(numbers);
      }
      return result;
    }
  }

  /**
   * Writes groups of weights, each number in four bytes, so that {@link #group} finds them again.
   *
   * @param groups by name, which must not contain a slash
   */
  public static void writeGroups(
      Map<String, String> metadata, Map<String, Weights> groups, Path file) throws IOException {
    Map<String, Entry> entries = new LinkedHashMap<>();
    groups.forEach(
        (group, weights) ->
            weights
                .names()
                .forEach(name -> entries.put(group + "/" + name, Entry.row(weights.get(name)))));
    write(metadata, entries, file);
  }

  /** The weights of a group, which are none if there is no such group. */
  public Weights group(String group) {
    Weights found = new Weights();
    for (String name : weights.names()) {
      if (name.startsWith(group + "/")) {
        found.put(name.substring(group.length() + 1), weights.get(name));
      }
    }
    return found;
  }

  /** Writes arrays and texts, in the given order. */
  static void write(Map<String, String> metadata, Map<String, Entry> entries, Path file)
      throws IOException {
    Map<String, Object> header = new LinkedHashMap<>();
    header.put(METADATA, new TreeMap<>(metadata));
    long offset = 0;
    for (Map.Entry<String, Entry> named : entries.entrySet()) {
      Entry entry = named.getValue();
      long end = offset + (long) entry.numbers().length * entry.type().bytes;
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("dtype", entry.type().name());
      fields.put("shape", entry.shape().asArray());
      fields.put("data_offsets", List.of(offset, end));
      header.put(named.getKey(), fields);
      offset = end;
    }
    byte[] json = padded(JSON.writeValueAsBytes(header));
    try (OutputStream out = Files.newOutputStream(file)) {
      byte[] length = new byte[LENGTH];
      littleEndian(length).putLong(json.length);
      out.write(length);
      out.write(json);
      for (Entry entry : entries.values()) {
        out.write(entry.bytes());
      }
    }
  }

  /** The format wants what follows the header to be aligned; spaces fill it up. */
  private static byte[] padded(byte[] json) {
    String text = new String(json, StandardCharsets.UTF_8);
    return (text + " ".repeat((LENGTH - json.length % LENGTH) % LENGTH))
        .getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Reads a file.
   *
   * @throws IOException if it is none of this format, saying what is wrong with it
   */
  public static Safetensors read(Path file) throws IOException {
    try {
      return parse(Files.readAllBytes(file));
    } catch (JsonProcessingException e) {
      throw new IOException(file + " is not a safetensors file: its header is no JSON", e);
    } catch (OutOfMemoryError e) {
      throw new IOException(file + " does not fit into memory", e);
    }
  }

  private static Safetensors parse(byte[] bytes) throws IOException {
    long length = bytes.length < LENGTH ? -1 : littleEndian(bytes).getLong();
    if (length < 2 || length > Math.min(LONGEST_HEADER, bytes.length - LENGTH)) {
      throw new IOException("not a safetensors file: it has no header, or only a part of it");
    }
    JsonNode header = JSON.readTree(bytes, LENGTH, (int) length);
    ByteBuffer numbers = littleEndian(bytes).position(LENGTH + (int) length).slice();
    numbers.order(ByteOrder.LITTLE_ENDIAN);
    Safetensors read = new Safetensors(new LinkedHashMap<>(), new LinkedHashMap<>(), new Weights());
    long taken = 0;
    for (Map.Entry<String, JsonNode> field : header.properties()) {
      if (field.getKey().equals(METADATA)) {
        field
            .getValue()
            .properties()
            .forEach(e -> read.metadata.put(e.getKey(), e.getValue().asText()));
      } else {
        taken += read.add(field.getKey(), field.getValue(), numbers);
        if (taken > numbers.capacity()) {
          throw new IOException("array '%s' overlaps others".formatted(field.getKey()));
        }
      }
    }
    return read;
  }

  /** How many bytes of the file it takes. */
  private long add(String name, JsonNode field, ByteBuffer numbers) throws IOException {
    Type type = Type.of(field.path("dtype").asText());
    long[] shape = new long[field.path("shape").size()];
    Arrays.setAll(shape, i -> field.path("shape").get(i).asLong(-1));
    long from = field.path("data_offsets").path(0).asLong(-1);
    long to = field.path("data_offsets").path(1).asLong(-1);
    long count = 1;
    for (long side : shape) {
      count = side < 0 || side > numbers.capacity() ? -1 : count * side;
      if (count < 0 || count > numbers.capacity()) {
        throw new IOException("array '%s' is larger than the file".formatted(name));
      }
    }
    if (from < 0 || to > numbers.capacity() || to - from != count * type.bytes) {
      throw new IOException(
          "array '%s' is said to lie at bytes %d to %d of %d, which does not fit its shape %s"
              .formatted(name, from, to, numbers.capacity(), Arrays.toString(shape)));
    }
    ByteBuffer part = numbers.slice((int) from, (int) (to - from)).order(ByteOrder.LITTLE_ENDIAN);
    shapes.put(name, Shape.of(shape));
    weights.put(name, numbers(type, Shape.of(shape), part));
    return to - from;
  }

  private static float[] numbers(Type type, Shape shape, ByteBuffer part) {
    float[] numbers = new float[(int) shape.size()];
    if (type == Type.F32) {
      part.asFloatBuffer().get(numbers);
      return numbers;
    }
    byte[] bytes = new byte[part.remaining()];
    part.get(bytes);
    try (TFloat16 tensor = Tensor.of(TFloat16.class, shape, DataBuffers.of(bytes))) {
      tensor.copyTo(DataBuffers.of(numbers));
    }
    return numbers;
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
