/**
 * The API behind API Gateway: a request goes through {@link io.pigeonhole.classify.Router} to an
 * endpoint; whatever goes wrong is answered as a {@link io.pigeonhole.classify.Problem}.
 */
package io.pigeonhole.classify;
