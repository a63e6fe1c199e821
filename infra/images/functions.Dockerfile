# The functions, for AWS Lambda. In the repository's root, after `mvn package`:
#
#   docker build -f infra/images/functions.Dockerfile -t pigeonhole-functions .
#
# One image for all handlers: QUARKUS_LAMBDA_HANDLER picks one. TensorFlow's library lies in a
# folder, stripped of its symbols: a cold start unpacks nothing. Classes are in an AOT cache, loaded
# and linked: the build classifies one image to make it. The script start tells TensorFlow with which
# routines it is fastest on the processor that Lambda has for it; TF_ENABLE_ONEDNN_OPTS overrules it.

# Any Linux with glibc and Java 25 or newer. For a build that can be repeated, name it by its digest:
# --build-arg BASE=docker.io/library/eclipse-temurin@sha256:…
ARG BASE=docker.io/library/eclipse-temurin:25-jre-noble

FROM ${BASE} AS library
RUN apt-get update && apt-get install -y --no-install-recommends binutils
COPY functions/target/tensorflow /opt/tensorflow
RUN strip --strip-unneeded /opt/tensorflow/*.so* && chmod -R a+rX /opt/tensorflow

FROM ${BASE}
# decodes HEIC and AVIF; its decoders are packages of their own, or in it (Debian 12)
RUN apt-get update && apt-get install -y --no-install-recommends libheif1 \
      $(apt-cache search --names-only '^libheif-plugin-(libde265|dav1d)$' | cut -d' ' -f1) \
    && rm -rf /var/lib/apt/lists/*
ENV TENSORFLOW_LIBRARY_PATH=/opt/functions/tensorflow \
    TF_CPP_MIN_LOG_LEVEL=2 \
    OPT_OUT_TRACKING=true
COPY --from=library /opt/tensorflow /opt/functions/tensorflow
COPY --chmod=755 functions/target/lib /opt/functions/lib
COPY --chmod=644 functions/target/functions-runner.jar /opt/functions/
COPY --chmod=755 functions/target/start /opt/functions/

# C1 and the serial collector start fastest
RUN printf '%s\n' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC \
      --add-opens=java.base/java.lang=ALL-UNNAMED --enable-native-access=ALL-UNNAMED \
      > /opt/functions/java.options

# nothing is missing that the library links to; and no ldd is a failure, too
RUN ldd /opt/functions/tensorflow/libjnitensorflow.so > /tmp/links \
    && ! grep "not found" /tmp/links \
    && rm /tmp/links

# It answers a request before it is an image. The heap is small enough for short pointers on any
# machine, as it is in Lambda: a cache of other pointers would be of no use.
RUN --mount=type=bind,source=model/bundled,target=/rehearsal/models \
    --mount=type=bind,source=events/classify-post.json,target=/rehearsal/event.json \
    java -cp /opt/functions/functions-runner.jar io.pigeonhole.start.Rehearsal \
      /rehearsal/models /rehearsal/event.json \
      /opt/functions/start java -XX:AOTCacheOutput=/opt/functions/functions.aot -Xmx512m \
        @/opt/functions/java.options -jar /opt/functions/functions-runner.jar \
    && chmod 644 /opt/functions/functions.aot

# Lambda runs it as a user of its own, who may write to /tmp alone
USER 65534:65534
WORKDIR /tmp

# the cache is taken, and the application starts up to its first setting
RUN QUARKUS_LAMBDA_HANDLER=label java -XX:AOTMode=on -XX:AOTCache=/opt/functions/functions.aot \
      @/opt/functions/java.options -jar /opt/functions/functions-runner.jar 2>&1 \
      | grep -q "is missing"

# what the heap does not take is TensorFlow's
ENTRYPOINT ["/opt/functions/start", "java", \
            "-XX:AOTCache=/opt/functions/functions.aot", "-XX:MaxRAMPercentage=40", \
            "@/opt/functions/java.options", "-jar", "/opt/functions/functions-runner.jar"]
