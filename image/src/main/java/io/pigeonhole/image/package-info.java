/**
 * An image's way from bytes to the network's pixels, the same in training and in serving. The
 * module's README says what is decoded of each format, by what, and what is decoded by hand and
 * why.
 */
package io.pigeonhole.image;
