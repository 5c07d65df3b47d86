package org.understudy.agent.resources;

import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.understudy.agent.verdict.Verdict;
import org.understudy.alerts.Alert;
import org.understudy.alerts.Alerts;
import org.understudy.alerts.ChannelStatus;
import org.understudy.probes.Canaries;
import org.understudy.probes.CanaryEvidence;
import org.understudy.spool.Spool;
import org.understudy.spool.SpoolStatus;

/** What is true now, as JSON. */
@Path("/api/v1")
@Produces(MediaType.APPLICATION_JSON)
public final class StatusResource {
    private static final int MOST_CANARIES = 200;

    private final String version;
    private final Watches watches;
    private final Alerts alerts;
    private final Canaries canaries;
    private final Optional<Spool> spool;
    private final Clock clock;

    public StatusResource(
            String version, Watches watches, Alerts alerts, Canaries canaries, Optional<Spool> spool, Clock clock) {
        this.version = version;
        this.watches = watches;
        this.alerts = alerts;
        this.canaries = canaries;
        this.spool = spool;
        this.clock = clock;
    }

    /** The whole agent at a glance. */
    public record StatusDocument(
            String version,
            Instant at,
            Verdict verdict,
            List<DomainDocument> domains,
            List<Alert> alerts,
            List<ChannelStatus> channels,
            Optional<SpoolStatus> spool) {}

    /** All domains, the alerts, the channels, the spool. The verdict on top is the worst of the domains'. */
    @GET
    @Path("/status")
    public StatusDocument status() {
        List<DomainDocument> domains = watches.all().stream()
                .map(w -> DomainDocument.of(w, clock.instant()))
                .toList();
        return new StatusDocument(
                version,
                clock.instant(),
                domains.stream()
                        .map(DomainDocument::verdict)
                        .max(Comparator.comparing(StatusResource::urgency))
                        .orElse(Verdict.UNKNOWN),
                domains,
                alerts.active(),
                alerts.channels(),
                spool.map(Spool::status));
    }

    /** One domain. */
    @GET
    @Path("/domains/{domain}")
    public DomainDocument domain(@PathParam("domain") String domain) {
        return DomainDocument.of(watches.find(domain), clock.instant());
    }

    /** The newest canaries of one domain, newest first. */
    @GET
    @Path("/domains/{domain}/canaries")
    public List<CanaryEvidence> canaries(
            @PathParam("domain") String domain, @QueryParam("limit") @DefaultValue("50") int limit) {
        return canaries.recent(watches.find(domain).domain().name(), Math.max(1, Math.min(limit, MOST_CANARIES)));
    }

    /** Alerts that are pending or firing. */
    @GET
    @Path("/alerts")
    public List<Alert> alerts() {
        return alerts.active();
    }

    private static int urgency(Verdict verdict) {
        return switch (verdict) {
            case PROTECTED -> 0;
            case AT_RISK -> 1;
            case RECOVERING -> 2;
            case UNKNOWN -> 3;
            case FAILOVER -> 4;
            case EXPOSED -> 5;
        };
    }
}
