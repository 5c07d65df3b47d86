package org.understudy.agent.vantage;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.understudy.probes.ProbeResult;

/** Takes what other places say, if they prove who they are. Thread-safe. */
public final class Vantages {
    private final Map<String, Place> places = new ConcurrentHashMap<>();
    private final Consumer<ProbeResult> sink;
    private final Clock clock;

    /** @param sink gets every result, on the caller's thread */
    public Vantages(Consumer<ProbeResult> sink, Clock clock) {
        this.sink = sink;
        this.clock = clock;
    }

    private record Place(VantageProbe probe, String digest) {
        /** Takes as long whatever the token is. */
        boolean knows(String token) {
            return MessageDigest.isEqual(
                    digest.getBytes(StandardCharsets.US_ASCII), sha256(token).getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** Whether something was taken. */
    public enum Answer {
        TAKEN,
        /** There is no such probe, or the token is not that of its place: which of the two, is nobody's business. */
        UNPROVEN
    }

    /** Lets whoever knows the token speak for the probe. */
    public void add(VantageProbe probe, String token) {
        places.put(probe.id(), new Place(probe, sha256(token)));
    }

    /**
     * Takes a result.
     *
     * @param json as docs/operating.md has it
     * @throws IllegalArgumentException if it makes no sense, in one sentence
     */
    public Answer take(String probeId, String token, byte[] json) {
        Optional<VantageProbe> probe = Optional.ofNullable(places.get(probeId))
                .filter(place -> place.knows(token))
                .map(Place::probe);
        if (probe.isEmpty()) {
            return Answer.UNPROVEN;
        }
        ProbeResult result = PushedResult.read(json, probe.get(), clock);
        probe.get().heard();
        sink.accept(result);
        return Answer.TAKEN;
    }

    private static String sha256(String token) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
