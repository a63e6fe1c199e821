package io.pigeonhole.image;

/**
 * A decoded image, upright.
 *
 * @param width columns, at least 1
 * @param height rows, at least 1
 * @param rgb {@code uint8}, row-major, red, green and blue of each pixel: {@code width * height *
 *     3} bytes
 */
@SuppressWarnings("ArrayRecordComponent") // read, never compared
public record Pixels(int width, int height, byte[] rgb) {}
