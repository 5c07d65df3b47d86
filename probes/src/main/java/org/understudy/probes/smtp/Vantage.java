package org.understudy.probes.smtp;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.understudy.probes.AddressLookup;
import org.understudy.probes.ControlHost;
import org.understudy.probes.SmtpProbeSettings;
import org.understudy.probes.VantageStanding;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.SessionOpening;
import org.understudy.smtp.SmtpClientSettings;
import org.understudy.smtp.SmtpEndpoint;
import org.understudy.smtp.SmtpFailure;
import org.understudy.smtp.SmtpSession;
import org.understudy.smtp.TlsPolicy;

/** Where is looked from. Tells whether silence is that of the servers or our own. Thread-safe. */
final class Vantage {
    private static final Set<SmtpFailure.Kind> MAY_BE_OURS = Set.of(
            SmtpFailure.Kind.TIMEOUT,
            SmtpFailure.Kind.UNREACHABLE,
            SmtpFailure.Kind.DEADLINE,
            SmtpFailure.Kind.REFUSED,
            SmtpFailure.Kind.IO);
    /** Of these a server that is asked cannot be the cause alone. */
    private static final int WITNESSES = 3;

    private static final Duration RECENT = Duration.ofMinutes(5);
    private static final Duration CONTROLS_EVERY = Duration.ofMinutes(1);

    private final SmtpProbeSettings settings;
    private final AddressLookup addresses;
    private final Clock clock;
    private final Welcome welcome;
    private final Map<Server, Sight> sights = new ConcurrentHashMap<>();
    private volatile boolean everGreeted;
    private volatile Optional<String> trouble = Optional.empty();
    private Optional<Instant> controlled = Optional.empty();
    private Optional<String> controlsSilent = Optional.empty();

    private record Server(DomainName domain, DomainName host) {}

    private record Sight(Instant at, boolean greeted) {}

    Vantage(SmtpProbeSettings settings, AddressLookup addresses, Clock clock) {
        this.settings = settings;
        this.addresses = addresses;
        this.clock = clock;
        this.welcome = new Welcome(clock);
    }

    /** True if this machine has no address of that family by which it could go out. */
    static boolean lacksFamilyOf(InetAddress address) {
        if (!(address instanceof Inet6Address) || address.isLoopbackAddress()) {
            return false;
        }
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .noneMatch(own ->
                            own instanceof Inet6Address && !own.isLoopbackAddress() && !own.isLinkLocalAddress());
        } catch (SocketException e) {
            return false;
        }
    }

    /** How servers take us. */
    VantageStanding standing() {
        return welcome.standing();
    }

    void saw(DomainName domain, DomainName host, HostAnswers round) {
        welcome.saw(domain, round);
        boolean greeted = round.addresses().stream().anyMatch(a -> a.greeting().isPresent());
        everGreeted |= greeted;
        if (greeted) {
            trouble = Optional.empty();
        }
        sights.put(new Server(domain, host), new Sight(round.at(), greeted));
    }

    /** Why the silence of an exchanger may be ours; empty if it is its own. Greets the controls when nobody else answers. */
    Optional<String> objection(HostAnswers silent, Deadline deadline) {
        Optional<String> objection = find(silent, deadline);
        trouble = objection;
        return objection;
    }

    private Optional<String> find(HostAnswers silent, Deadline deadline) {
        boolean mayBeOurs = silent.addresses().stream()
                .allMatch(a -> a.greeting().isEmpty()
                        && a.failure()
                                .filter(f -> MAY_BE_OURS.contains(f.kind()))
                                .isPresent());
        if (!mayBeOurs || greetedSince(clock.instant().minus(RECENT))) {
            return Optional.empty();
        }
        if (!settings.controls().isEmpty()) {
            return controls(deadline);
        }
        boolean refused = silent.addresses().stream()
                .anyMatch(a -> a.failure()
                        .filter(f -> f.kind() == SmtpFailure.Kind.REFUSED)
                        .isPresent());
        if (!refused && !everGreeted) {
            return Optional.of(
                    "no mail server at all has answered from here yet: connections to port 25 may be blocked;"
                            + " name servers of others in probes.sessions.controlHosts, and it can be told");
        }
        return allAtOnce();
    }

    /** Why nothing seems to get out of here, as found when somebody was silent last; empty once anybody has answered. */
    Optional<String> trouble() {
        return trouble;
    }

    private boolean greetedSince(Instant since) {
        return sights.values().stream().anyMatch(s -> s.greeted() && s.at().isAfter(since));
    }

    /** That servers which have nothing to do with each other fall silent together is less likely than that we do. */
    private Optional<String> allAtOnce() {
        long domains = sights.keySet().stream().map(Server::domain).distinct().count();
        long hosts = sights.keySet().stream().map(Server::host).distinct().count();
        return domains > 1 && hosts >= WITNESSES
                ? Optional.of("all " + hosts + " mail servers of " + domains
                        + " domains have fallen silent at once: it is more likely that nothing gets out of here")
                : Optional.empty();
    }

    private synchronized Optional<String> controls(Deadline deadline) {
        Instant now = clock.instant();
        if (controlled.filter(at -> at.plus(CONTROLS_EVERY).isAfter(now)).isEmpty()) {
            controlled = Optional.of(now);
            controlsSilent = settings.controls().stream().anyMatch(c -> greets(c, deadline))
                    ? Optional.empty()
                    : Optional.of("none of the control hosts answers either: nothing gets out of here");
        }
        return controlsSilent;
    }

    private boolean greets(ControlHost control, Deadline deadline) {
        SmtpClientSettings client = settings.client();
        try {
            for (InetAddress address : addresses.addresses(control.host())) {
                SessionOpening opening = SmtpSession.open(
                        new SmtpEndpoint(control.host().text(), address, control.port()),
                        new SmtpClientSettings(client.ehloName(), TlsPolicy.NONE, client.timeouts()),
                        deadline);
                opening.session().ifPresent(SmtpSession::close);
                if (opening.greeting().isPresent()) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            // A name that cannot be found out is no sign of life.
            return false;
        }
    }
}
