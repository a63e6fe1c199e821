/**
 * What every HTTP API needs, whatever it is about: a {@link io.pigeonhole.api.Request} goes through
 * {@link io.pigeonhole.api.Api} to the {@link io.pigeonhole.api.Operation} of its method and path,
 * and comes back as an {@link io.pigeonhole.api.Answer}; whatever goes wrong is a {@link
 * io.pigeonhole.api.Problem}. The operations are described once: the router and the OpenAPI
 * document are made from the same list.
 */
package io.pigeonhole.api;
