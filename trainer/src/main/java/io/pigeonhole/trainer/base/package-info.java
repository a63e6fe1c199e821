/** Networks of others: brought to one form, whose features a head is trained on. */
package io.pigeonhole.trainer.base;
