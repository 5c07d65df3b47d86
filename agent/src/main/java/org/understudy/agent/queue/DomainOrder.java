package org.understudy.agent.queue;

import com.google.common.net.HostAndPort;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.understudy.smtp.TlsPolicy;
import org.understudy.spool.NextHop;
import org.understudy.spool.OperatorOrder;

/**
 * An order for a domain or a lane, as it stands in a request. Immutable.
 *
 * @param action freeze, thaw or reroute
 * @param to next hop of a reroute as host or host:port; absent for the configured one
 * @param tls as in the configuration
 * @param actor who orders it
 * @param reason why
 */
public record DomainOrder(String action, Optional<String> to, String tls, String actor, String reason) {
    private static final int SMTP_PORT = 25;

    public DomainOrder(
            @Nullable String action,
            Optional<String> to,
            @Nullable String tls,
            @Nullable String actor,
            @Nullable String reason) {
        this.action = action == null ? "" : action;
        this.to = to;
        this.tls = tls == null ? TlsPolicy.OPPORTUNISTIC.name() : tls;
        this.actor = actor == null ? "" : actor;
        this.reason = reason == null ? "" : reason;
    }

    /**
     * The other next hop; empty for the configured one.
     *
     * @throws IllegalArgumentException if it is none, in one sentence
     */
    public Optional<NextHop> nextHop() {
        TlsPolicy policy = Arrays.stream(TlsPolicy.values())
                .filter(known -> known.name().equals(tls.toUpperCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "tls: \"" + tls + "\" is none; there are " + Arrays.toString(TlsPolicy.values()) + "."));
        return to.map(text -> {
            HostAndPort at = HostAndPort.fromString(text);
            return new NextHop(at.getHost(), at.getPortOrDefault(SMTP_PORT), policy);
        });
    }

    /**
     * Who orders it, and why.
     *
     * @throws IllegalArgumentException if nobody gives it, in one sentence
     */
    public OperatorOrder order() {
        return new OperatorOrder(actor, reason);
    }
}
