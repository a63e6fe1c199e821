package io.pigeonhole.local.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.pigeonhole.local.gateway.ApiRoutes;
import io.pigeonhole.local.gateway.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What {@code infra/template.yaml} says and other parts of the repository say, too. */
class TemplateTest {
  private static final Path REPOSITORY = Path.of(System.getProperty("repository"));
  private static final Path TEMPLATE = REPOSITORY.resolve("infra/template.yaml");
  private final Template template = Template.read(TEMPLATE, Set.of("WithTraining"));

  TemplateTest() throws IOException {}

  @Test
  void theScheduleAndTheFunctionOfferTheTrainersRecipes() throws IOException {
    List<String> recipes;
    try (Stream<Path> files =
        Files.list(REPOSITORY.resolve("trainer/src/main/resources/recipes"))) {
      recipes = files.map(f -> f.getFileName().toString().replace(".yaml", "")).toList();
    }
    assertThat((List<?>) template.parameter("TrainingRecipe").get("AllowedValues"))
        .map(Object::toString)
        .containsExactlyInAnyOrderElementsOf(recipes);
    assertThat(environment("Train").get("PIGEONHOLE_TRAIN_RECIPES").toString().split(","))
        .containsExactlyInAnyOrderElementsOf(recipes);
  }

  @Test
  void theScheduleSendsWhatTheSampleShows() throws IOException {
    assertThat(scheduled(template)).isEqualTo(sample("scheduler-train.json"));
    Template withBase =
        Template.read(
            TEMPLATE,
            Set.of("WithTraining", "TrainsOnAFolder"),
            Map.of(
                "TrainingRecipe", "transfer",
                "TrainingBase", "mobilenet-v2",
                "TrainingFolder", "photos/",
                "ModelName", "photos"));
    assertThat(scheduled(withBase)).isEqualTo(sample("scheduler-train-base.json"));
  }

  private static JsonNode scheduled(Template template) {
    Map<?, ?> target =
        (Map<?, ?>)
            template.resources("AWS::Scheduler::Schedule").get("TrainingScheduled").get("Target");
    return JsonMapper.shared().readTree(target.get("Input").toString());
  }

  private static JsonNode sample(String name) throws IOException {
    return JsonMapper.shared()
        .readTree(Files.readString(REPOSITORY.resolve("events").resolve(name)));
  }

  @Test
  void theScheduleTakesBasesAndFoldersAsTheFunctionDoes() {
    assertThat("mobilenet-v2").matches(pattern("TrainingBase"));
    assertThat("").matches(pattern("TrainingBase")).matches(pattern("TrainingFolder"));
    assertThat("../x").doesNotMatch(pattern("TrainingBase"));
    assertThat("photos/2026 summer/").doesNotMatch(pattern("TrainingFolder"));
    assertThat("photos/").matches(pattern("TrainingFolder"));
    assertThat("photos\"/").doesNotMatch(pattern("TrainingFolder"));
  }

  @Test
  void rolesHaveNoPolicyOfAwsButTheOneForInstances() {
    Policies policies = new Policies(template);
    for (String role : policies.roles()) {
      assertThat(policies.ofOthers(role))
          .as(role)
          .isEqualTo(
              role.equals("InstanceRole")
                  ? Set.of(
                      "arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role")
                  : Set.of());
    }
  }

  @Test
  void everyHandlerOfTheFunctionsIsDeployed() {
    Map<String, Map<?, ?>> functions = template.resources("AWS::Serverless::Function");
    assertThat(functions)
        .containsOnlyKeys("Label", "Classify", "Promote", "Backfill", "Provide", "Train");
    functions.forEach(
        (name, function) ->
            assertThat(name)
                .isEqualToIgnoringCase(environment(name).get("QUARKUS_LAMBDA_HANDLER").toString()));
  }

  @Test
  void theLocalGatewayHasTheSameRoutes() throws IOException {
    Template signsIn =
        Template.read(
            TEMPLATE,
            Set.of("AuthorizesByJwt", "TakesTokens", "ReadsByScope", "WritesByScope"),
            Map.of("JwtScopes", "read,write,admin"));
    Map<String, Level> levels = new TreeMap<>();
    signsIn
        .resources("AWS::ApiGatewayV2::Route")
        .values()
        .forEach(route -> levels.put(route.get("RouteKey").toString(), level(route)));
    assertThat(levels).containsExactlyInAnyOrderEntriesOf(ApiRoutes.levels());
  }

  private static Level level(Map<?, ?> route) {
    if (!"JWT".equals(route.get("AuthorizationType"))) {
      return Level.NONE;
    }
    List<String> scopes =
        ((List<?>) route.get("AuthorizationScopes")).stream().map(s -> (String) s).toList();
    assertThat(List.of("read", "write", "admin")).endsWith(scopes.toArray(String[]::new));
    return Level.valueOf(scopes.get(0).toUpperCase(Locale.ROOT));
  }

  @Test
  void theApiReachesNoImageThatDoesNotBeginWithThePrefix() throws IOException {
    Template withPrefix =
        Template.read(
            TEMPLATE, Set.of("OwnImages", "HasPrefix"), Map.of("ImagesPrefix", "photos/"));
    List<Permission> allowed = new Policies(withPrefix).allowed("ClassifyRole");
    assertThat(allowed)
        .filteredOn(permission -> permission.resource().startsWith("arn:aws:s3:::images/"))
        .isNotEmpty()
        .allMatch(permission -> permission.resource().startsWith("arn:aws:s3:::images/photos/"));
    assertThat(allowed)
        .contains(new Permission("s3:PutObject", "arn:aws:s3:::images/photos/uploads/*"));
    Map<?, ?> globals = withPrefix.environmentOfAll();
    assertThat(globals.get("PIGEONHOLE_IMAGES_PREFIX")).isEqualTo("photos/");
    assertThat("photos/*").doesNotMatch(pattern("ImagesPrefix"));
    assertThat("photos of ü/").matches(pattern("ImagesPrefix"));
  }

  @Test
  void theModelIsLookedForAsOftenAsTheFunctionsTake() {
    Pattern pattern = pattern("ModelRefresh");
    for (String unit : List.of("S", "M", "H")) {
      for (int i = 0; i < 100_000; i++) {
        String refresh = "PT" + i + unit;
        assertThat(pattern.matcher(refresh).matches())
            .as(refresh)
            .isEqualTo(Duration.parse(refresh).compareTo(Duration.ofDays(1)) <= 0);
      }
    }
  }

  private Pattern pattern(String parameter) {
    return Pattern.compile(template.parameter(parameter).get("AllowedPattern").toString());
  }

  private Map<?, ?> environment(String function) {
    Map<?, ?> properties = template.resources("AWS::Serverless::Function").get(function);
    return (Map<?, ?>) ((Map<?, ?>) properties.get("Environment")).get("Variables");
  }
}
