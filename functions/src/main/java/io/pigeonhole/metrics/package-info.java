/**
 * What CloudWatch is told of each invocation, in its <a
 * href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html">embedded
 * metric format</a>: a line of JSON on standard output.
 */
package io.pigeonhole.metrics;
