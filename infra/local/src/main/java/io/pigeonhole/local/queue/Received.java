package io.pigeonhole.local.queue;

/**
 * A message handed to a reader.
 *
 * @param receives how often it was, this time included
 */
public record Received(Message message, int receives) {}
