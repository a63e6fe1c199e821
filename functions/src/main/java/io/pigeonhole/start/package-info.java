/** How a process of the functions starts. */
package io.pigeonhole.start;
