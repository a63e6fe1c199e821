package io.pigeonhole.local.architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** The classes of each module as they were built: not its tests'. */
final class Modules {
  static final Path REPOSITORY = Path.of(System.getProperty("repository"));

  private static final Pattern MODULE = Pattern.compile("<module>(.+)</module>");

  private Modules() {}

  /** The folders of all modules, as the parent has them. */
  static List<String> names() {
    try {
      return MODULE
          .matcher(Files.readString(REPOSITORY.resolve("pom.xml")))
          .results()
          .map(found -> found.group(1))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The classes of all modules. */
  static JavaClasses all() {
    return new ClassFileImporter()
        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_PACKAGE_INFOS)
        .importPaths(names().stream().map(Modules::built).toList());
  }

  /** Those of a module, of whatever package. */
  static DescribedPredicate<JavaClass> in(String module) {
    String built = built(module).toUri().toString();
    return DescribedPredicate.describe(
        "in " + module,
        type ->
            type.getBaseComponentType()
                .getSource()
                .filter(at -> at.getUri().toString().startsWith(built))
                .isPresent());
  }

  private static Path built(String module) {
    Path classes =
        REPOSITORY.resolve(module).resolve("target/classes").toAbsolutePath().normalize();
    if (!Files.isDirectory(classes)) {
      throw new AssertionError(module + " is not built: there is no " + classes);
    }
    return classes;
  }
}
