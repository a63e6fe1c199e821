/** The clients of the AWS SDK. */
package io.pigeonhole.aws;
