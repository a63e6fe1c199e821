package io.pigeonhole.label;

/**
 * The object that a result is about, as it was read.
 *
 * @param versionId empty in a bucket without versions
 * @param etag empty if the object was gone
 * @param sequencer of the event that had it read; empty if that had none
 */
record ObjectVersion(String bucket, String key, String versionId, String etag, String sequencer) {}
