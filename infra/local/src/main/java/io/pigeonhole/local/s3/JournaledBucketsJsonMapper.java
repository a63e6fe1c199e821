package io.pigeonhole.local.s3;

import com.adobe.testing.s3mock.s3.model.BucketMetadata;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.json.JsonMapper;

/**
 * Keeps in memory what S3Mock has in one JSON file for each bucket, all its keys among it, which it
 * would otherwise read with each request and write with each new object: with ten thousand objects,
 * an upload would take a hundred times as long as with a few. New keys go into a journal, and from
 * there into the file at the next start.
 *
 * <p>S3Mock holds a lock of the bucket while it reads or writes the file.
 */
final class JournaledBucketsJsonMapper extends AtomicFilesJsonMapper {
  private static final long serialVersionUID = 1L;

  private final transient Map<Path, BucketMetadata> buckets = new ConcurrentHashMap<>();

  JournaledBucketsJsonMapper(JsonMapper.Builder settings) {
    super(settings);
  }

  @Override
  public <T> T readValue(File file, Class<T> type) {
    return type == BucketMetadata.class
        ? type.cast(buckets.computeIfAbsent(file.toPath(), this::open))
        : super.readValue(file, type);
  }

  @Override
  public void writeValue(File file, Object value) {
    if (!(value instanceof BucketMetadata bucket)) {
      super.writeValue(file, value);
    } else if (!bucket.equals(buckets.get(file.toPath()))) {
      // its settings have changed, or it is new
      super.writeValue(file, bucket);
      buckets.remove(file.toPath());
    }
  }

  /** Reads what is kept, and begins a new journal. */
  private BucketMetadata open(Path file) {
    Path journal = journal(file);
    BucketMetadata kept = super.readValue(file.toFile(), BucketMetadata.class);
    try {
      BucketMetadata bucket = with(new JournaledKeys(kept.getObjects(), journal), kept);
      if (Files.exists(journal)) {
        super.writeValue(file.toFile(), bucket);
        Files.delete(journal);
      }
      return bucket;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + journal + ": " + e.getMessage(), e);
    }
  }

  private static Path journal(Path file) {
    return file.resolveSibling("newKeys.jsonl");
  }

  private static BucketMetadata with(Map<String, UUID> keys, BucketMetadata bucket) {
    return new BucketMetadata(
        bucket.getName(),
        bucket.getCreationDate(),
        bucket.getVersioningConfiguration(),
        bucket.getObjectLockConfiguration(),
        bucket.getBucketLifecycleConfiguration(),
        bucket.getObjectOwnership(),
        bucket.getPath(),
        bucket.getBucketRegion(),
        bucket.getBucketInfo(),
        bucket.getLocationInfo(),
        keys);
  }
}
