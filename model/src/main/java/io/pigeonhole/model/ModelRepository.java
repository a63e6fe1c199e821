package io.pigeonhole.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The versions of one model in a models bucket, and the pointer to the one in service. Versions are
 * never changed; the pointer moves by conditional writes, so that of two writers one is told.
 */
public final class ModelRepository {
  private final ModelStore store;
  private final ModelLayout layout;

  public ModelRepository(ModelStore store, String name) {
    this.store = store;
    this.layout = new ModelLayout(name);
  }

  /** The version in service, and the ETag by which to ask again. */
  public record Pointer(Manifest manifest, String etag) {}

  /** What became of the pointer since it was last read. */
  public sealed interface Revalidation {
    record Changed(Pointer pointer) implements Revalidation {}

    record Unchanged() implements Revalidation {}

    /** No version is in service. */
    record Missing() implements Revalidation {}

    /** Something is there that is no manifest. The ETag tells whether it has changed since. */
    record Invalid(InvalidManifestException cause, String etag) implements Revalidation {}
  }

  /** What came of moving the pointer. */
  public sealed interface Promotion {
    record Promoted() implements Promotion {}

    /** The gate did not let it through. */
    record Refused(String reason) implements Promotion {}

    /** Somebody else moved the pointer meanwhile; it stays where they put it. */
    record Conflict() implements Promotion {}
  }

  /**
   * The version in service; empty if none is.
   *
   * @throws InvalidManifestException if the pointer is no manifest of this model
   */
  public Optional<Pointer> current() throws IOException, InvalidManifestException {
    if (store.get(layout.current()) instanceof ModelStore.Fetched.Found found) {
      return Optional.of(new Pointer(parse(found.bytes()), found.etag()));
    }
    return Optional.empty();
  }

  /** Asks whether the pointer has moved, at the cost of one conditional GET. */
  public Revalidation revalidate(String etag) throws IOException {
    ModelStore.Fetched fetched = store.getIfChanged(layout.current(), etag);
    if (fetched instanceof ModelStore.Fetched.Found found) {
      try {
        return new Revalidation.Changed(new Pointer(parse(found.bytes()), found.etag()));
      } catch (InvalidManifestException e) {
        return new Revalidation.Invalid(e, found.etag());
      }
    }
    return fetched instanceof ModelStore.Fetched.Unchanged
        ? new Revalidation.Unchanged()
        : new Revalidation.Missing();
  }

  /** The published versions, oldest first: those that have a manifest. */
  public List<ModelVersion> versions() throws IOException {
    return store.list(layout.root()).stream()
        .flatMap(key -> layout.versionOf(key).stream())
        .sorted()
        .toList();
  }

  /**
   * The manifest of a published version.
   *
   * @throws NoSuchFileException if there is no such version
   */
  public Manifest manifest(ModelVersion version) throws IOException, InvalidManifestException {
    String key = layout.manifest(version);
    if (store.get(key) instanceof ModelStore.Fetched.Found found) {
      return parse(found.bytes());
    }
    throw new NoSuchFileException(key, null, "there is no version " + version);
  }

  /**
   * A file of a published version, to be closed by the caller.
   *
   * @throws NoSuchFileException if there is no such version or file
   */
  public InputStream open(ModelVersion version, String path) throws IOException {
    return store.open(layout.file(version, path));
  }

  /**
   * Brings what is needed to serve a version into a folder, and checks it on the way.
   *
   * @param folder exists, and is empty
   * @throws ModelRefusedException if a file is missing, or not of the size or SHA-256 that the
   *     manifest says
   */
  public void download(Manifest manifest, Path folder) throws IOException, ModelRefusedException {
    download(manifest, manifest.servingFiles(), folder);
  }

  /** The same of some of a version's files. */
  public void download(Manifest manifest, List<ModelFile> files, Path folder)
      throws IOException, ModelRefusedException {
    for (ModelFile file : files) {
      download(manifest.version(), file, folder.resolve(file.path()));
    }
  }

  /**
   * Uploads a version: its files first, its manifest last, so that it exists whole or not at all.
   *
   * @param folder holds the files that the manifest names
   * @throws ModelRefusedException if a file is not what the manifest says, or the version exists
   */
  public void publish(Manifest manifest, Path folder) throws IOException, ModelRefusedException {
    requireName(manifest);
    for (ModelFile file : manifest.files()) {
      ModelFile found = ModelFile.of(folder, folder.resolve(file.path()));
      if (!found.equals(file)) {
        throw new ModelRefusedException("the manifest says " + file + ", the folder has " + found);
      }
    }
    for (ModelFile file : manifest.files()) {
      store.put(layout.file(manifest.version(), file.path()), folder.resolve(file.path()));
    }
    String key = layout.manifest(manifest.version());
    if (!store.putIfMatch(key, manifest.toJson(), Optional.empty())) {
      throw new ModelRefusedException("version " + manifest.version() + " is published already");
    }
  }

  /**
   * Puts a published version into service, if the gate lets it.
   *
   * @throws NoSuchFileException if there is no such version
   * @throws InvalidManifestException if its manifest, or the pointer, is none
   */
  public Promotion promote(ModelVersion version, Gate gate)
      throws IOException, InvalidManifestException {
    Manifest candidate = manifest(version);
    Optional<Pointer> inService = current();
    if (inService.isPresent()) {
      Optional<String> refusal = gate.refusal(candidate, inService.get().manifest());
      if (refusal.isPresent()) {
        return new Promotion.Refused(refusal.get());
      }
    }
    Optional<String> etag = inService.map(Pointer::etag);
    return store.putIfMatch(layout.current(), candidate.toJson(), etag)
        ? new Promotion.Promoted()
        : new Promotion.Conflict();
  }

  private void download(ModelVersion version, ModelFile file, Path target)
      throws IOException, ModelRefusedException {
    String key = layout.file(version, file.path());
    Files.createDirectories(target.getParent());
    MessageDigest digest = Sha256.digest();
    try (InputStream in = store.open(key);
        OutputStream out = new DigestOutputStream(Files.newOutputStream(target), digest)) {
      long size = copy(in, out, file.size());
      if (size != file.size()) {
        throw new ModelRefusedException(
            "%s has %s bytes, its manifest says %d"
                .formatted(key, size > file.size() ? "more" : size, file.size()));
      }
    } catch (NoSuchFileException e) {
      throw new ModelRefusedException(key + " is missing", e);
    }
    String sha256 = HexFormat.of().formatHex(digest.digest());
    if (!sha256.equals(file.sha256())) {
      throw new ModelRefusedException(
          "%s has the SHA-256 %s, its manifest says %s".formatted(key, sha256, file.sha256()));
    }
  }

  /** Copies until the end, or until one byte more than expected was read. */
  private static long copy(InputStream in, OutputStream out, long expected) throws IOException {
    byte[] buffer = new byte[1 << 16];
    long copied = 0;
    while (copied <= expected) {
      int read = in.read(buffer, 0, (int) Math.min(buffer.length, expected + 1 - copied));
      if (read < 0) {
        break;
      }
      out.write(buffer, 0, read);
      copied += read;
    }
    return copied;
  }

  private Manifest parse(byte[] json) throws InvalidManifestException {
    Manifest manifest = Manifest.parse(json);
    if (!manifest.name().equals(layout.name())) {
      throw new InvalidManifestException(
          "the manifest's field name: '%s' is not the model's name, '%s'"
              .formatted(manifest.name(), layout.name()));
    }
    return manifest;
  }

  private void requireName(Manifest manifest) throws ModelRefusedException {
    if (!manifest.name().equals(layout.name())) {
      throw new ModelRefusedException(
          "the manifest is of '%s', this is the repository of '%s'"
              .formatted(manifest.name(), layout.name()));
    }
  }
}
