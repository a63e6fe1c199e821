package io.pigeonhole.local.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Compares what the roles of {@code infra/template.yaml} may do with what was done in their names
 * while the other integration tests ran, which S3's log tells.
 */
@Tag("policies")
class PolicyIT {
  private static final Map<String, String> CALLERS =
      Map.of(
          "LabelRole", "label",
          "ClassifyRole", "classify",
          "PromoteRole", "promote",
          "BackfillRole", "backfill",
          "ProvideRole", "provide",
          "TrainRole", "train",
          "TrainingRole", "trainer");

  /** Roles in whose name AWS itself calls, and why that is not seen here. */
  private static final Map<String, String> ROLES_OF_AWS =
      Map.of(
          "BackfillJobRole", "S3 Batch Operations: lists, invokes backfill, writes its report",
          "ScheduleRole", "EventBridge Scheduler: invokes train",
          "InstanceRole", "the agent of ECS on instances; a policy of AWS");

  /** What is used where these tests cannot see it, by the beginning of the action. */
  private static final Map<String, String> USED_ELSEWHERE =
      Map.of(
          "logs:", "Lambda writes what functions print",
          "xray:", "Lambda traces invocations",
          "sqs:", "Lambda reads label's queue, and label asks it again, of what stands in for it",
          "kms:", "S3 asks for it when the images have a key of their own",
          "batch:",
              "asked of what stands in for AWS Batch, which answers these three and no other");

  private static final String VERSIONS =
      "the bucket keeps versions in AWS; a correction's tags are written as label's are";
  private static final String OVERTAKEN =
      "a newer image of the same key was labeled while its correction was filed";
  private static final String GOES_ON =
      "a training whose instance was taken back goes on; KilledTrainingIT has one without a role";

  /** The same, one by one: what no test here does, and when it is done. */
  private static final Map<String, String> SELDOM_USED =
      Map.of(
          "ClassifyRole: s3:GetObjectVersionTagging on arn:aws:s3:::images/*", VERSIONS,
          "ClassifyRole: s3:PutObjectVersionTagging on arn:aws:s3:::images/*", VERSIONS,
          "ClassifyRole: s3:PutObject on arn:aws:s3:::results/for-review/*", OVERTAKEN,
          "ClassifyRole: s3:DeleteObject on arn:aws:s3:::results/corrected/*", OVERTAKEN,
          "Labeling: s3:ListBucket on arn:aws:s3:::models", "there is no model yet",
          "TrainingRole: s3:GetObject on arn:aws:s3:::models/checkpoints/*", GOES_ON);

  /** What a test makes up, to see that it is refused. */
  private static final String NOBODYS = "arn:aws:s3:::no-such-bucket";

  private static final Map<String, Set<Permission>> DONE = new TreeMap<>();
  private static Policies policies;

  @BeforeAll
  static void read() throws IOException {
    policies =
        new Policies(
            Template.read(
                Path.of(System.getProperty("template")),
                Set.of("OwnImages", "HasImagesKey", "WithTraining")));
    for (Path log : logs()) {
      try (Stream<String> lines = Files.lines(log)) {
        lines
            .distinct()
            .map(PolicyIT::call)
            .forEach(
                call ->
                    DONE.computeIfAbsent(call.caller(), name -> new HashSet<>())
                        .addAll(call.needs()));
      }
    }
  }

  /** One of each process that has run tests. */
  private static List<Path> logs() throws IOException {
    Path common = Path.of(System.getProperty("s3.logs"));
    try (Stream<Path> files = Files.list(common.getParent())) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(common.getFileName() + "-"))
          .toList();
    }
  }

  /** Tests may ask for anything; only what is asked in the name of a role has to be known. */
  private static Call call(String line) {
    try {
      return Call.read(line);
    } catch (IllegalArgumentException e) {
      if (CALLERS.values().stream().anyMatch(name -> line.contains("Credential=" + name))) {
        throw e;
      }
      return new Call("", List.of());
    }
  }

  @Test
  void everyRoleIsLookedAt() {
    Set<String> known = new TreeSet<>(CALLERS.keySet());
    known.addAll(ROLES_OF_AWS.keySet());
    assertThat(policies.roles()).containsExactlyInAnyOrderElementsOf(known);
    assertThat(DONE.keySet()).containsAll(CALLERS.values());
  }

  @Test
  void nothingIsDoneThatIsNotAllowed() {
    List<String> missing = new ArrayList<>();
    CALLERS.forEach(
        (role, caller) -> {
          List<Permission> allowed = policies.allowed(role);
          for (Permission done : done(List.of(role))) {
            if (!done.resource().startsWith(NOBODYS)
                && allowed.stream().noneMatch(permission -> permission.allows(done))) {
              missing.add(caller + ": " + done);
            }
          }
        });
    assertThat(missing).isEmpty();
  }

  @Test
  void nothingIsAllowedThatIsNotDone() {
    List<String> unused = new ArrayList<>();
    CALLERS.keySet().forEach(role -> unused(role, policies.ownOf(role), List.of(role), unused));
    policies
        .shared()
        .forEach((name, allowed) -> unused(name, allowed, policies.sharing(name), unused));
    assertThat(unused).isEmpty();
  }

  private static void unused(
      String name, List<Permission> allowed, List<String> roles, Collection<String> unused) {
    Set<Permission> done = done(roles);
    for (Permission permission : allowed) {
      boolean elsewhere =
          USED_ELSEWHERE.keySet().stream().anyMatch(permission.action()::startsWith)
              || SELDOM_USED.containsKey(name + ": " + permission);
      if (!elsewhere && done.stream().noneMatch(permission::allows)) {
        unused.add(name + ": " + permission);
      }
    }
  }

  private static Set<Permission> done(List<String> roles) {
    Set<Permission> done = new HashSet<>();
    roles.forEach(role -> done.addAll(DONE.getOrDefault(CALLERS.get(role), Set.of())));
    return done;
  }
}
