/**
 * The part of the API that is about images in the bucket: their results, the pigeonholes they are
 * in, what people say about them, and how new ones get there.
 */
package io.pigeonhole.pigeonholes;
