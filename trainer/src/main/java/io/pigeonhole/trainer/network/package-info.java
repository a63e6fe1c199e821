/**
 * The network, defined once over where its weights come from: variables in training, constants in
 * serving.
 */
package io.pigeonhole.trainer.network;
