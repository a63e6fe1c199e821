# The functions, for AWS Lambda. `sam build` makes it; or, in the repository's root,
#
#   docker build -f infra/images/functions.Dockerfile -t pigeonhole-functions .
#
# One image for all handlers: QUARKUS_LAMBDA_HANDLER picks one. It is built for the processor that it
# is built on, or that --platform names. --target native makes an executable of the functions instead
# of what a JVM runs. Nothing here needs BuildKit, without which SAM CLI builds unless it is told
# otherwise, and all stages up to the target are built: what the compiler needs comes after jvm.

# For a build that can be repeated, name them by digests: docker.io/library/maven@sha256:…
ARG MAVEN=docker.io/library/maven:3.9-eclipse-temurin-17-noble
# Any Debian or Ubuntu with Java 25 or newer
ARG BASE=docker.io/library/eclipse-temurin:25-jre-noble
# Has GraalVM's compiler in /opt/mandrel
ARG MANDREL=quay.io/quarkus/ubi9-quarkus-mandrel-builder-image:jdk-25
# Any Debian or Ubuntu whose glibc is as new as that of MAVEN, where the executable is linked
ARG NATIVE_BASE=docker.io/library/ubuntu:24.04

# what says which dependencies there are
FROM ${MAVEN} AS poms
COPY . /sources
WORKDIR /sources
RUN mkdir /poms && find . -name pom.xml -exec cp --parents {} /poms ';' && cp -r .mvn /poms

FROM ${MAVEN} AS build
RUN apt-get update && apt-get install -y --no-install-recommends binutils \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /build
# fetches them, into a layer that stays as long as no pom.xml changes; without sources, the build ends
# when it has all of them
COPY --from=poms /poms .
RUN mvn -B -ntp package -Dmaven.test.skip -pl functions -am > fetched.log 2>&1 \
    || grep -q "Unable to find handler class" fetched.log || { cat fetched.log; exit 1; }
COPY . .
RUN mvn -B -ntp -q package -Dmaven.test.skip -pl functions -am \
    # a cold start reads no symbols
    && strip --strip-unneeded functions/target/tensorflow/*.so* \
    && chmod -R a+rX functions/target model/bundled events \
    && chmod a+x functions/target/start

FROM ${BASE} AS jvm
# the authorities that S3's certificates are checked by; libheif1 decodes HEIC and AVIF, and its decoders
# are packages of their own, or in it (Debian 12)
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates libheif1 \
      $(apt-cache search --names-only '^libheif-plugin-(libde265|dav1d)$' | cut -d' ' -f1) \
    && rm -rf /var/lib/apt/lists/*
ENV TENSORFLOW_LIBRARY_PATH=/opt/functions/tensorflow \
    PIGEONHOLE_MODELS_BUNDLED=/opt/functions/bundled \
    TF_CPP_MIN_LOG_LEVEL=2 \
    OPT_OUT_TRACKING=true
# libraries in folders: a cold start unpacks nothing
COPY --from=build /build/functions/target/tensorflow /opt/functions/tensorflow
COPY --from=build /build/functions/target/crt /opt/functions/crt
COPY --from=build /build/functions/target/lib /opt/functions/lib
COPY --from=build /build/functions/target/functions-runner.jar /build/functions/target/start /opt/functions/
# what the function provide puts into an empty models bucket
COPY --from=build /build/model/bundled /opt/functions/bundled
COPY --from=build /build/events/classify-post.json /build/events/sqs-s3.json /opt/functions/rehearsal/

# C1 and the serial collector start fastest; photos on their way fit into a young generation that is
# half of the heap, and are not collected twice; constructors that are called once or twice need no
# method handles made for them; what was compiled at the rehearsal is compiled when it is called often,
# not all at once at the start
RUN printf '%s\n' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:NewRatio=1 \
      -XX:+IgnoreUnrecognizedVMOptions -XX:+UnlockDiagnosticVMOptions -XX:-AOTReplayTraining \
      -Djdk.reflect.useNativeAccessorOnly=true -Djava.library.path=/opt/functions/crt \
      --add-opens=java.base/java.lang=ALL-UNNAMED --enable-native-access=ALL-UNNAMED \
      > /opt/functions/java.options

# nothing is missing that the library links to; and no ldd is a failure, too
RUN ldd /opt/functions/tensorflow/libjnitensorflow.so /opt/functions/crt/libaws-crt-jni.so \
      > /tmp/links \
    && ! grep "not found" /tmp/links \
    && rm /tmp/links

# It answers an event before it is an image, and so fills a cache of classes, loaded and linked: one
# for label and backfill, one for all others. The heap is small enough for short pointers on any
# machine, as it is in Lambda: a cache of other pointers would be of no use.
RUN for handler in classify label; do \
      java -cp /opt/functions/functions-runner.jar io.pigeonhole.start.Rehearsal \
        $handler /opt/functions/bundled /opt/functions/rehearsal \
        /opt/functions/start java -XX:AOTCacheOutput=/opt/functions/$handler.aot -Xmx512m \
          @/opt/functions/java.options -jar /opt/functions/functions-runner.jar || exit 1; \
    done \
    && chmod 644 /opt/functions/*.aot

# start chooses TensorFlow's routines by the processor that it finds; what the heap does not take is
# TensorFlow's
RUN printf '%s\n' '#!/bin/sh' \
      'case $QUARKUS_LAMBDA_HANDLER in label | backfill) cache=label ;; *) cache=classify ;; esac' \
      'exec /opt/functions/start java -XX:AOTCache=/opt/functions/$cache.aot "$@" \' \
      '  -XX:MaxRAMPercentage=40 @/opt/functions/java.options -jar /opt/functions/functions-runner.jar' \
      > /opt/functions/run && chmod 755 /opt/functions/run

# Lambda runs it as a user of its own, who may write to /tmp alone
USER 65534:65534
WORKDIR /tmp

# the caches are taken, and the application starts up to its first setting
RUN for handler in classify label; do \
      QUARKUS_LAMBDA_HANDLER=$handler /opt/functions/run -XX:AOTMode=on 2>&1 \
        | grep -q "is missing" || exit 1; \
    done

ENTRYPOINT ["/opt/functions/run"]

FROM ${MANDREL} AS mandrel

FROM build AS executable
# what native-image links with
RUN apt-get update && apt-get install -y --no-install-recommends g++ zlib1g-dev libfreetype-dev \
    && rm -rf /var/lib/apt/lists/*
COPY --from=mandrel /opt/mandrel /opt/mandrel
ENV GRAALVM_HOME=/opt/mandrel
# without the compiler in GRAALVM_HOME, Quarkus would look for a container engine
RUN /opt/mandrel/bin/native-image --version \
    && mvn -B -ntp -q package -Dmaven.test.skip -Dnative -pl functions -am \
    && mkdir /opt/functions \
    # and what it loads of java.desktop
    && mv functions/target/functions-runner functions/target/*.so functions/target/start \
         functions/target/tensorflow /opt/functions \
    && cp -r model/bundled /opt/functions/bundled \
    && chmod -R a+rX /opt/functions
# it answers a request before it is in an image
RUN TENSORFLOW_LIBRARY_PATH=/opt/functions/tensorflow OPT_OUT_TRACKING=true \
      java -cp functions/target/functions-runner.jar io.pigeonhole.start.Rehearsal \
        classify model/bundled events \
        /opt/functions/start /opt/functions/functions-runner -XX:MaximumHeapSizePercent=40

# decodes neither HEIC nor AVIF, which needs a Java
FROM ${NATIVE_BASE} AS native
# the authorities that S3's certificates are checked by, and what java.desktop links to
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates libfontconfig1 \
      libfreetype6 \
    && rm -rf /var/lib/apt/lists/*
ENV TENSORFLOW_LIBRARY_PATH=/opt/functions/tensorflow \
    PIGEONHOLE_MODELS_BUNDLED=/opt/functions/bundled \
    TF_CPP_MIN_LOG_LEVEL=2 \
    OPT_OUT_TRACKING=true
COPY --from=executable /opt/functions /opt/functions

# nothing is missing that they link to, nor is a library too old
RUN ldd /opt/functions/functions-runner /opt/functions/tensorflow/libjnitensorflow.so \
      /opt/functions/libaws-crt-jni.so > /tmp/links 2>&1 \
    && ! grep "not found" /tmp/links \
    && rm /tmp/links

USER 65534:65534
WORKDIR /tmp

# the application starts up to its first setting
RUN QUARKUS_LAMBDA_HANDLER=label /opt/functions/functions-runner 2>&1 | grep -q "is missing"

# what the heap does not take is TensorFlow's
ENTRYPOINT ["/opt/functions/start", "/opt/functions/functions-runner", \
            "-XX:MaximumHeapSizePercent=40"]
