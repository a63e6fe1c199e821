package io.pigeonhole.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Finds out, before anything is started, whether a port can be had. */
final class Ports {
  private static final int CONNECT_MILLIS = 300;

  private Ports() {}

  /**
   * Does nothing when {@code port} is free on {@code localhost}, by IPv4 and by IPv6.
   *
   * @throws StartException naming the port, what it is for and the property that changes it
   */
  static void check(int port, String purpose, String property) throws StartException {
    if (port == 0) {
      return;
    }
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (IOException e) {
      throw taken(port, purpose, property, e.getMessage());
    }
    if (answers("::1", port)) {
      throw taken(port, purpose, property, "something answers on [::1]:" + port);
    }
  }

  /** To many clients, localhost is this address first. */
  private static boolean answers(String address, int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, port), CONNECT_MILLIS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static StartException taken(int port, String purpose, String property, String why) {
    return new StartException(
        "port %d, for %s, cannot be used (%s); end what uses it, or choose another with -D%s=…"
            .formatted(port, purpose, why, property));
  }
}
