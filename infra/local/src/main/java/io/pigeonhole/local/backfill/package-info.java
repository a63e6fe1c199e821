/**
 * Jobs over what a bucket has already, as S3 Batch Operations runs them: the same events to the
 * same function, the same answers understood, the same report.
 */
package io.pigeonhole.local.backfill;
