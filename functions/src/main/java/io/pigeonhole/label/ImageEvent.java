package io.pigeonhole.label;

/**
 * An image was put into a bucket.
 *
 * @param key as the uploader wrote it, decoded
 * @param sequencer orders the events of this key; empty if the event has none
 */
record ImageEvent(String bucket, String key, String sequencer) {}
