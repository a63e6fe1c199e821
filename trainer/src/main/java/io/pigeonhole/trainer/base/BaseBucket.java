package io.pigeonhole.trainer.base;

import io.pigeonhole.model.ModelFile;
import io.pigeonhole.model.ModelRefusedException;
import io.pigeonhole.model.ModelStore;
import io.pigeonhole.trainer.base.SavedModelImport.Wishes;
import io.pigeonhole.trainer.data.Digests;
import io.pigeonhole.trainer.recipe.BaseGraph;
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
import java.util.OptionalInt;

/**
 * The bases that a models bucket keeps, {@code bases/NAME/}: a SavedModel each, frozen, bytes in,
 * features out, and a record of it, which is written last.
 *
 * @param store objects of the bucket
 */
public record BaseBucket(ModelStore store) {

  private static final String FOLDER = "bases/";
  private static final String RECORD = "/base.json";
  private static final String SAVED_MODEL = "saved_model.pb";

  /** The records of all. */
  public List<String> names() throws IOException {
    return store.list(FOLDER).stream()
        .filter(key -> key.endsWith(RECORD))
        .map(key -> key.substring(FOLDER.length(), key.length() - RECORD.length()))
        .toList();
  }

  /** The record of a base, if the bucket has it. */
  public Optional<BaseRecord> record(String name) throws IOException {
    String key = FOLDER + name + RECORD;
    return store.get(key) instanceof ModelStore.Fetched.Found found
        ? Optional.of(BaseRecord.parse(found.bytes(), key))
        : Optional.empty();
  }

  /**
   * Reads a base.
   *
   * @param folder for its file, empty
   * @throws ModelRefusedException if it is not what its record says, or cannot be a base
   */
  public BaseGraph read(BaseRecord base, Path folder) throws IOException, ModelRefusedException {
    String key = FOLDER + base.name() + "/" + SAVED_MODEL;
    Path file = folder.resolve(SAVED_MODEL);
    MessageDigest digest = Digests.sha256();
    try (InputStream in = store.open(key);
        OutputStream out = new DigestOutputStream(Files.newOutputStream(file), digest)) {
      byte[] buffer = new byte[1 << 16];
      long left = base.bytes() + 1; // one more tells that there is more
      for (int read = in.read(buffer, 0, most(buffer, left));
          read > 0 && left > 0;
          read = in.read(buffer, 0, most(buffer, left))) {
        out.write(buffer, 0, read);
        left -= read;
      }
    } catch (NoSuchFileException e) {
      throw new ModelRefusedException(key + " is missing", e);
    }
    String sha256 = HexFormat.of().formatHex(digest.digest());
    if (!sha256.equals(base.sha256())) {
      throw new ModelRefusedException(
          "%s has the SHA-256 %s, its record says %s".formatted(key, sha256, base.sha256()));
    }
    return SavedModelImport.of(
        folder, new Wishes(OptionalInt.of(base.size()), Optional.empty(), Optional.empty()));
  }

  private static int most(byte[] buffer, long left) {
    return (int) Math.min(buffer.length, left);
  }

  /**
   * Keeps a base, in the place of the one that has this name, if there is one.
   *
   * @param source where it came from, for people
   * @param licence for people; may be empty
   * @param folder for its file, empty
   * @throws IOException if it cannot be written, or somebody else writes it
   */
  public BaseRecord write(String name, BaseGraph base, String source, String licence, Path folder)
      throws IOException {
    Path file = folder.resolve(SAVED_MODEL);
    BaseFile.write(base, file);
    ModelFile written = ModelFile.of(folder, file);
    BaseRecord record =
        new BaseRecord(
            name, source, licence, base.size(), base.count(), written.size(), written.sha256());
    String key = FOLDER + name + RECORD;
    Optional<String> etag =
        store.get(key) instanceof ModelStore.Fetched.Found found
            ? Optional.of(found.etag())
            : Optional.empty();
    store.put(FOLDER + name + "/" + SAVED_MODEL, file);
    if (!store.putIfMatch(key, record.toJson(), etag)) {
      throw new IOException(key + " was written by somebody else at the same time");
    }
    return record;
  }
}
