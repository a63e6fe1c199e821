/** Networks that others trained on ImageNet, whose features a classifier can begin with. */
package io.pigeonhole.trainer.base;
