/** The command line. */
package io.pigeonhole.trainer.cli;
