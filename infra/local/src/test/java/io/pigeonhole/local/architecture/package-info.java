/** What {@code ARCHITECTURE.md} says of all modules, held to. */
package io.pigeonhole.local.architecture;
