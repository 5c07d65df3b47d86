package org.understudy.probes.dns;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.understudy.probes.AddressLookup;
import org.understudy.probes.DnsSettings;
import org.understudy.probes.Exchanger;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.MailDomain;
import org.understudy.probes.Probe;
import org.understudy.probes.ProbeResult;
import org.understudy.probes.ResultBuilder;
import org.understudy.probes.Severity;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/**
 * Compares the MX records, as every authoritative server and the resolver give them, with the declared tiers. A fault that one
 * server shows is a fault: a share of the senders asks just that server.
 */
public final class MxContractProbe implements Probe {
    private final MailDomain domain;
    private final DnsSettings settings;
    private final DnsClient client;
    private final AddressLookup addresses;
    private final MxJudge judge;
    private final Clock clock;

    public MxContractProbe(MailDomain domain, DnsSettings settings, Clock clock) {
        this.domain = domain;
        this.settings = settings;
        this.client = new DnsClient(settings);
        this.addresses = new DnsAddressLookup(settings);
        this.judge = new MxJudge(domain);
        this.clock = clock;
    }

    @Override
    public String id() {
        return "dns/" + domain.name() + "/mx";
    }

    @Override
    public DomainName domain() {
        return domain.name();
    }

    @Override
    public ProbeResult run(Deadline deadline) {
        ResultBuilder result = new ResultBuilder(this, clock);
        try {
            look(result, deadline);
        } catch (RuntimeException e) {
            result.unknown("unforeseen: " + e);
        }
        return result.build();
    }

    private void look(ResultBuilder result, Deadline deadline) {
        List<MxView> views = new ArrayList<>();
        int servers = 0;
        List<String> silent = new ArrayList<>();
        for (NameServer server : nameServers(result)) {
            if (deadline.isPassed()) {
                result.unknown("the time was over before every authoritative server was asked");
                break;
            }
            servers++;
            MxView view = MxView.of(server.label(), client.askAuthoritative(server.address(), domain.name(), Type.MX));
            result.fact(server.label(), view.zoneLines(domain.name().text()));
            if (view.answer().isConclusive() && view.answer().authoritative()) {
                views.add(view);
            } else {
                silent.add(server.label() + ": "
                        + (view.answer().isConclusive()
                                ? "answers without authority"
                                : view.answer().detail()));
            }
        }
        unreachable(result, servers, silent);
        MxView resolver = MxView.of("resolver", client.askResolver(domain.name(), Type.MX));
        result.fact("resolver", resolver.zoneLines(domain.name().text()));
        if (views.isEmpty() && !resolver.answer().isConclusive()) {
            result.unknown("no server and no resolver says what the MX records of " + domain.name() + " are: "
                    + resolver.answer().detail());
            return;
        }
        disagreement(result, views);
        // What the resolver has may be an older answer that it is entitled to keep; it counts where nobody else speaks.
        contract(result, views.isEmpty() ? List.of(resolver) : views);
        targets(result, views.isEmpty() ? resolver : views.get(0));
    }

    private record NameServer(String label, InetSocketAddress address) {}

    private List<NameServer> nameServers(ResultBuilder result) {
        DnsAnswer ns = client.askResolver(domain.name(), Type.NS);
        List<NameServer> servers = new ArrayList<>();
        if (!ns.isConclusive()) {
            result.unknown("the name servers of " + domain.name() + " cannot be found out: " + ns.detail());
        }
        for (Record record : ns.records()) {
            if (record instanceof NSRecord nsRecord) {
                DomainName name = DomainName.parse(nsRecord.getTarget().toString(true));
                for (InetAddress address : known(name)) {
                    servers.add(new NameServer(
                            name + " [" + address.getHostAddress() + "]",
                            new InetSocketAddress(address, settings.authoritativePort())));
                }
            }
        }
        return servers;
    }

    /** A name server without a known address cannot be asked; the others speak for it. */
    private List<InetAddress> known(DomainName nameServer) {
        try {
            return addresses.addresses(nameServer);
        } catch (IOException e) {
            return List.of();
        }
    }

    private void unreachable(ResultBuilder result, int servers, List<String> silent) {
        if (silent.isEmpty() || silent.size() == servers) {
            // If none answers at all, our own network is the likelier culprit.
            silent.stream().findFirst().ifPresent(s -> result.unknown("no authoritative server answers: " + s));
            return;
        }
        int left = servers - silent.size();
        for (String server : silent) {
            String[] parts = server.split(": ", 2);
            result.finding(new Finding(
                    FindingType.AUTHORITATIVE_SERVER_UNREACHABLE,
                    left <= 1 ? Severity.CRITICAL : Severity.WARNING,
                    parts[0],
                    "The name server " + parts[0] + " does not answer for " + domain.name() + "; " + left + " of "
                            + servers + " do",
                    Map.of(parts[0], parts.length > 1 ? parts[1] : "")));
        }
    }

    private void disagreement(ResultBuilder result, List<MxView> views) {
        if (views.stream().map(MxView::set).distinct().count() < 2) {
            return;
        }
        boolean orderDiffers = views.stream().map(judge::roleOrder).distinct().count() > 1;
        Map<String, String> evidence = new LinkedHashMap<>();
        views.forEach(v -> evidence.put(v.server(), v.zoneLines(domain.name().text())));
        result.finding(new Finding(
                FindingType.AUTHORITATIVE_SERVERS_DISAGREE,
                orderDiffers ? Severity.CRITICAL : Severity.WARNING,
                domain.name().text(),
                "The authoritative servers of " + domain.name() + " give different MX records",
                evidence));
    }

    /** The same fault on several servers is one finding with the evidence of each. */
    private void contract(ResultBuilder result, List<MxView> views) {
        Map<String, Finding> merged = new LinkedHashMap<>();
        for (MxView view : views) {
            for (Finding finding : judge.judge(view)) {
                merged.merge(finding.type().id() + " " + finding.subject(), finding, MxContractProbe::merge);
            }
        }
        merged.values().forEach(result::finding);
    }

    private static Finding merge(Finding a, Finding b) {
        Map<String, String> evidence = new LinkedHashMap<>(a.evidence());
        evidence.putAll(b.evidence());
        Severity worse = a.severity().compareTo(b.severity()) >= 0 ? a.severity() : b.severity();
        return new Finding(a.type(), worse, a.subject(), a.summary(), evidence);
    }

    private void targets(ResultBuilder result, MxView view) {
        TreeSet<String> names = new TreeSet<>();
        view.records().stream().map(MxView.Mx::target).forEach(names::add);
        domain.exchangers().stream().map(Exchanger::host).map(DomainName::text).forEach(names::add);
        for (String name : names) {
            DomainName host;
            try {
                host = DomainName.parse(name);
            } catch (IllegalArgumentException e) {
                // A null MX or an address, which the judge has spoken about.
                continue;
            }
            target(result, host);
        }
    }

    private void target(ResultBuilder result, DomainName host) {
        DnsAnswer v4 = client.askResolver(host, Type.A);
        List<Record> aliases =
                v4.records().stream().filter(r -> r.getType() == Type.CNAME).toList();
        if (!aliases.isEmpty()) {
            result.finding(Finding.of(
                    FindingType.MX_TARGET_IS_CNAME,
                    host.text(),
                    host + " is an alias: an MX record must name the host itself",
                    Map.of("resolver", aliases.get(0).toString())));
        }
        try {
            if (addresses.addresses(host).isEmpty()) {
                result.finding(Finding.of(
                        FindingType.MX_TARGET_NO_ADDRESS,
                        host.text(),
                        host + " has neither an A nor an AAAA record",
                        Map.of("resolver", v4.detail())));
            }
        } catch (IOException e) {
            result.unknown("the addresses of " + host + " cannot be found out: " + e.getMessage());
        }
    }
}
