package org.understudy.agent;

import com.codahale.metrics.health.HealthCheck;
import io.dropwizard.lifecycle.Managed;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.util.component.LifeCycle;
import org.quartz.SchedulerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.agent.bridge.CanaryRecipients;
import org.understudy.agent.bridge.FilterLists;
import org.understudy.agent.bridge.FindingSignals;
import org.understudy.agent.bridge.ResultSink;
import org.understudy.agent.bridge.SampleRequests;
import org.understudy.agent.bridge.SpfSenders;
import org.understudy.agent.config.CanarySection;
import org.understudy.agent.config.ConfigurationText;
import org.understudy.agent.config.DomainSection;
import org.understudy.agent.config.FilteringSection;
import org.understudy.agent.config.QueueSection;
import org.understudy.agent.config.VantageSection;
import org.understudy.agent.health.CertificateHealthCheck;
import org.understudy.agent.health.ChannelsHealthCheck;
import org.understudy.agent.health.SchedulerHealthCheck;
import org.understudy.agent.health.SpoolHealthCheck;
import org.understudy.agent.metrics.AgentMetrics;
import org.understudy.agent.schedule.ProbeScheduler;
import org.understudy.agent.schedule.ScheduledProbe;
import org.understudy.agent.self.Lateness;
import org.understudy.agent.self.SelfCheck;
import org.understudy.agent.self.SelfProbe;
import org.understudy.agent.storage.CanaryKey;
import org.understudy.agent.storage.DirectoryLock;
import org.understudy.agent.storage.Results;
import org.understudy.agent.storage.SqliteFiles;
import org.understudy.agent.tls.CertificateFiles;
import org.understudy.agent.tls.ServerCertificate;
import org.understudy.agent.vantage.VantageProbe;
import org.understudy.agent.vantage.Vantages;
import org.understudy.alerts.Alerts;
import org.understudy.alerts.AlertsSettings;
import org.understudy.probes.Canaries;
import org.understudy.probes.Exchanger;
import org.understudy.probes.Finding;
import org.understudy.probes.HeldMessages;
import org.understudy.probes.MailDomain;
import org.understudy.probes.Probe;
import org.understudy.probes.ProbeResult;
import org.understudy.probes.Probes;
import org.understudy.probes.Role;
import org.understudy.probes.SampleDisposal;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.SmtpClientSettings;
import org.understudy.spool.FilterSettings;
import org.understudy.spool.NextHop;
import org.understudy.spool.QueueId;
import org.understudy.spool.Spool;

/**
 * Everything that runs, constructed by hand: spool, alerts, canaries, probes and their schedule. Started in that order and
 * stopped in the opposite one.
 */
final class Agent implements Managed {
    private static final Logger LOG = LoggerFactory.getLogger(Agent.class);
    /** More domains than these are only counted in the log. */
    private static final int MOST_NAMED = 20;

    private static final Duration DRAIN = Duration.ofSeconds(20);
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final Duration CERTIFICATE_INTERVAL = Duration.ofSeconds(5);

    private final AgentConfiguration configuration;
    private final Clock clock;
    /** Of the spool, if it is not self-signed. */
    private final Optional<CertificateFiles> certificate;

    private final DirectoryLock lock;
    private final SqliteFiles databases;
    private final AtomicBoolean diskIsScarce = new AtomicBoolean();
    private final Optional<Spool> spool;
    private final Optional<SpoolProbes> spoolProbes;
    private final Results results;
    private final Alerts alerts;
    private final Canaries canaries;
    private final List<Watch> watches = new ArrayList<>();
    private final Vantages vantages;
    private final ResultSink sink;
    private final DomainProbes domainProbes;
    private final ProbeScheduler scheduler;
    private final Lateness lateness = new Lateness();
    private final AtomicBoolean stopping = new AtomicBoolean();

    /**
     * Opens every store and constructs every part; listens nowhere and runs nothing yet.
     *
     * @param text what the configuration was read from, if from a file
     * @throws RuntimeException of one clear sentence if a part cannot be opened
     */
    Agent(AgentConfiguration configuration, Optional<ConfigurationText> text, PrometheusRegistry registry, Clock clock)
            throws SchedulerException {
        this.configuration = configuration;
        this.clock = clock;
        SmtpClientSettings client =
                configuration.probes().sessions().client(configuration.agent().name());
        Path directory = configuration.agent().dataDirectory();
        this.lock = DirectoryLock.take(directory, clock);
        this.databases = new SqliteFiles(directory);
        this.results = Results.open(databases.open("agent.db"), diskIsScarce::get, clock);
        this.certificate = configuration.spool().enabled()
                ? configuration.spool().tls().map(files -> CertificateFiles.open(files, CERTIFICATE_INTERVAL))
                : Optional.empty();
        this.spool = configuration.spool().enabled() ? Optional.of(openSpool()) : Optional.empty();
        this.spoolProbes = spool.map(s -> new SpoolProbes(configuration, s, clock));
        this.alerts = Alerts.open(
                databases.open("alerts.db"),
                AlertsSettings.of(configuration.agent().name()),
                configuration.alerts().channels(clock),
                clock);
        this.canaries = Canaries.open(
                databases.open("canaries.db"),
                CanaryKey.open(directory),
                Probes.addresses(configuration.dns().settings()),
                client,
                spool.<HeldMessages>map(s -> id -> isHeld(s, id)).orElse(HeldMessages.NONE),
                clock);
        this.vantages = new Vantages(this::accept, clock);
        this.domainProbes = DomainProbes.of(configuration, results.baselines(), results.hostHistory(), clock);
        List<ScheduledProbe> probes = new ArrayList<>();
        configuration.domains().forEach(domain -> probes.addAll(watch(domain)));
        spoolProbes.map(SpoolProbes::store).ifPresent(probes::add);
        probes.add(new ProbeRhythm(configuration.probes(), configuration.policy()).self(self(text)));
        AgentMetrics metrics = publish(registry);
        this.sink = sink(probes, metrics);
        this.scheduler = new ProbeScheduler(
                probes, configuration.probes().threads(), sink, results::purge, lateness, metrics::began, clock);
    }

    private Spool openSpool() {
        DomainName name = configuration.spoolName();
        Path selfSigned = configuration.agent().dataDirectory().resolve("spool-certificate.p12");
        Supplier<SSLContext> context = certificate
                .<Supplier<SSLContext>>map(files -> files)
                .orElseGet(() -> {
                    SSLContext ours = ServerCertificate.selfSigned(selfSigned, name.text());
                    return () -> ours;
                });
        CanaryRecipients canaryRecipients = new CanaryRecipients(configuration.domains().stream()
                .flatMap(domain -> domain.canary().stream())
                .map(canary -> canary.settings().recipient())
                .toList());
        SpfSenders senders = new SpfSenders(Probes.spf(configuration.dns().settings()));
        return Spool.open(
                configuration
                        .spool()
                        .settings(name, context)
                        .withRecipients(r -> r.withCanary(canaryRecipients).withSenders(senders))
                        .withFilter(this::withLists),
                clock);
    }

    private FilterSettings withLists(FilterSettings filter) {
        List<DomainName> lists =
                configuration.spool().filtering().map(FilteringSection::lists).orElse(List.of());
        FilterSettings looking = filter.withSamples(new SampleRequests(configuration.domains().stream()
                .flatMap(domain -> domain.canary().stream())
                .map(canary -> canary.settings().sampleSender())
                .toList()));
        return lists.isEmpty()
                ? looking
                : looking.withListings(
                        new FilterLists(Probes.clientLists(configuration.dns().settings(), lists, clock)));
    }

    private static boolean isHeld(Spool spool, String queueId) {
        return QueueId.isValid(queueId) && spool.isQueued(new QueueId(queueId));
    }

    /** Constructs the probes of one domain and the watch over them. */
    private List<ScheduledProbe> watch(DomainSection section) {
        MailDomain domain = configuration.mailDomain(section);
        ProbeRhythm rhythm = new ProbeRhythm(configuration.probes(), configuration.policy());
        List<ScheduledProbe> probes = new ArrayList<>(domainProbes.of(domain));
        for (Exchanger exchanger : domain.exchangers()) {
            if (exchanger.role() != Role.TARPIT) {
                section.canary()
                        .ifPresent(canary -> probes.add(rhythm.canary(
                                canaries.probe(domain, exchanger, canary.settings()),
                                exchanger.role(),
                                canary.patience().toJavaDuration())));
            }
        }
        section.canary()
                .filter(CanarySection::contentSamples)
                .ifPresent(canary -> probes.add(rhythm.content(canaries.content(
                        domain,
                        canary.settings(),
                        domainProbes.smtp(),
                        spoolProbes.map(s -> s.samples(canary.settings())).orElse(SampleDisposal.NONE),
                        configuration.probes().content().toJavaDuration()))));
        spoolProbes.ifPresent(s -> probes.addAll(s.of(domain, domainProbes.sight(domain))));
        configuration.vantages().stream()
                .filter(place -> place.looksAt(domain.name()))
                .forEach(place -> probes.add(rhythm.vantage(listenTo(place, domain), place)));
        section.queues()
                .forEach(queue -> probes.add(rhythm.serverQueue(serverQueue(domain, section, queue), queue.limit())));
        watches.add(new Watch(
                domain, probes, section.canary().isPresent(), results, canaries, alerts, spool, this::trouble, clock));
        return probes;
    }

    private void accept(ProbeResult result) {
        sink.accept(result);
    }

    private VantageProbe listenTo(VantageSection place, MailDomain domain) {
        String id = VantageProbe.id(domain.name(), place.name());
        VantageProbe probe = new VantageProbe(
                domain.name(), place.name(), place.interval().toJavaDuration(), () -> results.latest(id), clock);
        vantages.add(probe, place.secret());
        return probe;
    }

    private Probe serverQueue(MailDomain domain, DomainSection section, QueueSection queue) {
        return Probes.queueAge(
                domain.name(),
                DomainName.parse(queue.host()),
                queue.source(section.queueScope(queue, domainProbes.sight(domain)), clock),
                SpoolProbes.thresholds(configuration),
                clock);
    }

    /** Looks at the agent itself. */
    private Probe self(Optional<ConfigurationText> text) {
        SelfChecks checks = new SelfChecks(
                configuration, watches.stream().map(Watch::domain).toList(), clock);
        List<SelfCheck> all = new ArrayList<>(checks.surroundings(domainProbes));
        all.addAll(checks.work(results, diskIsScarce, lateness, alerts, lock));
        checks.heartbeat(this::unfit).ifPresent(all::add);
        all.addAll(checks.configuration(text));
        return new SelfProbe(name(), all, clock);
    }

    /** Why the agent does not do all of its work, if so. */
    private Optional<String> unfit() {
        return results.trouble()
                .map(why -> "results are not kept: " + why)
                .or(() -> diskIsScarce.get() ? Optional.of("no space is left for results") : Optional.empty())
                .or(() -> scheduler.overdue().map(probe -> "the probe " + probe + " is overdue"));
    }

    private DomainName name() {
        return DomainName.parse(configuration.agent().name());
    }

    /** Why what is seen is not to be relied on, if so. */
    private Optional<String> trouble() {
        return results.latest(SelfProbe.KIND + "/" + name()).stream()
                .flatMap(result -> result.findings().stream())
                .filter(SelfProbe::blinds)
                .map(Finding::summary)
                .findFirst();
    }

    private Map<DomainName, NextHop> routes() {
        return spool.isPresent() ? configuration.spool().routes() : Map.of();
    }

    private AgentMetrics publish(PrometheusRegistry registry) {
        AgentMetrics metrics = new AgentMetrics(registry);
        metrics.watch(watches);
        metrics.alerts(alerts);
        spool.ifPresent(s -> metrics.spool(s, clock));
        metrics.lateness(lateness);
        return metrics;
    }

    private ResultSink sink(List<ScheduledProbe> probes, AgentMetrics metrics) {
        Map<String, Probe> byId =
                probes.stream().map(ScheduledProbe::probe).collect(Collectors.toMap(Probe::id, p -> p));
        Map<String, NextHop> nextHops = new HashMap<>();
        for (Watch watch : watches) {
            NextHop nextHop = routes().get(watch.domain().name());
            if (nextHop != null) {
                watch.domain()
                        .exchangers(Role.PRIMARY)
                        .forEach(e -> nextHops.put("smtp/" + watch.domain().name() + "/" + e.host(), nextHop));
            }
        }
        FindingSignals signals = new FindingSignals(
                configuration.agent().name(),
                configuration.agent().publicUrl(),
                configuration.probes().policy(configuration.alerts().repeatInterval()),
                clock);
        alerts.keepSources(FindingSignals.sources(byId.values()));
        return new ResultSink(byId, results, metrics, signals, alerts, spool, nextHops);
    }

    @Override
    public void start() throws Exception {
        spool.ifPresent(Spool::start);
        alerts.start();
        canaries.start();
        scheduler.start();
        LOG.info(
                "watching {}",
                watches.size() > MOST_NAMED
                        ? watches.size() + " domains"
                        : watches.stream().map(w -> w.domain().name()).toList());
        spool.ifPresent(s -> LOG.info("the spool listens on {}", s.addresses()));
    }

    /**
     * Begins to stop as soon as the server does, not only after its HTTP connections have ended: senders with an open
     * transaction get their 250 or 451, new ones 421.
     */
    LifeCycle.Listener stopListener() {
        return new LifeCycle.Listener() {
            @Override
            public void lifeCycleStopping(LifeCycle event) {
                beginStop();
            }
        };
    }

    private void beginStop() {
        if (stopping.compareAndSet(false, true)) {
            scheduler.halt();
            spool.ifPresent(s -> {
                if (!s.drain(DRAIN)) {
                    LOG.warn("some sessions had not ended after {} and were closed", DRAIN);
                }
            });
        }
    }

    @Override
    public void stop() throws Exception {
        beginStop();
        scheduler.stop();
        canaries.close();
        alerts.close(GRACE);
        spool.ifPresent(Spool::close);
        databases.close();
        lock.close();
    }

    Vantages vantages() {
        return vantages;
    }

    Map<String, HealthCheck> healthChecks() {
        Map<String, HealthCheck> checks = new TreeMap<>();
        checks.put("scheduler", new SchedulerHealthCheck(scheduler));
        checks.put("channels", new ChannelsHealthCheck(alerts));
        spool.ifPresent(s -> checks.put("spool", new SpoolHealthCheck(s)));
        certificate.ifPresent(files -> checks.put("spool-certificate", new CertificateHealthCheck(files)));
        return checks;
    }

    List<Watch> watches() {
        return List.copyOf(watches);
    }

    Alerts alerts() {
        return alerts;
    }

    Canaries canaries() {
        return canaries;
    }

    Optional<Spool> spool() {
        return spool;
    }
}
