package io.pigeonhole.trainer.base;

import java.io.IOException;
import java.util.List;

/** Where an HDF5 file of Keras keeps the arrays of its layers. */
interface LayerPaths {

  /** Paths of the next layer's arrays. */
  List<String> next(WeightLayer layer) throws IOException;

  /** Complains about layers that nobody has asked for. */
  void end() throws IOException;
}
