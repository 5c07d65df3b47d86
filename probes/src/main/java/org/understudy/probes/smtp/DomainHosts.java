package org.understudy.probes.smtp;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.understudy.probes.Exchanger;
import org.understudy.probes.MailDomain;
import org.understudy.probes.Role;
import org.understudy.probes.SmtpIntent;
import org.understudy.probes.SmtpProbeSettings;

/** The exchangers of a domain that are meant to answer, each with what it last said. Thread-safe. */
public final class DomainHosts {
    private final MailDomain domain;
    private final List<HostInterviews> hosts;
    private final Vantage vantage;

    DomainHosts(MailDomain domain, SmtpProbeSettings settings, Interviewer interviewer, Clock clock) {
        this.domain = domain;
        this.vantage = interviewer.vantage();
        Questions questions = new Questions(domain, settings);
        this.hosts = domain.exchangers().stream()
                .filter(e -> e.role() != Role.TARPIT)
                .map(e -> new HostInterviews(e, questions, interviewer, clock))
                .toList();
    }

    MailDomain domain() {
        return domain;
    }

    SmtpIntent intent() {
        return domain.intent().smtp();
    }

    Vantage vantage() {
        return vantage;
    }

    List<HostInterviews> all() {
        return hosts;
    }

    HostInterviews of(Exchanger exchanger) {
        return hosts.stream()
                .filter(h -> h.exchanger().equals(exchanger))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(exchanger + " is no exchanger of " + domain.name()));
    }

    /** Primaries and gateways. */
    List<HostInterviews> entrances() {
        return hosts.stream().filter(h -> h.exchanger().role().isEntrance()).toList();
    }

    List<HostInterviews> backups() {
        return hosts.stream().filter(h -> h.exchanger().role() == Role.BACKUP).toList();
    }

    /** Since when an entrance has given a session whenever it was asked; empty if none did the last time. */
    public Optional<Instant> entranceUpSince() {
        return entrances().stream().flatMap(h -> h.answeringSince().stream()).min(Instant::compareTo);
    }

    /** True if an entrance gave a session when it was last asked. */
    boolean isEntranceUp() {
        return entrances().stream().anyMatch(h -> is(h, HostAnswers::isAnswering));
    }

    /** True if no entrance gave a session when they were last asked, and all were. */
    boolean isEntranceDown() {
        return !entrances().isEmpty() && entrances().stream().allMatch(h -> is(h, HostAnswers::isSilent));
    }

    /** True if there are others of the other kind, and none of them gave a session when they were last asked. */
    boolean isCounterpartDown(Exchanger exchanger) {
        List<HostInterviews> others = exchanger.role().isEntrance() ? backups() : entrances();
        return !others.isEmpty() && others.stream().allMatch(h -> is(h, HostAnswers::isSilent));
    }

    private static boolean is(HostInterviews host, Predicate<HostAnswers> what) {
        Optional<HostAnswers> latest = host.latest();
        return latest.filter(what).isPresent();
    }
}
