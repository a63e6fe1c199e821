package io.pigeonhole.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.pigeonhole.command.ExitCode;
import io.pigeonhole.command.Json;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PigeonholeTest {
  private static final Path BUNDLED =
      Path.of(System.getProperty("basedir"), "..", "model", "bundled");

  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path image;

  @BeforeEach
  void draw() throws IOException {
    BufferedImage scene = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = scene.createGraphics();
    graphics.setColor(Color.CYAN);
    graphics.fillRect(0, 0, 64, 64);
    graphics.setColor(Color.GRAY);
    graphics.fillOval(8, 24, 48, 12);
    graphics.dispose();
    image = folder.resolve("some image.png");
    ImageIO.write(scene, "png", image.toFile());
  }

  private int run(String... args) {
    return Pigeonhole.execute(new PrintWriter(out, true), new PrintWriter(err, true), args);
  }

  @Test
  void labelsByAModelInAFolder() {
    assertThat(run("label", "--model", BUNDLED.toString(), image.toString())).isZero();
    assertThat(out.toString()).matches("(?s)\\Q" + image + "\\E\t[a-z]+\t[01]\\.[0-9]{2}.*");
  }

  @Test
  void aFileThatIsNoImageCostsNoOther() throws Exception {
    Path text = Files.writeString(folder.resolve("no\u001b[31mimage.jpg"), "text");
    List<String> args = new ArrayList<>(List.of("label", "--json", "--model", BUNDLED.toString()));
    Path empty = Files.createDirectories(folder.resolve("empty"));
    for (Path file : List.of(image, text, empty, folder.resolve("missing.png"), image)) {
      args.add(file.toString());
    }
    assertThat(run(args.toArray(String[]::new))).isEqualTo(ExitCode.FAILED);
    List<JsonNode> lines = new ArrayList<>();
    for (String line : out.toString().lines().toList()) {
      lines.add(Json.MAPPER.readTree(line));
    }
    assertThat(lines).hasSize(5);
    assertThat(lines.get(0).path("predictions")).hasSize(5);
    assertThat(lines.get(1).path("problem").asText()).contains("image");
    assertThat(lines.get(2).path("problem").asText())
        .isEqualTo("it is a folder without files that can be read");
    assertThat(lines.get(3).path("problem").asText()).isEqualTo("no such file");
    assertThat(lines.get(4)).isEqualTo(lines.get(0));
  }

  @Test
  void labelsTheFilesOfAFolderAndPrintsAsManyPredictionsAsAskedFor() throws Exception {
    Path deep = Files.createDirectories(folder.resolve("photos/deep"));
    Files.copy(image, deep.resolve("one.png"));
    Files.copy(image, deep.resolveSibling("two.png"));
    Files.writeString(deep.resolve(".DS_Store"), "nothing");
    Files.copy(image, Files.createDirectories(deep.resolve(".thumbs")).resolve("one.png"));
    String photos = folder.resolve("photos").toString();
    assertThat(run("label", "--top", "2", "--model", BUNDLED.toString(), photos)).isZero();
    assertThat(out.toString().lines())
        .hasSize(2)
        .allMatch(line -> line.matches(".*\\.png\t.*(\t[a-z]+ 0\\.[0-9]{3}){2}"));
    assertThat(run("label", "--top", "0", photos)).isEqualTo(ExitCode.WRONG_USE);
    assertThat(run("label", "--name", "cifar10", photos)).isEqualTo(ExitCode.WRONG_USE);
    assertThat(err.toString()).contains("--top is 0", "are for a --model");
  }

  private int runAs(String old, String... args) {
    return OldName.execute(new PrintWriter(out, true), new PrintWriter(err, true), old, args);
  }

  @Test
  void doesWhatOldNamesSayAndTellsTheNewOnes() throws Exception {
    String bucket = BUNDLED.toString();
    assertThat(runAs("java -jar trainer.jar", "predict", bucket, image.toString())).isZero();
    assertThat(out.toString()).matches("\\Q" + image + "\\E:( [a-z]+ [0-9.]+%){3}.*\n");
    assertThat(err.toString())
        .isEqualTo(
            "pigeonhole: 'java -jar trainer.jar predict' is now 'pigeonhole label --model MODEL"
                + " IMAGE…', and goes with the next release\n");
    out.getBuffer().setLength(0);
    assertThat(runAs("java -jar trainer.jar", "predict", bucket, "--json", image.toString()))
        .isZero();
    assertThat(Json.MAPPER.readTree(out.toString()).path(image.toString())).hasSize(10);
    out.getBuffer().setLength(0);
    assertThat(runAs("java -jar trainer.jar", "versions", bucket)).isZero();
    String versions = out.toString();
    out.getBuffer().setLength(0);
    assertThat(run("models", bucket)).isZero();
    assertThat(out.toString()).isEqualTo(versions).startsWith("* 2");
    assertThat(run("predict", bucket, image.toString())).isEqualTo(ExitCode.WRONG_USE);
  }

  @Test
  void listsAndPromotesModelsOverTheApi() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    String address = "http://127.0.0.1:" + server.getAddress().getPort();
    server.createContext(
        "/models",
        exchange ->
            answer(
                exchange,
                200,
                """
                {"versions": [
                  {"version": "20260102T000000Z-00000002", "inService": true,
                   "metrics": {"accuracy": 0.91}, "training": {"recipe": "fast", "dataset": "b"}},
                  {"version": "20260101T000000Z-00000001", "inService": false,
                   "metrics": {"accuracy": 0.5}, "training": {"recipe": "fast", "dataset": "a"}}]}
                """));
    server.createContext(
        "/models/20260102T000000Z-00000002/promote",
        exchange -> answer(exchange, 200, "{\"inService\":\"20260102T000000Z-00000002\"}"));
    server.createContext(
        "/models/20260101T000000Z-00000001/promote",
        exchange -> answer(exchange, 409, "{\"code\":\"refused\",\"detail\":\"it is worse\"}"));
    server.start();
    try {
      assertThat(run("models", "--api", address)).as(err.toString()).isZero();
      assertThat(run("models", "--json", "--api", address)).isZero();
      assertThat(run("promote", "20260102T000000Z-00000002", "--api", address)).isZero();
      assertThat(run("promote", "20260101T000000Z-00000001", "--api", address))
          .isEqualTo(ExitCode.NOT_PROMOTED);
      assertThat(out.toString())
          .isEqualTo(
              """
                20260101T000000Z-00000001  50.00%  fast  a
              * 20260102T000000Z-00000002  91.00%  fast  b
              {"version":"20260101T000000Z-00000001","inService":false,"accuracy":0.5,"recipe":"fast","dataset":"a"}
              {"version":"20260102T000000Z-00000002","inService":true,"accuracy":0.91,"recipe":"fast","dataset":"b"}
              in service: 20260102T000000Z-00000002
              not promoted: 20260101T000000Z-00000001: it is worse
              """);
      assertThat(run("promote", "--margin", "0.1", "20260101T000000Z-00000001"))
          .isEqualTo(ExitCode.WRONG_USE);
      assertThat(run("models", "--name", "cifar10")).isEqualTo(ExitCode.WRONG_USE);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void printsNothingThatATerminalWouldObey() throws Exception {
    Path text = Files.writeString(folder.resolve("no\u001b[31mimage.jpg"), "text");
    run("label", "--model", BUNDLED.toString(), text.toString());
    assertThat(err.toString()).doesNotContain("\u001b").contains("no?[31mimage.jpg");
  }

  @Test
  void saysInOneLineThatNothingAnswers() {
    assertThat(run("ls", "--api", "http://localhost:1")).isEqualTo(ExitCode.FAILED);
    assertThat(err.toString())
        .isEqualTo("pigeonhole: nothing answers at http://localhost:1: is it running?\n");
  }

  /** The first answer of the bucket is lost on the way, though it has stored the image. */
  @Test
  void takesAnImageForUploadedThatTheBucketHasAlready() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    String address = "http://127.0.0.1:" + server.getAddress().getPort();
    List<String> puts = new ArrayList<>();
    server.createContext(
        "/classify", exchange -> answer(exchange, 413, "{\"detail\":\"too large\"}"));
    server.createContext(
        "/uploads",
        exchange ->
            answer(
                exchange,
                201,
                "{\"key\":\"uploads/a\",\"url\":\"%s/bucket\",\"headers\":{\"If-None-Match\":\"*\"}}"
                    .formatted(address)));
    server.createContext(
        "/bucket",
        exchange -> {
          puts.add(exchange.getRequestHeaders().getFirst("If-None-Match"));
          answer(exchange, puts.size() == 1 ? 503 : 412, "");
        });
    server.createContext(
        "/images/", exchange -> answer(exchange, 200, "{\"label\":\"ship\",\"confidence\":1}"));
    server.start();
    try {
      assertThat(run("label", "--api", address, image.toString())).as(err.toString()).isZero();
      assertThat(out.toString()).contains("ship");
      assertThat(puts).containsExactly("*", "*");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void sendsATokenAndSaysWhatToDoWhereItIsRefused() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    String address = "http://127.0.0.1:" + server.getAddress().getPort();
    server.createContext(
        "/",
        exchange -> {
          boolean known =
              "Bearer mine".equals(exchange.getRequestHeaders().getFirst("Authorization"));
          answer(
              exchange,
              known ? 403 : 401,
              known
                  ? "{\"detail\":\"this needs the level write\"}"
                  : "{\"message\":\"Unauthorized\"}");
        });
    server.start();
    try {
      assertThat(run("ls", "--api", address)).isEqualTo(ExitCode.FAILED);
      assertThat(err.toString()).contains("Unauthorized").contains("PIGEONHOLE_TOKEN");
      assertThat(run("correct", "a.jpg", "cat", "--api", address, "--token", "mine"))
          .isEqualTo(ExitCode.FAILED);
      assertThat(err.toString()).contains("this needs the level write (who runs the API");
    } finally {
      server.stop(0);
    }
  }

  private static void answer(HttpExchange exchange, int status, String json) throws IOException {
    exchange.getRequestBody().readAllBytes();
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(body);
    }
    exchange.close();
  }

  @Test
  void takesALabelOrNone() {
    assertThat(run("correct", "cat.jpg")).isEqualTo(ExitCode.WRONG_USE);
    assertThat(run("correct", "cat.jpg", "cat", "--none")).isEqualTo(ExitCode.WRONG_USE);
    assertThat(err.toString()).contains("expected either a LABEL or --none");
    for (String said : List.of("cat", "--none")) {
      assertThat(run("correct", "cat.jpg", said, "--api", "http://localhost:1"))
          .isEqualTo(ExitCode.FAILED);
    }
  }

  @Test
  void saysWhatAnAddressLooksLike() {
    for (String address : List.of("ftp://x", "localhost:8080", "http://", "http:///x", "")) {
      assertThat(run("ls", "--api", address)).as(address).isEqualTo(ExitCode.WRONG_USE);
    }
    assertThat(err.toString())
        .contains("expected an address such as https://host, found 'ftp://x'");
  }

  @Test
  void readsNothingWithoutEnd() {
    assumeThat(Path.of("/dev/zero")).exists();
    assertThat(run("label", "--model", BUNDLED.toString(), "/dev/zero")).isEqualTo(ExitCode.FAILED);
    assertThat(err.toString()).contains("/dev/zero: it has more than 52,428,800 bytes");
  }

  @Test
  void teaches() {
    assertThat(run("label", "--help")).isZero();
    assertThat(out.toString()).contains("--model", "--json", "--api");
    assertThat(run()).isEqualTo(ExitCode.WRONG_USE);
    assertThat(run("lbael")).isEqualTo(ExitCode.WRONG_USE);
    assertThat(run("generate-completion")).isZero();
    assertThat(out.toString()).contains("complete ");
  }
}
