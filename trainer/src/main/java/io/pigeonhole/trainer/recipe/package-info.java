/** What a training run does, as data. */
package io.pigeonhole.trainer.recipe;
