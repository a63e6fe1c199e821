/**
 * The product on one machine: S3, its notifications, a queue, Lambda and API Gateway, each as far
 * as the functions can tell, around the functions as they are packaged for AWS.
 */
package io.pigeonhole.local;
