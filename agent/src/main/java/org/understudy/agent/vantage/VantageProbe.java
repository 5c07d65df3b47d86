package org.understudy.agent.vantage;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.understudy.probes.Probe;
import org.understudy.probes.ProbeResult;
import org.understudy.probes.ResultBuilder;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;

/**
 * One domain seen from another place. It looks nowhere itself: what is said of it is its result, and if nothing is said for a while,
 * that is unknown. Thread-safe.
 */
public final class VantageProbe implements Probe {
    /** First part of the ids of such probes. */
    public static final String KIND = "vantage";

    /** So many times the interval it may be silent. */
    private static final int PATIENCE = 3;

    private final DomainName domain;
    private final String place;
    private final Duration interval;
    private final Supplier<Optional<ProbeResult>> known;
    private final Clock clock;
    private final Instant opened;
    private volatile @Nullable Instant heard;

    /**
     * @param place name of the other place
     * @param interval how often something is said of it
     * @param known the latest result of this probe that was kept
     */
    public VantageProbe(
            DomainName domain, String place, Duration interval, Supplier<Optional<ProbeResult>> known, Clock clock) {
        this.domain = domain;
        this.place = place;
        this.interval = interval;
        this.known = known;
        this.clock = clock;
        this.opened = clock.instant();
    }

    /** The id of the probe of a domain from a place. */
    public static String id(DomainName domain, String place) {
        return KIND + "/" + domain + "/" + place;
    }

    @Override
    public String id() {
        return id(domain, place);
    }

    @Override
    public DomainName domain() {
        return domain;
    }

    /** The other place. */
    public String place() {
        return place;
    }

    /** Something was said now. */
    void heard() {
        heard = clock.instant();
    }

    /** What was said last, as long as that is not too long ago. */
    @Override
    public ProbeResult run(Deadline deadline) {
        Instant last = heard;
        Instant since = last == null ? opened : last;
        boolean silent = since.plus(interval.multipliedBy(PATIENCE)).isBefore(clock.instant());
        Optional<ProbeResult> said = known.get();
        if (!silent && said.isPresent()) {
            return said.get();
        }
        ResultBuilder result = new ResultBuilder(this, clock);
        if (silent) {
            result.unknown(place + " has said nothing of " + domain + " since " + since
                    + (last == null ? ", when this agent began to listen" : ""));
        } else {
            result.skip(place + " has said nothing yet");
        }
        return result.build();
    }
}
