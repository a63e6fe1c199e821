# The trainer, as AWS Batch runs it. In the repository's root:
#
#   mvn package -DskipTests -pl trainer -am
#   docker build -f infra/images/trainer.Dockerfile -t pigeonhole-trainer .
#
# for GPUs (TensorFlow 2.18 wants CUDA 12.5 or a later 12, and cuDNN 9.3 or a later 9):
#
#   mvn package -DskipTests -pl trainer -am -Pgpu
#   docker build -f infra/images/trainer.Dockerfile -t pigeonhole-trainer \
#     --build-arg BASE=docker.io/nvidia/cuda:12.6.3-cudnn-runtime-ubuntu24.04 .

# Any Debian or Ubuntu; Java is added where it has none. By digest, as the functions' image.
ARG BASE=docker.io/library/eclipse-temurin:25-jre-noble

FROM ${BASE}
RUN command -v java || (apt-get update \
    && apt-get install -y --no-install-recommends openjdk-21-jre-headless \
    && rm -rf /var/lib/apt/lists/*)
# decodes HEIC and AVIF; its decoders are packages of their own, or in it (Debian 12)
RUN apt-get update && apt-get install -y --no-install-recommends libheif1 \
      $(apt-cache search --names-only '^libheif-plugin-(libde265|dav1d)$' | cut -d' ' -f1) \
    && rm -rf /var/lib/apt/lists/*
RUN mkdir -p /opt/trainer/natives /data && chown 65534:65534 /opt/trainer/natives /data
COPY --chmod=755 trainer/target/lib /opt/trainer/lib
COPY --chmod=755 trainer/target/pigeonhole /opt/trainer/
COPY --chmod=644 trainer/target/trainer.jar /opt/trainer/

USER 65534:65534
WORKDIR /data
ENV XDG_CACHE_HOME=/data \
    TF_CPP_MIN_LOG_LEVEL=2 \
    JAVA_TOOL_OPTIONS="-Dorg.bytedeco.javacpp.cachedir=/opt/trainer/natives -Duser.home=/data"

# loads TensorFlow, and so unpacks its library into the image rather than at each start
RUN /opt/trainer/pigeonhole --version

ENTRYPOINT ["/opt/trainer/pigeonhole"]
CMD ["--help"]
