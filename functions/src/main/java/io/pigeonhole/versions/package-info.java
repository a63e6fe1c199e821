/** The part of the API that is about the versions of the model. */
package io.pigeonhole.versions;
