/**
 * The program {@code pigeonhole}: the table of its commands, and those of them that do their work
 * either over the API or by a model or bucket that is at hand.
 */
package io.pigeonhole.program;
