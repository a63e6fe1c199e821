/**
 * The settings, {@code pigeonhole.*} of MicroProfile Config: system properties, environment
 * variables ({@code PIGEONHOLE_MODELS_BUCKET} sets {@code pigeonhole.models.bucket}), {@code
 * application.properties}.
 */
package io.pigeonhole.config;
