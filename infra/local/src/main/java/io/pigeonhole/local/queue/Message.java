package io.pigeonhole.local.queue;

import java.time.Instant;
import tools.jackson.databind.node.ObjectNode;

/**
 * An event on its way to a function.
 *
 * @param id unique, and sorting by the time of sending
 */
public record Message(String id, Instant sentAt, ObjectNode event) {}
