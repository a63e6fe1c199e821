/**
 * The function behind API Gateway: the events it takes, the operations it has, and the one that it
 * is named after, which tells what an image shows and why.
 */
package io.pigeonhole.classify;
