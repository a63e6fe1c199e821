package io.pigeonhole.start;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Pattern;

/**
 * Makes one jar of all libraries of an application when it is built, which a JVM would open, and
 * read the manifests of, one by one at each start:
 *
 * <pre>java -cp classes io.pigeonhole.start.MergedJars APPLICATION.jar</pre>
 *
 * <p>The application's manifest names its libraries in {@code Class-Path}, and {@code
 * lib/dependencies.jar} alone afterwards. The application stays a jar of its own: Quarkus looks for
 * its settings through a file system of the jar that they are in, and so reads the names of all
 * that is in it.
 *
 * <p>Of files of the same name, the first one on the class path counts, as it did, except where all
 * of them are read: the names of services and of the SDK's interceptors are joined. Licenses and
 * notices are kept, each under the name of its jar.
 */
final class MergedJars {
  private static final String MERGED = "lib/dependencies.jar";
  private static final Pattern JOINED =
      Pattern.compile("META-INF/services/[^/]+|software/amazon/awssdk/.*\\.interceptors");
  private static final Pattern LEGAL =
      Pattern.compile("(META-INF/)?(?i:[^/]*(license|notice|copyright)[^/]*)");

  /** What is about a jar, and not about what is in it. */
  private static final Pattern OF_THE_JAR =
      Pattern.compile(
          "META-INF/(MANIFEST\\.MF|INDEX\\.LIST|[^/]*\\.(SF|RSA|DSA|EC))|(.*/)?module-info\\.class");

  private final Map<String, byte[]> files = new LinkedHashMap<>();
  private boolean multiRelease;

  private MergedJars() {}

  /** Does nothing where it was done before, or where there is no jar but an executable. */
  public static void main(String[] args) throws IOException {
    Path application = Path.of(args[0]);
    if (!Files.isRegularFile(application)) {
      return;
    }
    Path folder = application.toAbsolutePath().getParent();
    Manifest manifest = manifest(application);
    String classPath = manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
    if (classPath == null || classPath.isBlank() || classPath.equals(MERGED)) {
      return;
    }
    List<Path> libraries =
        Arrays.stream(classPath.trim().split(" +", -1))
            .map(folder::resolve)
            .filter(Files::isRegularFile)
            .toList();
    MergedJars merged = new MergedJars();
    for (Path library : libraries) {
      merged.add(library);
    }
    merged.write(folder.resolve(MERGED));
    manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, MERGED);
    rewrite(application, manifest);
    for (Path library : libraries) {
      Files.delete(library);
    }
    System.out.printf("%d jars are one, of %,d files%n", libraries.size(), merged.files.size());
  }

  private static Manifest manifest(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      return Optional.ofNullable(file.getManifest()).orElseGet(Manifest::new);
    }
  }

  private void add(Path library) throws IOException {
    try (JarFile jar = new JarFile(library.toFile(), false)) {
      multiRelease |= jar.isMultiRelease();
      for (JarEntry entry : Collections.list(jar.entries())) {
        if (!entry.isDirectory() && !OF_THE_JAR.matcher(entry.getName()).matches()) {
          try (InputStream content = jar.getInputStream(entry)) {
            add(library, entry.getName(), content.readAllBytes());
          }
        }
      }
    }
  }

  private void add(Path library, String name, byte[] content) {
    if (JOINED.matcher(name).matches()) {
      files.merge(name, content, MergedJars::lines);
    } else if (LEGAL.matcher(name).matches()) {
      String file = name.substring(name.lastIndexOf('/') + 1);
      files.put("META-INF/legal/" + library.getFileName() + "/" + file, content);
    } else {
      files.putIfAbsent(name, content);
    }
  }

  private static byte[] lines(byte[] some, byte[] others) {
    return (new String(some, UTF_8) + "\n" + new String(others, UTF_8)).getBytes(UTF_8);
  }

  private void write(Path jar) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    if (multiRelease) {
      manifest.getMainAttributes().put(Attributes.Name.MULTI_RELEASE, "true");
    }
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file)) {
      put(out, manifest);
      for (Map.Entry<String, byte[]> content : files.entrySet()) {
        put(out, content.getKey(), content.getValue());
      }
    }
  }

  private static void put(JarOutputStream out, Manifest manifest) throws IOException {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    manifest.write(content);
    put(out, JarFile.MANIFEST_NAME, content.toByteArray());
  }

  private static void put(JarOutputStream out, String name, byte[] content) throws IOException {
    JarEntry entry = new JarEntry(name);
    entry.setTime(0); // what is built again is the same
    out.putNextEntry(entry);
    out.write(content);
  }

  private static void rewrite(Path jar, Manifest manifest) throws IOException {
    Path next = jar.resolveSibling(jar.getFileName() + ".next");
    try (JarFile before = new JarFile(jar.toFile());
        OutputStream file = Files.newOutputStream(next);
        JarOutputStream out = new JarOutputStream(file)) {
      put(out, manifest);
      for (JarEntry entry : Collections.list(before.entries())) {
        if (!entry.isDirectory() && !entry.getName().equals(JarFile.MANIFEST_NAME)) {
          try (InputStream content = before.getInputStream(entry)) {
            put(out, entry.getName(), content.readAllBytes());
          }
        }
      }
    }
    Files.move(next, jar, StandardCopyOption.REPLACE_EXISTING);
  }
}
