package io.pigeonhole.label;

import io.pigeonhole.label.Results.Stored;

/**
 * What is known of a key when the answer about its image is filed.
 *
 * @param result nothing is there, or it was not read: writing it finds out
 * @param untagged whether the image had no tags when it was read
 */
record Seen(Stored result, boolean untagged) {}
