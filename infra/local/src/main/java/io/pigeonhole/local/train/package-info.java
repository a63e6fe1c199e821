/**
 * Trainings on this machine: as much of AWS Batch as the function {@code train} asks for, its jobs
 * processes of the packaged trainer.
 */
package io.pigeonhole.local.train;
