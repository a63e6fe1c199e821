package io.pigeonhole.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A JSON Schema, built up from smaller ones. Those that have a name are written once, among the
 * components of the document, and referred to from wherever they are used.
 */
public final class Schema {
  private final String name;
  private final ObjectNode json;
  private final List<Schema> parts;

  private Schema(String name, ObjectNode json, List<Schema> parts) {
    this.name = name;
    this.json = json;
    this.parts = List.copyOf(parts);
  }

  public static Schema string() {
    return type("string");
  }

  /** A string with a format of JSON Schema, such as {@code date-time}. */
  public static Schema string(String format) {
    return type("string").put("format", format);
  }

  /** One of a few strings. */
  public static Schema oneOf(List<String> values) {
    Schema schema = type("string");
    ArrayNode words = schema.json.putArray("enum");
    values.forEach(words::add);
    return schema;
  }

  public static Schema bool() {
    return type("boolean");
  }

  /** True, where nothing else may stand. */
  public static Schema yes() {
    Schema schema = type("boolean");
    schema.json.put("const", true);
    return schema;
  }

  public static Schema integer(long min, long max) {
    Schema schema = type("integer");
    schema.json.put("minimum", min).put("maximum", max);
    return schema;
  }

  public static Schema count() {
    Schema schema = type("integer");
    schema.json.put("minimum", 0);
    return schema;
  }

  /** A number from 0 to 1. */
  public static Schema share() {
    Schema schema = type("number");
    schema.json.put("minimum", 0).put("maximum", 1);
    return schema;
  }

  public static Schema number() {
    return type("number");
  }

  /** Bytes, as they are. */
  public static Schema bytes() {
    return new Schema("", Answer.JSON.createObjectNode(), List.of());
  }

  public static Schema array(Schema items) {
    ObjectNode json = Answer.JSON.createObjectNode().put("type", "array");
    json.set("items", items.use());
    return new Schema("", json, List.of(items));
  }

  /** An object; {@link #required} and {@link #optional} add its fields. */
  public static Schema object() {
    Schema schema = type("object");
    schema.json.putObject("properties");
    return schema;
  }

  /** The same with a field that is always there. */
  public Schema required(String field, Schema value) {
    Schema more = optional(field, value);
    more.json.withArray("required").add(field);
    return more;
  }

  /** The same with a field that may be left out. */
  public Schema optional(String field, Schema value) {
    ObjectNode copy = json.deepCopy();
    copy.withObject("properties").set(field, value.use());
    List<Schema> more = new ArrayList<>(parts);
    more.add(value);
    return new Schema(name, copy, more);
  }

  /** The same with an explanation. */
  public Schema saying(String description) {
    return put("description", description);
  }

  /** The same with a name, under which it is written once. */
  public Schema named(String component) {
    return new Schema(component, json, parts);
  }

  private Schema put(String field, String value) {
    return new Schema(name, json.deepCopy().put(field, value), parts);
  }

  private static Schema type(String type) {
    return new Schema("", Answer.JSON.createObjectNode().put("type", type), List.of());
  }

  /** What stands where the schema is used: itself, or a reference. */
  ObjectNode use() {
    return name.isEmpty()
        ? json
        : Answer.JSON.createObjectNode().put("$ref", "#/components/schemas/" + name);
  }

  /** Adds all that have names, here and below. */
  void collect(Map<String, ObjectNode> components) {
    if (!name.isEmpty()) {
      components.put(name, json);
    }
    parts.forEach(part -> part.collect(components));
  }
}
