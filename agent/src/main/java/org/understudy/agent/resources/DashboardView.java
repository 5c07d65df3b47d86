package org.understudy.agent.resources;

import io.dropwizard.views.common.View;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.understudy.alerts.Alert;
import org.understudy.alerts.ChannelStatus;
import org.understudy.spool.SpoolStatus;

/** The dashboard, or the part of it that is refreshed in place. */
public final class DashboardView extends View {
    private final String query;
    private final List<DomainDocument> domains;
    private final List<Alert> alerts;
    private final List<ChannelStatus> channels;
    private final Optional<SpoolStatus> spool;
    private final Instant now;

    DashboardView(
            String template,
            String query,
            List<DomainDocument> domains,
            List<Alert> alerts,
            List<ChannelStatus> channels,
            Optional<SpoolStatus> spool,
            Instant now) {
        super(template, StandardCharsets.UTF_8);
        this.query = query;
        this.domains = List.copyOf(domains);
        this.alerts = List.copyOf(alerts);
        this.channels = List.copyOf(channels);
        this.spool = spool;
        this.now = now;
    }

    /** With what the part that changes is asked for: empty, or the one domain that is shown. */
    public String getQuery() {
        return query;
    }

    public List<DomainDocument> getDomains() {
        return domains;
    }

    public List<Alert> getAlerts() {
        return alerts;
    }

    public List<ChannelStatus> getChannels() {
        return channels;
    }

    /** Empty or one. */
    public List<SpoolStatus> getSpools() {
        return spool.stream().toList();
    }

    public String getNow() {
        return utc(now);
    }

    /** A time as people in another zone can use it too. */
    public String utc(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString().replace('T', ' ').replace("Z", " UTC");
    }

    /** How long ago, in words. */
    public String ago(Instant at) {
        return words(Duration.between(at, now)) + " ago";
    }

    private static String words(Duration d) {
        if (d.toDays() > 0) {
            return d.toDays() + " d " + d.toHoursPart() + " h";
        }
        if (d.toHours() > 0) {
            return d.toHours() + " h " + d.toMinutesPart() + " min";
        }
        return d.toMinutes() > 0 ? d.toMinutes() + " min" : Math.max(0, d.toSeconds()) + " s";
    }
}
