/** An image's way from bytes to the network's pixels, the same in training and in serving. */
package io.pigeonhole.image;
