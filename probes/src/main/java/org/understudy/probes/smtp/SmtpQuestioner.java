package org.understudy.probes.smtp;

import java.net.InetAddress;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.understudy.probes.AddressLookup;
import org.understudy.probes.MailDomain;
import org.understudy.probes.ProbeLoad;
import org.understudy.probes.SmtpProbeSettings;
import org.understudy.probes.VantageStanding;
import org.understudy.smtp.Reply;

/** Whoever asks mail servers goes through one of these, so that none is asked by too many at a time. Thread-safe. */
public final class SmtpQuestioner {
    private final SmtpProbeSettings settings;
    private final SessionGate gate;
    private final Interviewer interviewer;
    private final Clock clock;

    public SmtpQuestioner(SmtpProbeSettings settings, AddressLookup addresses, Clock clock) {
        this.settings = settings;
        this.gate = new SessionGate(settings.sessionsPerServer());
        this.interviewer = new Interviewer(settings, addresses, gate, clock);
        this.clock = clock;
    }

    public SmtpProbeSettings settings() {
        return settings;
    }

    /** Through it goes whoever opens a session with a server. */
    public SessionGate gate() {
        return gate;
    }

    /** Why nothing seems to get out of here; empty if something does, as far as is known. */
    public Optional<String> trouble() {
        return interviewer.vantage().trouble();
    }

    /** How servers take the place that is asked from. */
    public VantageStanding standing() {
        return interviewer.vantage().standing();
    }

    /** True if a refusal says that it is about where is asked from. */
    public static boolean isAboutUs(Reply reply, InetAddress ours) {
        return Standing.of(reply, ours) == Standing.AGAINST_US;
    }

    /** What was asked of each server lately. */
    public List<ProbeLoad> loads() {
        return interviewer.footprints().all();
    }

    /** The exchangers of a domain, to be asked. */
    public DomainHosts hosts(MailDomain domain) {
        return new DomainHosts(domain, settings, interviewer, clock);
    }
}
