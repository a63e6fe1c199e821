/** From trained weights to a published model version. */
package io.pigeonhole.trainer.artifact;
