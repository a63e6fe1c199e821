package io.pigeonhole.provide;

import io.pigeonhole.model.FolderModelStore;
import io.pigeonhole.model.InvalidManifestException;
import io.pigeonhole.model.Manifest;
import io.pigeonhole.model.ModelRefusedException;
import io.pigeonhole.model.ModelRepository;
import io.pigeonhole.model.ModelRepository.Pointer;
import io.pigeonhole.model.ModelRepository.Promotion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** The model that comes with the product, which serves until there is another. */
final class BundledModel {
  private static final String ANOTHER = "another version is in service";

  private final ModelRepository bundled;
  private final ModelRepository repository;
  private final String name;

  /**
   * One of a folder's.
   *
   * @param folder is laid out as a models bucket
   * @param name of the model
   * @param repository where it is to be
   */
  BundledModel(Path folder, String name, ModelRepository repository) {
    this.bundled = new ModelRepository(new FolderModelStore(folder), name);
    this.repository = repository;
    this.name = name;
  }

  /**
   * Publishes it and puts it into service, unless a version is in service there, which stays. It
   * stays, too, if it comes meanwhile.
   *
   * @return what was done, for people
   */
  String provide() throws IOException, InvalidManifestException, ModelRefusedException {
    Optional<Pointer> ours = bundled.current();
    if (ours.isEmpty()) {
      return "no model %s is bundled: it serves once it is published".formatted(name);
    }
    if (repository.current().isPresent()) {
      return ANOTHER;
    }
    Manifest manifest = ours.get().manifest();
    publish(manifest);
    Promotion promotion =
        repository.promote(manifest.version(), (candidate, inService) -> Optional.of(ANOTHER));
    return promotion instanceof Promotion.Promoted
        ? "%s %s is in service".formatted(name, manifest.version())
        : ANOTHER;
  }

  private void publish(Manifest manifest)
      throws IOException, InvalidManifestException, ModelRefusedException {
    Path copy = Files.createTempDirectory("bundled");
    try {
      bundled.download(manifest, manifest.files(), copy);
      repository.publish(manifest, copy);
    } catch (ModelRefusedException e) {
      // an attempt before this one was cut off
      if (!repository.versions().contains(manifest.version())) {
        throw e;
      }
    } finally {
      delete(copy);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
