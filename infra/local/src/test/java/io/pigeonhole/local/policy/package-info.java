/**
 * What the functions and the trainer ask S3 for, beside what {@code infra/template.yaml} allows.
 */
package io.pigeonhole.local.policy;
