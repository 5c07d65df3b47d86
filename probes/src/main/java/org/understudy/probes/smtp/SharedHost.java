package org.understudy.probes.smtp;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.security.PublicKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.understudy.probes.DnsSettings;
import org.understudy.probes.Exchanger;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.ResultBuilder;
import org.understudy.smtp.Network;

/**
 * Tells that primary and backup are one machine with two addresses: it names itself alike, has the same key, and the addresses are
 * near each other. One of these alone may be a farm, or a certificate that is shared. Stateless.
 */
final class SharedHost {
    private static final int IPV4_PREFIX = 24;
    private static final int IPV6_PREFIX = 48;

    private final Exchanger backup;
    private final DnsSettings dns;

    SharedHost(Exchanger backup, DnsSettings dns) {
        this.backup = backup;
        this.dns = dns;
    }

    void judge(ResultBuilder result, Comparison comparison) {
        Map<String, String> evidence = new LinkedHashMap<>();
        for (AddressAnswers theirs : comparison.entrances()) {
            for (AddressAnswers ours : comparison.backups()) {
                if (isOneMachine(theirs, ours)) {
                    evidence.put(
                            theirs.endpoint().toString(),
                            theirs.greeting().orElseThrow().toString());
                    evidence.put(
                            ours.endpoint().toString(),
                            ours.greeting().orElseThrow().toString());
                }
            }
        }
        if (!evidence.isEmpty()) {
            result.finding(Finding.of(
                    FindingType.SHARED_FATE_SAME_HOST,
                    backup.host() + " by its words",
                    "The backup " + backup.host()
                            + " names itself like the primary and has the same key: it is the same" + " machine",
                    evidence));
        }
    }

    private boolean isOneMachine(AddressAnswers theirs, AddressAnswers ours) {
        Optional<PublicKey> key = key(ours);
        return key.isPresent()
                && key.equals(key(theirs))
                && ours.ownName().isPresent()
                && ours.ownName().equals(theirs.ownName())
                && areNear(theirs.endpoint().address(), ours.endpoint().address());
    }

    /** The DNS probe answers for addresses that are the same. */
    private boolean areNear(InetAddress one, InetAddress other) {
        int prefix = one instanceof Inet4Address ? IPV4_PREFIX : IPV6_PREFIX;
        return !one.equals(other) && !dns.isIndependent(one) && new Network(one, prefix).contains(other);
    }

    private static Optional<PublicKey> key(AddressAnswers address) {
        return address.tls()
                .filter(tls -> !tls.chain().isEmpty())
                .map(tls -> tls.chain().get(0).getPublicKey());
    }
}
