/**
 * S3 on one machine: <a href="https://github.com/adobe/S3Mock">S3Mock</a> 5.2.0 in this process,
 * the newest release, and what is needed around it so that Pigeonhole can be killed, asked by many
 * at once, and told of uploads. {@link S3Server} starts it, {@code S3ServerConfiguration} is the
 * only place that knows how the parts are wired.
 *
 * <p>Its other parts go when S3Mock does by itself what they are for, and then {@code S3ServerTest}
 * passes without them:
 *
 * <ul>
 *   <li>{@code JournaledBucketsJsonMapper} and {@code JournaledKeys}: an upload takes as long in a
 *       bucket of ten thousand objects as in an empty one. <i>Upstream: each request reads, and
 *       each new object rewrites, the JSON file with all keys of its bucket (bucketMetadata.json);
 *       a cache in memory with an append-only file beside it would do.</i>
 *   <li>{@code AtomicFilesJsonMapper}: a kill leaves each of S3Mock's JSON files as it was or as it
 *       is to be. <i>Upstream: metadata is written in place; a process that ends while it writes
 *       leaves a truncated file, with which the whole bucket cannot be read at the next start.
 *       Writing a temporary file and moving it atomically would do.</i>
 *   <li>{@code AtomicObjectFilter}, with {@code BufferedBody} and {@code FirstWrite}: reads and
 *       writes of one object do not overlap. <i>Upstream: of two PutObject requests with the same
 *       If-Match (or If-None-Match: *) at the same time, both can succeed, for the ETag is compared
 *       before the lock is taken; and a GetObject during an overwrite can answer with the headers
 *       of one content and the bytes of the other.</i>
 *   <li>{@code SemicolonFilter}: {@code a;b.jpg} is a key. <i>Upstream: an unencoded semicolon in a
 *       key is taken for the beginning of a path parameter, so the object is stored under the key
 *       before it.</i>
 *   <li>{@code TagLettersFilter}: tags have letters of all scripts. <i>Upstream: PutObjectTagging
 *       refuses letters outside of ASCII, which S3 allows in keys and values of tags.</i>
 *   <li>{@code CreationFilter} and {@code CreationListener}: somebody is told of each new object.
 *       S3Mock has no event notifications; <i>upstream: a Spring application event after PutObject,
 *       PostObject, CopyObject and CompleteMultipartUpload would be enough for those who embed
 *       it.</i>
 *   <li>{@code S3ServerConfiguration}: one port, on the loopback address. <i>Upstream: with {@code
 *       server.address} set, the second connector still listens on all addresses.</i>
 * </ul>
 *
 * <p>Looked at instead: <a href="https://github.com/gaul/s3proxy">S3Proxy</a>, whose README says
 * that it has neither tags nor versions of objects, both of which Pigeonhole needs.
 *
 * <p>{@link ObjectCreated} and {@link S3Event} are what is told, {@link S3Clients} the AWS SDK as a
 * user points it here.
 */
package io.pigeonhole.local.s3;
