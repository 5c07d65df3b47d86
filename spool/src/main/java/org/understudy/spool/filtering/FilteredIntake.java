package org.understudy.spool.filtering;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.Envelope;
import org.understudy.smtp.Network;
import org.understudy.spool.FilterCounts;
import org.understudy.spool.FilterSettings;
import org.understudy.spool.MessageDraft;
import org.understudy.spool.MessageIntake;
import org.understudy.spool.NextHopCapabilities;
import org.understudy.spool.Origin;
import org.understudy.spool.RecipientRequest;
import org.understudy.spool.SpoolException;

/** An intake that asks the filters first. Thread-safe. */
public final class FilteredIntake implements MessageIntake {
    private final MessageIntake next;
    private final FilterSettings settings;
    private final Optional<Rspamd> rspamd;
    private final Mark mark;
    private final Predicate<RecipientRequest> canary;
    private final Predicate<DomainName> primaryIsUp;
    private final NextHopCapabilities nextHops;
    private final HoldingArea area;
    private final AtomicLong clean = new AtomicLong();
    private final AtomicLong deferred = new AtomicLong();
    private final AtomicLong marked = new AtomicLong();
    private final AtomicLong unchecked = new AtomicLong();

    /**
     * Makes the directory of what waits.
     *
     * @param next where what they have nothing against goes, and what cannot be put off
     * @param hostName our own, for the mark
     * @param canary recognises recipients of canaries, which must come through
     * @param primaryIsUp true only if that is certain
     * @throws SpoolException if the directory cannot be used
     */
    public FilteredIntake(
            MessageIntake next,
            FilterSettings settings,
            DomainName hostName,
            Predicate<RecipientRequest> canary,
            Predicate<DomainName> primaryIsUp,
            NextHopCapabilities nextHops,
            Path directory) {
        this.next = next;
        this.settings = settings;
        this.rspamd = settings.rspamd().map(Rspamd::new);
        this.mark = new Mark(hostName);
        this.canary = canary;
        this.primaryIsUp = primaryIsUp;
        this.nextHops = nextHops;
        this.area = HoldingArea.open(directory);
    }

    @Override
    public MessageDraft begin(Envelope envelope, Origin origin) {
        MessageDraft draft = next.begin(envelope, origin);
        boolean exempt = Network.anyContains(settings.exempt(), origin.client()) || isCanary(envelope, origin);
        return exempt ? draft : new FilteredDraft(this, draft, envelope, origin);
    }

    /** All of its recipients: one among others would let everything through. */
    private boolean isCanary(Envelope envelope, Origin origin) {
        return RecipientRequest.all(envelope, origin).stream()
                .allMatch(canary.and(settings.samples().negate()));
    }

    /** True if every recipient can be reached without us. */
    boolean canBePutOff(Envelope envelope) {
        return envelope.recipients().stream()
                .allMatch(recipient ->
                        recipient.path().domainName().filter(primaryIsUp).isPresent());
    }

    /** True if all next hops take a message of this size. */
    boolean fits(Envelope envelope, long size) {
        return envelope.recipients().stream()
                .map(recipient -> nextHops.of(recipient.path()))
                .allMatch(known -> known.flatMap(offered ->
                                offered.maximumSize().stream().boxed().findFirst())
                        .filter(limit -> limit < size)
                        .isEmpty());
    }

    HeldContent hold() {
        return new HeldContent(area);
    }

    FilterSettings settings() {
        return settings;
    }

    Optional<Rspamd> rspamd() {
        return rspamd;
    }

    Mark mark() {
        return mark;
    }

    void countClean() {
        clean.incrementAndGet();
    }

    void countDeferred() {
        deferred.incrementAndGet();
    }

    void countMarked() {
        marked.incrementAndGet();
    }

    void countUnchecked() {
        unchecked.incrementAndGet();
    }

    /** Since start. */
    public FilterCounts counts() {
        return new FilterCounts(clean.get(), deferred.get(), marked.get(), unchecked.get());
    }
}
