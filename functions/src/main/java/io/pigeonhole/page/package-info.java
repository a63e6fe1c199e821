/** The page that people use. It uses nothing but the API. */
package io.pigeonhole.page;
