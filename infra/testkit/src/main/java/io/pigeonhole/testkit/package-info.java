/**
 * What tests of several modules need around what they test. It knows no class of Pigeonhole; the
 * whole product, and a function as a process, are in the tests of {@code infra/local}.
 */
package io.pigeonhole.testkit;
