package io.pigeonhole.local.gateway;

import jakarta.servlet.http.HttpServlet;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.buf.EncodedSolidusHandling;

/** An HTTP API in front of functions: each request becomes an event, each answer a response. */
public final class Gateway implements AutoCloseable {
  /** API Gateway's: an integration that answers later has not answered. */
  public static final Duration TIMEOUT = Duration.ofSeconds(30);

  /** So much of a refused body is still read, so that the client comes to read the answer. */
  private static final int MAX_SWALLOW_BYTES = 256 * 1024 * 1024;

  private final Tomcat tomcat;

  private Gateway(Tomcat tomcat) {
    this.tomcat = tomcat;
  }

  /**
   * Starts it on the loopback address.
   *
   * @param port the port, 0 for any free one
   * @param folder for the server's own files; need not exist
   * @param routes which function answers what
   * @param authorizer looks at who asks
   * @param timeout after which the client is told that there is no answer
   * @param rate how often a route may be asked; above it, clients are told to wait
   * @param beside what answers instead of the functions, by path
   */
  public static Gateway start(
      int port,
      Path folder,
      List<Route> routes,
      Authorizer authorizer,
      Duration timeout,
      Rate rate,
      Map<String, HttpServlet> beside)
      throws LifecycleException {
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(folder.toString());
    tomcat.setConnector(connector(port));
    if (tomcat.getHost() instanceof StandardHost host) {
      host.setErrorReportValveClass(JsonErrors.class.getName());
    }
    Context context = tomcat.addContext("", null);
    Tomcat.addServlet(context, "gateway", new GatewayServlet(routes, authorizer, timeout, rate));
    context.addServletMappingDecoded("/", "gateway");
    beside.forEach(
        (path, servlet) -> {
          Tomcat.addServlet(context, path, servlet);
          context.addServletMappingDecoded(path, path);
        });
    tomcat.start();
    return new Gateway(tomcat);
  }

  private static Connector connector(int port) {
    Connector connector = new Connector();
    connector.setPort(port);
    connector.setProperty("address", "127.0.0.1");
    connector.setProperty("maxSwallowSize", String.valueOf(MAX_SWALLOW_BYTES));
    // Only when the size is known to be allowed
    connector.setProperty("continueResponseTiming", "onRead");
    connector.setProperty("relaxedPathChars", "\"<>[\\]^`{|}");
    connector.setProperty("relaxedQueryChars", "\"<>[\\]^`{|}");
    connector.setEncodedSolidusHandling(EncodedSolidusHandling.PASS_THROUGH.getValue());
    connector.setAllowBackslash(true);
    connector.setThrowOnFailure(true);
    return connector;
  }

  /** Where clients find it. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + tomcat.getConnector().getLocalPort());
  }

  @Override
  public void close() {
    try {
      tomcat.stop();
      tomcat.destroy();
    } catch (LifecycleException e) {
      throw new IllegalStateException("the gateway does not stop: " + e.getMessage(), e);
    }
  }
}
