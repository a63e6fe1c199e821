# The functions, for AWS Lambda. In the repository's root, after `mvn package`:
#
#   docker build -f infra/images/functions.Dockerfile -t pigeonhole-functions .
#
# One image for all handlers: QUARKUS_LAMBDA_HANDLER picks one. TensorFlow's library lies in a
# folder, stripped of its symbols: a cold start unpacks nothing.

# Any Linux with glibc and Java 17 or newer. For a build that can be repeated, name it by its digest:
# --build-arg BASE=docker.io/library/eclipse-temurin@sha256:…
ARG BASE=docker.io/library/eclipse-temurin:25-jre-noble

FROM ${BASE} AS library
RUN apt-get update && apt-get install -y --no-install-recommends binutils
COPY functions/target/tensorflow /opt/tensorflow
RUN strip --strip-unneeded /opt/tensorflow/*.so* && chmod -R a+rX /opt/tensorflow

FROM ${BASE}
ENV TENSORFLOW_LIBRARY_PATH=/opt/functions/tensorflow \
    TF_CPP_MIN_LOG_LEVEL=2 \
    OPT_OUT_TRACKING=true
COPY --from=library /opt/tensorflow /opt/functions/tensorflow
COPY --chmod=755 functions/target/lib /opt/functions/lib
COPY --chmod=644 functions/target/functions-runner.jar /opt/functions/

# Lambda runs it as a user of its own, who may write to /tmp alone
USER 65534:65534
WORKDIR /tmp

# nothing is missing that the library links to, and the application starts up to its first setting
RUN ! ldd /opt/functions/tensorflow/libjnitensorflow.so | grep "not found" \
    && QUARKUS_LAMBDA_HANDLER=label java -jar /opt/functions/functions-runner.jar 2>&1 \
       | grep -q "is missing"

# C1 and the serial collector start fastest; what the heap does not take is TensorFlow's
ENTRYPOINT ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:MaxRAMPercentage=40", \
            "-jar", "/opt/functions/functions-runner.jar"]
