/**
 * What a trained model is, for those who make it and those who serve it: its {@link
 * io.pigeonhole.model.Manifest manifest}, its place in a bucket ({@link
 * io.pigeonhole.model.ModelRepository}), and what it must not be ({@link
 * io.pigeonhole.model.GraphPolicy}).
 */
package io.pigeonhole.model;
