package io.pigeonhole.image;

/**
 * Bytes that decoding an image takes at its peak, the file's own not counted.
 *
 * @param heap of Java
 * @param outside of it, taken by TensorFlow
 */
record Memory(long heap, long outside) {}
