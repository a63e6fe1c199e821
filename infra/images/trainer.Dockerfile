# The trainer, as AWS Batch runs it, on a GPU of NVIDIA. In the repository's root:
#
#   docker build -f infra/images/trainer.Dockerfile -t pigeonhole-trainer .
#
# or without a GPU
#
#   docker build -f infra/images/trainer.Dockerfile -t pigeonhole-trainer \
#     --build-arg PROFILE= --build-arg BASE=docker.io/library/eclipse-temurin:25-jre-noble .

# For a build that can be repeated, name them by digests, as of the functions' image.
ARG MAVEN=docker.io/library/maven:3.9-eclipse-temurin-17-noble
# Any Debian or Ubuntu; Java is added where it has none. TensorFlow 2.18 wants CUDA 12.5 or a later 12,
# and cuDNN 9.3 or a later 9.
ARG BASE=docker.io/nvidia/cuda:12.6.3-cudnn-runtime-ubuntu24.04

# what says which dependencies there are
FROM ${MAVEN} AS poms
COPY . /sources
WORKDIR /sources
RUN mkdir /poms && find . -name pom.xml -exec cp --parents {} /poms ';' && cp -r .mvn /poms

FROM ${MAVEN} AS build
ARG PROFILE=gpu
WORKDIR /build
# fetches them, into a layer that stays as long as no pom.xml changes
COPY --from=poms /poms .
RUN mvn -B -ntp -q package -Dmaven.test.skip -Dmanual.skip ${PROFILE:+-P$PROFILE} -pl trainer -am
COPY . .
RUN mvn -B -ntp -q package -Dmaven.test.skip -Dmanual.skip ${PROFILE:+-P$PROFILE} -pl trainer -am \
    && mkdir /opt/trainer \
    && mv trainer/target/pigeonhole trainer/target/trainer.jar trainer/target/lib /opt/trainer \
    && chmod -R a+rX /opt/trainer

FROM ${BASE}
RUN command -v java || (apt-get update \
    && apt-get install -y --no-install-recommends openjdk-21-jre-headless \
    && rm -rf /var/lib/apt/lists/*)
# decodes HEIC and AVIF; its decoders are packages of their own, or in it (Debian 12)
RUN apt-get update && apt-get install -y --no-install-recommends libheif1 \
      $(apt-cache search --names-only '^libheif-plugin-(libde265|dav1d)$' | cut -d' ' -f1) \
    && rm -rf /var/lib/apt/lists/*
RUN mkdir -p /opt/trainer/natives /data && chown 65534:65534 /opt/trainer/natives /data
COPY --from=build /opt/trainer /opt/trainer

USER 65534:65534
WORKDIR /data
ENV XDG_CACHE_HOME=/data \
    TF_CPP_MIN_LOG_LEVEL=2 \
    JAVA_TOOL_OPTIONS="-Dorg.bytedeco.javacpp.cachedir=/opt/trainer/natives -Duser.home=/data"

# loads TensorFlow, and so unpacks its library into the image rather than at each start
RUN /opt/trainer/pigeonhole --version

ENTRYPOINT ["/opt/trainer/pigeonhole"]
CMD ["--help"]
