package io.pigeonhole.local.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.nio.file.Files;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ArchitectureTest {
  /** Which modules each one imports. */
  private static final Map<String, Set<String>> IMPORTS =
      Map.of(
          "image", Set.of(),
          "model", Set.of("image"),
          "infra/testkit", Set.of(),
          "trainer", Set.of("model", "image"),
          "functions", Set.of("model", "image"),
          "infra/local", Set.of());

  /** A class in Markdown: `Name` or `Name.Inner`. */
  private static final Pattern CLASS = Pattern.compile("`([A-Z][a-z]\\w*(?:\\.[A-Z]\\w*)*)`");

  /** A module or a package in Markdown: `name/`. */
  private static final Pattern PLACE = Pattern.compile("`([a-z]+(?:/[a-z]+)*)/`");

  private static final JavaClasses ALL = Modules.all();

  static List<String> modules() {
    return Modules.names();
  }

  @ParameterizedTest
  @MethodSource("modules")
  void aModuleImportsOnlyThoseBelowIt(String module) {
    assertThat(IMPORTS).as("what a new module may import").containsKey(module);
    DescribedPredicate<JavaClass> allowed = Modules.in(module);
    for (String below : IMPORTS.get(module)) {
      allowed = allowed.or(Modules.in(below));
    }
    noClasses()
        .should()
        .dependOnClassesThat(
            resideInAPackage("io.pigeonhole..")
                .and(not(allowed))
                .as("are Pigeonhole's, but of no module below %s", module))
        .check(ALL.that(Modules.in(module)));
  }

  @Test
  void packagesHaveNoCircles() {
    slices().matching("io.pigeonhole.(**)").as("packages").should().beFreeOfCycles().check(ALL);
  }

  @Test
  void theClientOfTheApiDoesNotTrain() {
    noClasses()
        .that()
        .resideInAPackage("io.pigeonhole.client..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("io.pigeonhole.trainer..", "io.pigeonhole.program.."))
        .check(ALL);
  }

  @Test
  void whatAllCommandsHaveIsAboutNone() {
    noClasses()
        .that()
        .resideInAPackage("io.pigeonhole.command..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("io.pigeonhole..")
                .and(not(resideInAPackage("io.pigeonhole.command.."))))
        .check(ALL);
  }

  /** What a model is can be read without TensorFlow's library: only its file formats are used. */
  @Test
  void modelRunsNoTensorFlow() {
    noClasses()
        .should()
        .dependOnClassesThat(
            resideInAPackage("org.tensorflow..")
                .and(not(resideInAPackage("org.tensorflow.proto.."))))
        .check(ALL.that(Modules.in("model")));
  }

  @Test
  void oneClassOfImageRunsTensorFlow() {
    noClasses()
        .that()
        .doNotHaveSimpleName("TensorFlowDecoder")
        .should()
        .dependOnClassesThat(resideInAPackage("org.tensorflow.."))
        .check(ALL.that(Modules.in("image")));
  }

  @Test
  void whatTheDocumentNamesIsThere() throws Exception {
    String document = Files.readString(Modules.REPOSITORY.resolve("ARCHITECTURE.md"));
    Set<String> classes = named(CLASS, document);
    assertThat(classes).hasSizeGreaterThan(20);
    classes.removeAll(classes());
    assertThat(classes).as("classes that are not there").isEmpty();
    Set<String> places = named(PLACE, document);
    assertThat(places).containsAll(Modules.names());
    places.removeAll(places());
    assertThat(places).as("modules and packages that are not there").isEmpty();
  }

  private static Set<String> named(Pattern pattern, String document) {
    return pattern
        .matcher(document)
        .results()
        .map(found -> found.group(1))
        .collect(Collectors.toCollection(HashSet::new));
  }

  private static Set<String> classes() {
    return ALL.stream()
        .map(type -> type.getName().substring(type.getPackageName().length() + 1))
        .map(name -> name.replace('$', '.'))
        .collect(Collectors.toSet());
  }

  /** Modules, and packages by their last names. */
  private static Set<String> places() {
    return Stream.concat(
            Modules.names().stream(),
            ALL.stream()
                .map(JavaClass::getPackageName)
                .map(name -> name.substring(name.lastIndexOf('.') + 1)))
        .collect(Collectors.toSet());
  }
}
