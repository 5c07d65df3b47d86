package org.understudy.agent;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.understudy.agent.config.ConfigurationText;
import org.understudy.agent.config.DomainSection;
import org.understudy.agent.self.AlertNoiseSelfCheck;
import org.understudy.agent.self.AlertPathSelfCheck;
import org.understudy.agent.self.ClockSelfCheck;
import org.understudy.agent.self.ConfigurationFileSelfCheck;
import org.understudy.agent.self.DualActiveSelfCheck;
import org.understudy.agent.self.EgressSelfCheck;
import org.understudy.agent.self.HeartbeatSelfCheck;
import org.understudy.agent.self.Lateness;
import org.understudy.agent.self.MachineAddresses;
import org.understudy.agent.self.ProbeLoadSelfCheck;
import org.understudy.agent.self.ProbeRates;
import org.understudy.agent.self.ResolverSelfCheck;
import org.understudy.agent.self.SchedulerSelfCheck;
import org.understudy.agent.self.SecretFilesSelfCheck;
import org.understudy.agent.self.SelfCheck;
import org.understudy.agent.self.SharedFateSelfCheck;
import org.understudy.agent.self.StandingSelfCheck;
import org.understudy.agent.self.StorageSelfCheck;
import org.understudy.agent.storage.DirectoryLock;
import org.understudy.agent.storage.Results;
import org.understudy.alerts.Alerts;
import org.understudy.probes.DnsSettings;
import org.understudy.probes.MailDomain;
import org.understudy.probes.Probes;
import org.understudy.smtp.DomainName;

/** What the agent looks at in itself, made from the configuration. Immutable. */
record SelfChecks(AgentConfiguration settings, List<MailDomain> domains, Clock clock) {
    private static final int SMTP_PORT = 25;
    /** More alerts than that within a day are noise in any case. */
    private static final int HISTORY = 200;

    /** What it needs from outside: resolvers, a way out, the right time, a place of its own. */
    List<SelfCheck> surroundings(DomainProbes probes) {
        DnsSettings dns = settings.dns().settings();
        List<SelfCheck> checks = new ArrayList<>();
        checks.add(new ResolverSelfCheck(
                Probes.resolvers(dns, domains.stream().map(MailDomain::name).toList())));
        checks.add(new EgressSelfCheck(probes::egressTrouble));
        checks.add(new ClockSelfCheck(settings.agent().clocks()));
        checks.add(new StandingSelfCheck(
                settings.agent().addresses(),
                probes::standing,
                address -> Probes.isPublic(address, dns),
                Probes.clientLists(dns, settings.policySettings().blockLists(), clock),
                clock));
        checks.add(new ProbeLoadSelfCheck(probes::loads, settings.probes().sessions()::isTolerant, domains, rates()));
        if (settings.alerts().heartbeat().isEmpty()) {
            Set<DomainName> ourselves = settings.spool().enabled() ? Set.of(settings.spoolName()) : Set.of();
            checks.add(new SharedFateSelfCheck(
                    domains, Probes.addresses(dns), MachineAddresses::all, ourselves, dns::isIndependent));
        }
        return checks;
    }

    private ProbeRates rates() {
        return new ProbeRates(
                settings.probes().smtp().toJavaDuration(),
                settings.probes().questions().toJavaDuration(),
                settings.probes().canaryViaPrimary().toJavaDuration(),
                settings.probes().canaryViaBackup().toJavaDuration());
    }

    /** How it does its work. */
    List<SelfCheck> work(
            Results results, AtomicBoolean diskIsScarce, Lateness lateness, Alerts alerts, DirectoryLock lock) {
        DnsSettings dns = settings.dns().settings();
        return List.of(
                new StorageSelfCheck(
                        settings.agent().dataDirectory(),
                        settings.agent().minimumFreeBytes(),
                        results::trouble,
                        diskIsScarce),
                new SchedulerSelfCheck(lateness),
                new DualActiveSelfCheck(lock::intruder),
                new AlertPathSelfCheck(
                        settings.alerts().paths(), domains, domain -> Probes.presumed(domain, SMTP_PORT, dns)),
                new AlertNoiseSelfCheck(() -> alerts.history(HISTORY), clock));
    }

    /** Tells somebody elsewhere that it does, if that is wanted. */
    Optional<SelfCheck> heartbeat(Supplier<Optional<String>> unfit) {
        return settings.alerts()
                .heartbeat()
                .map(section -> new HeartbeatSelfCheck(
                        section.address(), section.interval().toJavaDuration(), unfit, clock));
    }

    /** What it was told to do, and the secrets that it was given. */
    List<SelfCheck> configuration(Optional<ConfigurationText> text) {
        List<SelfCheck> checks = new ArrayList<>();
        text.ifPresent(t -> checks.add(new ConfigurationFileSelfCheck(t.file(), t.text(), clock)));
        // The lab's passwords are for anybody.
        Stream<Path> itself =
                text.filter(t -> t.holdsSecrets() && !settings.lab().enabled()).map(ConfigurationText::file).stream();
        checks.add(new SecretFilesSelfCheck(Stream.concat(itself, secretFiles()).toList()));
        return checks;
    }

    private Stream<Path> secretFiles() {
        Stream<String> named = Stream.of(
                        settings.domains().stream()
                                .flatMap(domain -> domain.canary().stream())
                                .map(canary -> canary.imap().passwordFile()),
                        settings.domains().stream().flatMap(DomainSection::secretFiles),
                        settings.alerts().slack().stream().map(slack -> slack.webhookUrlFile()),
                        settings.alerts().email().stream().map(email -> email.passwordFile()),
                        settings.alerts().heartbeat().stream().map(heartbeat -> heartbeat.urlFile()),
                        settings.vantages().stream().map(vantage -> vantage.tokenFile()))
                .flatMap(files -> files)
                .filter(file -> !file.isEmpty());
        Stream<Path> keys = Stream.concat(
                Stream.of(settings.agent().dataDirectory().resolve("canary.key")),
                settings.spool().tls().map(tls -> tls.keyFile()).stream());
        return Stream.concat(named.map(Path::of), keys);
    }
}
