/** Trains a head on the features of a network of others, which are computed once. */
package io.pigeonhole.trainer.transfer;
