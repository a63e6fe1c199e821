package io.pigeonhole.label;

import io.pigeonhole.label.ReplayedS3.Exchange;
import io.pigeonhole.label.ReplayedS3.Kind;
import io.pigeonhole.label.ReplayedS3.Reply;
import io.pigeonhole.label.ReplayedS3.Request;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Has programs do their requests to one S3 in every order that there is, while an image is
 * uploaded, time passes, and processes die and are invoked again. Each state is seen once: what a
 * program does next depends on nothing but the answers that it got.
 *
 * <p>Time may pass as long as it likes, but only that is kept of it which can matter: how long a
 * program has measured and has to sleep, and how old an object is, up to an age. While no program
 * measures, objects are old: what is young only has programs sleep, and others may do their
 * requests before theirs anyway. Looks at the clock come right before the first and right after the
 * last request between them: so a program seems fastest. Programs that do the same are
 * interchangeable.
 */
final class Interleavings {

  /** How often a program may fail and be invoked again. */
  private static final int FAILURES = 9;

  /** No head start is longer, in seconds. */
  private static final int LONG = 3;

  private static final int NOT_MEASURING = -1;

  private final String image;
  private final List<Optional<String>> uploads;
  private final List<Program> programs;
  private final int deaths;

  /** All that programs came to, and what they came to by an answer. */
  private final List<Place> places = new ArrayList<>();

  private final Map<Way, Integer> ways = new HashMap<>();

  /**
   * Describes what happens.
   *
   * @param image the path of what is uploaded
   * @param uploads the contents that it has, one after the other; empty where it is deleted
   * @param deaths how often a process may die, at any request or after the last, before it has said
   *     that it is done
   */
  Interleavings(String image, List<Optional<String>> uploads, List<Program> programs, int deaths) {
    this.image = image;
    this.uploads = uploads;
    this.programs = programs;
    this.deaths = deaths;
    programs.forEach(program -> places.add(place(program, List.of())));
  }

  /**
   * What one process does.
   *
   * @param from how many uploads come before it
   */
  record Program(String name, int from, Consumer<ReplayedS3> code) {}

  /**
   * An object.
   *
   * @param age in seconds, up to {@link #LONG}
   */
  record Thing(String content, String tags, int age) {
    String etag() {
      return "\"" + content + "\"";
    }

    Thing older() {
      return new Thing(content, tags, Math.min(age + 1, LONG));
    }

    Thing old() {
      return new Thing(content, tags, LONG);
    }
  }

  /** A program after some answers. */
  private record Place(List<Exchange> past, Step step) {}

  private record Way(int place, Reply reply) {}

  /** What a program does next. */
  private sealed interface Step {
    record Ask(Request request) implements Step {}

    record Done() implements Step {}

    record Failed() implements Step {}
  }

  /**
   * How far a program is.
   *
   * @param measured seconds since it looked at the clock, to look again later
   * @param asleep seconds that it has still to sleep
   */
  private record Progress(int place, int failures, int measured, int asleep) {
    boolean isMeasuring() {
      return measured != NOT_MEASURING;
    }

    boolean isTimed() {
      return isMeasuring() || asleep > 0;
    }

    Progress aSecondLater() {
      return new Progress(
          place,
          failures,
          isMeasuring() ? Math.min(measured + 1, LONG) : measured,
          Math.max(0, asleep - 1));
    }
  }

  /** All that decides what can happen from here. */
  private record State(
      Map<String, Thing> bucket, int uploaded, List<Progress> programs, int deaths) {
    State with(int program, Progress progress) {
      List<Progress> changed = new ArrayList<>(programs);
      changed.set(program, progress);
      return new State(bucket, uploaded, List.copyOf(changed), deaths);
    }

    State with(Map<String, Thing> changed) {
      return new State(Map.copyOf(changed), uploaded, programs, deaths);
    }

    State aSecondLater() {
      return new State(
          each(Thing::older),
          uploaded,
          programs.stream().map(Progress::aSecondLater).toList(),
          deaths);
    }

    State whereTimeMatters() {
      boolean matters = programs.stream().anyMatch(Progress::isMeasuring);
      boolean old = bucket.values().stream().allMatch(thing -> thing.age() == LONG);
      return matters || old ? this : with(each(Thing::old));
    }

    private Map<String, Thing> each(UnaryOperator<Thing> change) {
      Map<String, Thing> changed = new TreeMap<>(bucket);
      changed.replaceAll((path, thing) -> change.apply(thing));
      return Map.copyOf(changed);
    }
  }

  /** How a state was reached; told only if it has to be, since there are millions. */
  private record From(State state, Supplier<String> by) {}

  private record Move(Supplier<String> by, State reached) {}

  /**
   * What was found.
   *
   * @param wrong what was wrong in the first end that was, and how it came to that
   */
  record Found(int states, int ends, Optional<String> wrong) {}

  /** Tells what is wrong with the objects at an end; empty if nothing is. */
  interface Ends {
    Optional<String> wrong(Map<String, Thing> bucket);
  }

  /** Goes through all states, up to the first end that is wrong. */
  Found explore(Ends check) {
    List<Progress> begun = new ArrayList<>();
    for (int i = 0; i < programs.size(); i++) {
      begun.add(start(i, 0));
    }
    State first = new State(Map.of(), 0, List.copyOf(begun), deaths);
    Map<State, From> seen = new HashMap<>();
    Deque<State> open = new ArrayDeque<>();
    seen.put(first, new From(first, () -> "start"));
    open.push(first);
    int ends = 0;
    while (!open.isEmpty()) {
      State state = open.pop();
      if (isEnd(state)) {
        ends++;
        Optional<String> wrong = check.wrong(state.bucket());
        if (wrong.isPresent()) {
          return new Found(seen.size(), ends, Optional.of(wrong.get() + trace(state, seen)));
        }
      }
      for (Move move : next(state)) {
        State then = interchanged(move.reached().whereTimeMatters());
        if (seen.putIfAbsent(then, new From(state, move.by())) == null) {
          open.push(then);
        }
      }
    }
    return new Found(seen.size(), ends, Optional.empty());
  }

  /** The same, for all orders of neighbours that do the same. */
  private State interchanged(State state) {
    List<Progress> sorted = new ArrayList<>(state.programs());
    for (int from = 0; from < sorted.size(); ) {
      int to = from + 1;
      while (to < sorted.size() && programs.get(to).equals(programs.get(from))) {
        to++;
      }
      sorted
          .subList(from, to)
          .sort(
              Comparator.comparingInt(Progress::place)
                  .thenComparingInt(Progress::failures)
                  .thenComparingInt(Progress::measured)
                  .thenComparingInt(Progress::asleep));
      from = to;
    }
    return new State(state.bucket(), state.uploaded(), List.copyOf(sorted), state.deaths());
  }

  private static String trace(State end, Map<State, From> seen) {
    StringBuilder trace = new StringBuilder();
    State state = end;
    while (!seen.get(state).state().equals(state)) {
      trace.insert(0, "\n  " + seen.get(state).by().get());
      state = seen.get(state).state();
    }
    return trace.toString();
  }

  private boolean isEnd(State state) {
    return state.uploaded() == uploads.size()
        && state.programs().stream().allMatch(p -> step(p) instanceof Step.Done);
  }

  private Step step(Progress progress) {
    return places.get(progress.place()).step();
  }

  private List<Move> next(State state) {
    List<Move> next = new ArrayList<>();
    if (state.uploaded() < uploads.size()) {
      Optional<String> content = uploads.get(state.uploaded());
      next.add(
          new Move(() -> "upload " + content.orElse("none: deleted"), uploaded(state, content)));
    }
    for (int i = 0; i < programs.size(); i++) {
      if (state.uploaded() >= programs.get(i).from()) {
        next(state, i, next);
      }
    }
    if (state.programs().stream().anyMatch(Progress::isTimed)) {
      next.add(new Move(() -> "a second passes", state.aSecondLater()));
    }
    return next;
  }

  private void next(State state, int i, List<Move> next) {
    Progress progress = state.programs().get(i);
    if (step(progress) instanceof Step.Failed) {
      if (progress.failures() == FAILURES) {
        throw new AssertionError(name(i) + " fails again and again");
      }
      next.add(
          new Move(() -> name(i) + " fails", state.with(i, start(i, progress.failures() + 1))));
    } else if (step(progress) instanceof Step.Ask && progress.asleep() == 0) {
      State before = timed(state, i);
      Progress timed = before.programs().get(i);
      if (timed.asleep() > 0) {
        next.add(new Move(() -> name(i) + " falls asleep", before));
      } else {
        Request request = ((Step.Ask) step(timed)).request();
        State after = answered(before, i, request);
        boolean measuring = after.programs().get(i).isMeasuring();
        next.add(new Move(() -> name(i) + " " + request, measuring ? timed(after, i) : after));
      }
    }
    if (state.deaths() > 0 && !places.get(progress.place()).past().isEmpty()) {
      State dead = state.with(i, start(i, progress.failures()));
      next.add(
          new Move(
              () -> name(i) + " dies",
              new State(dead.bucket(), dead.uploaded(), dead.programs(), dead.deaths() - 1)));
    }
  }

  private String name(int program) {
    return programs.get(program).name() + " (" + program + ")";
  }

  /**
   * The first place of each program is the program's own, and the same for those that do the same.
   */
  private Progress start(int program, int failures) {
    return new Progress(programs.indexOf(programs.get(program)), failures, NOT_MEASURING, 0);
  }

  private State uploaded(State state, Optional<String> content) {
    Map<String, Thing> bucket = new TreeMap<>(state.bucket());
    bucket.remove(image);
    // its age is nothing to anybody
    content.ifPresent(bytes -> bucket.put(image, new Thing(bytes, "", LONG)));
    return new State(Map.copyOf(bucket), state.uploaded() + 1, state.programs(), state.deaths());
  }

  /** After a look at the clock, if that is next. */
  private State timed(State state, int program) {
    return step(state.programs().get(program)) instanceof Step.Ask ask
            && ask.request().kind() == Kind.CLOCK
        ? answered(state, program, ask.request())
        : state;
  }

  private State answered(State state, int program, Request request) {
    Map<String, Thing> bucket = new TreeMap<>(state.bucket());
    Progress before = state.programs().get(program);
    boolean looks = request.kind() == Kind.CLOCK;
    Reply reply =
        looks ? new Reply(200, "", "", 0, Math.max(0, before.measured())) : reply(request, bucket);
    int place = place(program, before.place(), new Exchange(request, reply));
    int measured = before.measured();
    if (looks) {
      measured = before.isMeasuring() ? NOT_MEASURING : 0;
    }
    if (request.kind() == Kind.GET && before.isMeasuring()) {
      // found that another was first, and has no use for the time any more
      measured = NOT_MEASURING;
    }
    if (looks && !before.isMeasuring() && hasLooked(before)) {
      throw new AssertionError("the time from a look at the clock that was given up");
    }
    int asleep =
        places.get(place).step() instanceof Step.Ask ask && ask.request().kind() == Kind.SLEEP
            ? Integer.parseInt(ask.request().body())
            : 0;
    return state
        .with(bucket)
        .with(program, new Progress(place, before.failures(), measured, asleep));
  }

  private boolean hasLooked(Progress progress) {
    return places.get(progress.place()).past().stream()
        .anyMatch(exchange -> exchange.request().kind() == Kind.CLOCK);
  }

  private int place(int program, int from, Exchange exchange) {
    return ways.computeIfAbsent(
        new Way(from, exchange.reply()),
        way -> {
          List<Exchange> past = new ArrayList<>(places.get(from).past());
          past.add(exchange);
          places.add(place(programs.get(program), List.copyOf(past)));
          return places.size() - 1;
        });
  }

  private static Place place(Program program, List<Exchange> past) {
    try {
      program.code().accept(new ReplayedS3(past));
      return new Place(past, new Step.Done());
    } catch (ReplayedS3.Pending pending) {
      return new Place(past, new Step.Ask(pending.request()));
    } catch (IllegalStateException failed) {
      return new Place(past, new Step.Failed());
    }
  }

  /** What S3 answers, and does to the objects that there are. */
  static Reply reply(Request request, Map<String, Thing> bucket) {
    Optional<Thing> thing = Optional.ofNullable(bucket.get(request.path()));
    return switch (request.kind()) {
      case CLOCK, SLEEP -> status(200);
      case GET, HEAD -> read(request, thing);
      case PUT -> put(request, thing, bucket);
      case DELETE -> {
        bucket.remove(request.path());
        yield status(204);
      }
      case GET_TAGS ->
          thing.map(there -> new Reply(200, there.tags(), "", 0, 0)).orElse(status(404));
      case PUT_TAGS -> {
        thing.ifPresent(
            there ->
                bucket.put(
                    request.path(), new Thing(there.content(), request.body(), there.age())));
        yield status(thing.isPresent() ? 200 : 404);
      }
    };
  }

  private static Reply status(int status) {
    return new Reply(status, "", "", 0, 0);
  }

  private static Reply read(Request request, Optional<Thing> thing) {
    if (thing.isEmpty()) {
      return status(404);
    }
    Thing there = thing.get();
    return request.condition().equals(there.etag())
        ? status(304)
        : new Reply(
            200, there.content(), there.etag(), (int) there.tags().lines().count(), there.age());
  }

  private static Reply put(Request request, Optional<Thing> thing, Map<String, Thing> bucket) {
    String condition = request.condition();
    if (condition.equals("*") && thing.isPresent()) {
      return status(412);
    }
    if (!condition.isEmpty() && !condition.equals("*")) {
      if (thing.isEmpty()) {
        return status(404);
      }
      if (!thing.get().etag().equals(condition)) {
        return status(412);
      }
    }
    // of what is empty, nobody reads the age
    Thing put = new Thing(request.body(), "", request.body().isEmpty() ? LONG : 0);
    bucket.put(request.path(), put);
    return new Reply(200, "", put.etag(), 0, 0);
  }
}
