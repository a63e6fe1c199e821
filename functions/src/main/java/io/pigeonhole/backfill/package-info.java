/**
 * A bucket that was full before the functions came: S3 Batch Operations walks it, and invokes
 * {@link io.pigeonhole.backfill.BackfillHandler} for its objects, which takes them the way of an
 * uploaded image.
 */
package io.pigeonhole.backfill;
