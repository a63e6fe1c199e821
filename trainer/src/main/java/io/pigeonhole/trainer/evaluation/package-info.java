/**
 * What an exported model is worth: accuracy, calibration, and the confidence that can be trusted.
 */
package io.pigeonhole.trainer.evaluation;
