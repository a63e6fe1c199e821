/** What bytes were wrapped in on their way. */
package io.pigeonhole.content;
