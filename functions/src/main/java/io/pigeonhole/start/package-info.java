/**
 * How a process of the functions starts, on the JVM in two ways.
 *
 * <p>Run as a program ({@code java -jar functions-runner.jar}), it speaks the <a
 * href="https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html">Lambda Runtime API</a> by
 * the loop of Quarkus, as a native executable does. That needs no native library, and so runs
 * wherever Java does.
 *
 * <p>Lambda's Java runtime calls the handler {@code io.pigeonhole.start.Function::handleRequest}.
 * Its client unpacks a library to a fixed place in {@code /tmp}: two such processes on one machine
 * can crash each other.
 */
package io.pigeonhole.start;
