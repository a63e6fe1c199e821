/** From a download, an archive or a folder to labeled pixels in memory. */
package io.pigeonhole.trainer.data;
