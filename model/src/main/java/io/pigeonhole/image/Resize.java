package io.pigeonhole.image;

/** How an image of another size is brought to the network's. */
public enum Resize {
  CROP,
  STRETCH
}
