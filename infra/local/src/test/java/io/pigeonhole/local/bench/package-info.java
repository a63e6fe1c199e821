/**
 * Programs that {@link io.pigeonhole.local.SpeedIT} measures beside the functions, each in a
 * process of its own, with the functions' libraries.
 */
package io.pigeonhole.local.bench;
