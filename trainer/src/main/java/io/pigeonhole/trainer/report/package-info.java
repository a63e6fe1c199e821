/** A page that shows how a training went, and what its model is worth. */
package io.pigeonhole.trainer.report;
