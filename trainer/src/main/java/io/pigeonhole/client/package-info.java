/** The product from a shell: a command line over the API, or over a model in a folder. */
package io.pigeonhole.client;
