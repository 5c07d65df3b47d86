package org.understudy.interop.power;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.understudy.interop.recording.Recording;
import org.understudy.interop.recording.SystemCall;
import org.understudy.spool.QueueId;

/** One pass over a recording: power losses at all places of interest, and what was found after each. Used once. */
final class Simulation {
    /** More than there are processors: a store that is closed waits for its committer, which looks up from time to time. */
    private static final int WORKERS = 12;
    /** States that are open or wait for it. Each holds a copy of what it changed. */
    private static final int MOST_WAITING = 2 * WORKERS;

    private static final int ENOUGH = 20;
    /** In so many variants the index is lost as well. */
    private static final int INDEX_LOST = 1;

    /** Of states that are wrong in themselves so many stay on the disk. */
    private static final int MOST_KEPT = 3;

    private final AtomicInteger kept = new AtomicInteger();
    private final Recording recording;
    private final Claims claims;
    private final Disk disk;
    private final Settings settings;
    private final Set<QueueId> setAside = new HashSet<>();
    private final Map<Long, CompletableFuture<Survey>> surveys = new HashMap<>();
    private final List<CompletableFuture<Void>> verdicts = new ArrayList<>();
    private final List<String> violations = Collections.synchronizedList(new ArrayList<>());
    private final List<String> differences = new ArrayList<>();
    private final Semaphore waiting = new Semaphore(MOST_WAITING);
    private int places;
    private int states;

    /**
     * How thorough it is.
     *
     * @param scratch where states are written and opened
     * @param afterEachLife copies of the real directory as each process left it
     * @param variants states per place: see {@link Choice#of}
     * @param isControl true to look at acknowledgements only, and only until enough is found to be wrong
     * @param morePlaces further places, anywhere
     */
    record Settings(
            Path scratch, List<Path> afterEachLife, long seed, int variants, boolean isControl, int morePlaces) {}

    Simulation(Recording recording, Disk disk, Settings settings) {
        this.recording = recording;
        this.claims = Claims.of(recording);
        this.disk = disk;
        this.settings = settings;
        claims.all().stream().filter(Claims.Claim::isEverSetAside).forEach(claim -> setAside.add(claim.id()));
    }

    void run() throws IOException, InterruptedException {
        ExecutorService workers = Executors.newFixedThreadPool(WORKERS);
        try {
            Set<Integer> more = new HashSet<>();
            Random random = new Random(settings.seed());
            for (int i = 0; i < settings.morePlaces(); i++) {
                more.add(random.nextInt(recording.moments().size()));
            }
            for (int at = 0; at < recording.moments().size() && !isDecided(); at++) {
                replay(at, more.contains(at), workers);
                int life = recording.ends().indexOf(at + 1);
                if (life >= 0) {
                    differences.addAll(StateDirectory.differences(
                            disk.state(Choice.of(Choice.ALL_THERE, 0)),
                            settings.afterEachLife().get(life)));
                    disk.restart();
                }
            }
            verdicts.forEach(CompletableFuture::join);
        } finally {
            workers.shutdownNow();
        }
    }

    private boolean isDecided() {
        return settings.isControl() && violations.size() >= ENOUGH;
    }

    private void replay(int at, boolean isMore, ExecutorService workers) throws InterruptedException {
        Recording.Moment moment = recording.moments().get(at);
        SystemCall call = moment.call();
        boolean isSync = !settings.isControl() && disk.isSync(call);
        if (moment.isBegin()) {
            disk.begin(call);
        } else {
            // A sync that is about to return may have done all or nothing of its work.
            if (isSync) {
                lose(at, workers);
            }
            disk.end(call);
        }
        if (isMore || (isSync && !moment.isBegin()) || (moment.isBegin() && Claims.isAcknowledgement(call))) {
            lose(at, workers);
        }
    }

    /** The power goes at this place. */
    private void lose(int at, ExecutorService workers) throws InterruptedException {
        places++;
        for (int variant = 0; variant < settings.variants(); variant++) {
            int number = variant;
            SortedMap<String, @Nullable Image> state =
                    disk.state(Choice.of(variant, settings.seed() * 1_000_003 + places));
            if (variant >= settings.variants() - INDEX_LOST) {
                state.keySet().removeIf(path -> path.startsWith("data/spool/index.db"));
            }
            states++;
            CompletableFuture<Survey> survey = surveys.get(fingerprint(state));
            if (survey == null) {
                waiting.acquire();
                Path directory = settings.scratch().resolve("state-" + surveys.size());
                survey = CompletableFuture.supplyAsync(() -> survey(directory, state), workers)
                        .whenComplete((s, e) -> waiting.release());
                surveys.put(fingerprint(state), survey);
            }
            verdicts.add(survey.thenAccept(found -> judge(found, at, number)));
        }
    }

    private Survey survey(Path directory, SortedMap<String, @Nullable Image> state) {
        try {
            StateDirectory.write(directory, state);
            Survey survey = Survey.of(directory.resolve("data/spool"), setAside);
            if (survey.troubles().isEmpty() || settings.isControl() || kept.incrementAndGet() > MOST_KEPT) {
                StateDirectory.delete(directory);
            } else {
                // As it was found, for whoever looks for the reason.
                StateDirectory.delete(directory);
                StateDirectory.write(directory, state);
            }
            return survey;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void judge(Survey survey, int at, int variant) {
        List<String> found = claims.violations(survey, at);
        if (!found.isEmpty()) {
            violations.add("at " + at + ", variant " + variant + ": "
                    + String.join("; ", found.subList(0, Math.min(3, found.size())))
                    + (found.size() > 3 ? "; and " + (found.size() - 3) + " more" : ""));
        }
    }

    private static long fingerprint(SortedMap<String, @Nullable Image> state) {
        long fingerprint = 17;
        for (Map.Entry<String, @Nullable Image> entry : state.entrySet()) {
            Image image = entry.getValue();
            fingerprint = fingerprint * 0x9E3779B97F4A7C15L + entry.getKey().hashCode();
            fingerprint = (fingerprint ^ fingerprint >>> 29) * 0xBF58476D1CE4E5B9L
                    + (image == null ? 1 : image.fingerprint());
        }
        return fingerprint;
    }

    int syncs() {
        return disk.syncs();
    }

    /** One sentence a state with something wrong. */
    List<String> violations() {
        return List.copyOf(violations);
    }

    /** Where the model's disk is not the real one. */
    List<String> differences() {
        return List.copyOf(differences);
    }

    String figures() {
        return recording.moments().size() + " moments, " + disk.syncs() + " syncs, " + claims.acknowledged()
                + " acknowledged messages; power lost at " + places + " places in " + states + " states, "
                + surveys.size() + " of them different";
    }
}
