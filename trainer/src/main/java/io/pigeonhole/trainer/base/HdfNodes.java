package io.pigeonhole.trainer.base;

import io.jhdf.api.Group;
import io.jhdf.api.Node;
import java.util.Optional;

/** What lies at a path in an HDF5 file. */
final class HdfNodes {

  private HdfNodes() {}

  /** Nothing if it is not there, or if a link, maybe to another file, is on the way. */
  static Optional<Node> find(Group root, String path) {
    Node node = root;
    for (String name : path.split("/", -1)) {
      if (!(node instanceof Group group) || !group.getChildren().containsKey(name)) {
        return Optional.empty();
      }
      node = group.getChildren().get(name);
      if (node.isLink()) {
        return Optional.empty();
      }
    }
    return Optional.of(node);
  }
}
