/** The sample events, and those that are made here, beside what AWS documents of them. */
package io.pigeonhole.local.events;
