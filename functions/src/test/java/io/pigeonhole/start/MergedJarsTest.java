package io.pigeonhole.start;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MergedJarsTest {
  private static final String SERVICE = "META-INF/services/java.lang.Runnable";
  private static final String INTERCEPTORS =
      "software/amazon/awssdk/global/handlers/execution.interceptors";

  @TempDir private Path folder;
  private Path application;

  @BeforeEach
  void build() throws IOException {
    Files.createDirectories(folder.resolve("lib"));
    application = folder.resolve("app.jar");
    jar(
        application,
        Map.of("Class-Path", "lib/one.jar lib/gone.jar lib/two.jar", "Main-Class", "app.Main"),
        Map.of("settings", "mine", SERVICE, "app.Service"));
    jar(
        folder.resolve("lib/one.jar"),
        Map.of("Implementation-Version", "1"),
        Map.of(
            "settings",
            "one",
            "both",
            "first",
            SERVICE,
            "one.Service",
            INTERCEPTORS,
            "one.Interceptor",
            "META-INF/LICENSE.txt",
            "one's license",
            "META-INF/ONE.SF",
            "signed",
            "module-info.class",
            "module"));
    jar(
        folder.resolve("lib/two.jar"),
        Map.of("Multi-Release", "true"),
        Map.of(
            "both",
            "second",
            "versioned",
            "old",
            "META-INF/versions/11/versioned",
            "new",
            SERVICE,
            "two.Service\n",
            INTERCEPTORS,
            "two.Interceptor",
            "META-INF/LICENSE.txt",
            "two's license"));
  }

  private static void jar(Path jar, Map<String, String> attributes, Map<String, String> files)
      throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.forEach(
        (name, value) -> manifest.getMainAttributes().put(new Attributes.Name(name), value));
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file, manifest)) {
      for (Map.Entry<String, String> content : files.entrySet()) {
        out.putNextEntry(new JarEntry(content.getKey()));
        out.write(content.getValue().getBytes(UTF_8));
      }
    }
  }

  private void merge() throws IOException {
    MergedJars.main(new String[] {application.toString()});
  }

  private static String text(URL resource) throws IOException {
    try (InputStream in = resource.openStream()) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  @Test
  void theApplicationFindsWhatItFoundBefore() throws IOException {
    merge();
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {application.toUri().toURL()}, null)) {
      assertThat(text(loader.getResource("settings"))).isEqualTo("mine");
      assertThat(Collections.list(loader.getResources("settings"))).hasSize(2);
      assertThat(text(loader.getResource("both"))).isEqualTo("first");
      assertThat(text(loader.getResource("versioned"))).isEqualTo("new");
      StringBuilder services = new StringBuilder();
      for (URL list : Collections.list(loader.getResources(SERVICE))) {
        services.append(text(list)).append('\n');
      }
      assertThat(services.toString().lines().filter(line -> !line.isBlank()))
          .containsExactly("app.Service", "one.Service", "two.Service");
      assertThat(text(loader.getResource(INTERCEPTORS)).lines())
          .containsExactly("one.Interceptor", "two.Interceptor");
    }
  }

  @Test
  void oneJarIsLeftBesideTheApplication() throws IOException {
    merge();
    try (JarFile jar = new JarFile(application.toFile())) {
      Attributes attributes = jar.getManifest().getMainAttributes();
      assertThat(attributes.getValue("Class-Path")).isEqualTo("lib/dependencies.jar");
      assertThat(attributes.getValue("Main-Class")).isEqualTo("app.Main");
    }
    try (var jars = Files.list(folder.resolve("lib"))) {
      assertThat(jars).containsExactly(folder.resolve("lib/dependencies.jar"));
    }
    try (JarFile jar = new JarFile(folder.resolve("lib/dependencies.jar").toFile())) {
      assertThat(jar.stream().map(ZipEntry::getName))
          .contains("META-INF/legal/one.jar/LICENSE.txt", "META-INF/legal/two.jar/LICENSE.txt")
          .doesNotContain("META-INF/ONE.SF", "module-info.class");
    }
  }

  @Test
  void nothingIsDoneASecondTime() throws IOException {
    merge();
    byte[] merged = Files.readAllBytes(folder.resolve("lib/dependencies.jar"));
    byte[] once = Files.readAllBytes(application);
    merge();
    assertThat(application).hasBinaryContent(once);
    assertThat(folder.resolve("lib/dependencies.jar")).hasBinaryContent(merged);
  }

  @Test
  void anExecutableHasNoJars() throws IOException {
    Files.delete(application);
    merge();
    assertThat(folder.resolve("lib/one.jar")).exists();
  }
}
