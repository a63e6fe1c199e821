/** How the AWS SDK speaks to its services. */
package io.pigeonhole.aws;
