package io.pigeonhole.local.s3;

import com.adobe.testing.s3mock.s3.service.ObjectService;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import tools.jackson.databind.json.JsonMapper;

/** What we add to S3Mock to make it behave as S3 does, and the one thing we take away. */
@Configuration(proxyBeanMethods = false)
class S3ServerConfiguration {

  /** S3Mock opens a second port, on all addresses; the first one is enough, and loopback only. */
  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> onePort() {
    return factory -> factory.getAdditionalConnectors().clear();
  }

  /** What keys may contain and lazy clients do not encode. */
  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> rawCharacters() {
    return factory ->
        factory.addConnectorCustomizers(
            connector -> connector.setProperty("relaxedPathChars", "\"<>[\\]^`{|}"));
  }

  @Bean
  @Order(Ordered.HIGHEST_PRECEDENCE)
  SemicolonFilter semicolonFilter() {
    return new SemicolonFilter();
  }

  @Bean
  AtomicObjectFilter atomicObjectFilter() {
    return new AtomicObjectFilter();
  }

  @Bean
  @Primary
  JsonMapper journaledBucketsJsonMapper(JsonMapper.Builder settings) {
    return new JournaledBucketsJsonMapper(settings);
  }

  @Bean
  TagLettersFilter tagLettersFilter(ObjectService objects) {
    return new TagLettersFilter(objects);
  }

  @Bean
  TagCountFilter tagCountFilter(ObjectService objects) {
    return new TagCountFilter(objects);
  }

  @Bean
  CreationFilter creationFilter(ObjectService objects, CreationListener listener) {
    return new CreationFilter(objects, listener);
  }
}
