/**
 * A new models bucket: CloudFormation invokes {@link io.pigeonhole.provide.ProvideHandler} when it
 * is there, which puts the model into it that comes with the product.
 */
package io.pigeonhole.provide;
